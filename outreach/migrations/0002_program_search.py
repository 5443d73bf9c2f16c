from django.db import migrations

from lists import index


def make(apps, schema_editor):
    index.create('outreach_program')


def take_away(apps, schema_editor):
    index.drop('outreach_program')


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0007_search_index'),
        ('outreach', '0001_programs'),
    ]

    operations = [
        migrations.RunPython(make, take_away),
    ]
