"""No two tokens have the same address."""

from django.db import migrations, models

import access.keys


class Migration(migrations.Migration):
    dependencies = [("access", "0009_token_uid")]
    operations = [
        migrations.AlterField(
            "token",
            "uid",
            models.UUIDField(default=access.keys.uuid7, editable=False, unique=True),
        ),
    ]
