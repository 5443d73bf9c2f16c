"""What the database knows of its own rows, and chooses the way of each query by."""

from django.db import connection


def refresh() -> int:
    """Count the rows of each index anew, on SQLite; how many tables. PostgreSQL does it by itself.

    Without it, or with numbers from when there were few rows, SQLite sorts a million rows for a
    page of fifty. Index by index, so that a writer waits for one of them at most.
    """
    if connection.vendor != "sqlite":
        return 0
    tables = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'index'")
        indexes: dict[str, list[str]] = {}
        for table, index in cursor.fetchall():
            indexes.setdefault(table, []).append(index)
        for table in tables:
            for name in indexes.get(table, [table]):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(name)}")
    return len(tables)
