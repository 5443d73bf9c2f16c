"""A token gets an address of its own, which is no part of it."""

from django.db import migrations, models

import access.keys


def fill(apps, schema_editor):
    tokens = apps.get_model("access", "Token").objects.using(schema_editor.connection.alias)
    for digest in list(tokens.filter(uid__isnull=True).values_list("digest", flat=True)):
        tokens.filter(digest=digest).update(uid=access.keys.uuid7())


class Migration(migrations.Migration):
    dependencies = [("access", "0008_jobs")]
    operations = [
        migrations.AddField("token", "uid", models.UUIDField(editable=False, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
