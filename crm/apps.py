from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Settling and the lists register themselves.
        from crm import lists, noticing, registering, settling  # noqa: F401

        registering.register()
        noticing.register()
