from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "outreach"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Settling and the lists register themselves.
        from outreach import lists, noticing, registering, settling, settling_events  # noqa: F401

        registering.register()
        noticing.register()
