from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from crm import noticing, registering, settling  # noqa: F401  (settling registers itself)

        registering.register()
        noticing.register()
