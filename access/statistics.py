"""What the database knows of its own rows, and chooses the way of each query by."""

from django.db import connection


def refresh() -> int:
    """Count the rows of each index anew, on SQLite; how many tables. PostgreSQL does it by itself.

    Without it, or with numbers from when there were few rows, SQLite sorts a million rows for a
    page of fifty. Table by table, so that a writer waits for one of them at most.
    """
    if connection.vendor != "sqlite":
        return 0
    tables = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
    return len(tables)
