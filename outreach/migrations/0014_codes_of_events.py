from django.db import migrations

from lists import index
from lists.folding import search_key

TABLE = "outreach_event"


def give(apps, schema_editor):
    """Each event its code, also among the words by which it is found."""
    from outreach.models.event import short_code

    index.drop(TABLE)
    event = apps.get_model("outreach", "Event")
    for row in list(event.objects.only("uid", "name", "series", "place")):
        code = short_code(row.uid)
        words = search_key(row.name, row.series, row.place, code)
        event.objects.filter(pk=row.pk).update(code=code, search_key=words)
    index.create(TABLE)


class Migration(migrations.Migration):
    dependencies = [("outreach", "0013_attendance")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
