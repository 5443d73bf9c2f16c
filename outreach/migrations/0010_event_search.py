from django.db import migrations

from lists import index


def make(apps, schema_editor):
    index.create('outreach_event')


def take_away(apps, schema_editor):
    index.drop('outreach_event')


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0007_search_index'),
        ('outreach', '0009_events'),
    ]

    operations = [
        migrations.RunPython(make, take_away),
    ]
