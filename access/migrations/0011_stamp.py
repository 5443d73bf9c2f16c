"""The stamp under which processes keep what seldom changes."""

import uuid

from django.db import migrations, models


def make_one(apps, schema_editor):
    apps.get_model("access", "Stamp").objects.create(pk=1, value=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [("access", "0010_token_uid_is_unique")]
    operations = [
        migrations.CreateModel(
            "stamp",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.UUIDField()),
            ],
        ),
        migrations.RunPython(make_one, migrations.RunPython.noop),
    ]
