from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Settling, naming and the lists register themselves; naming brings settling along.
        from crm import importing_pairs, lists, naming, noticing, registering  # noqa: F401

        registering.register()
        noticing.register()
        importing_pairs.register()
