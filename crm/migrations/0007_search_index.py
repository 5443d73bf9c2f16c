from django.db import migrations

from lists import index

TABLES = ['crm_organization', 'crm_contact', 'crm_affiliate']


def make(apps, schema_editor):
    for table in TABLES:
        index.create(table)


def take_away(apps, schema_editor):
    for table in TABLES:
        index.drop(table)


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0006_search_keys'),
    ]

    operations = [
        migrations.RunPython(make, take_away),
    ]
