from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from access.kept import watch

        # Settling, naming and the lists register themselves; naming brings settling along.
        from crm import (  # noqa: F401
            importing_pairs,
            lists,
            models,
            naming,
            noticing,
            registering,
        )

        watch(models.ContactList)
        registering.register()
        noticing.register()
        importing_pairs.register()
