from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "outreach"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Settling and the lists register themselves.
        from outreach import (  # noqa: F401
            lists,
            noticing,
            registering,
            rooms,
            settling,
            settling_attendance,
            settling_events,
        )

        registering.register()
        noticing.register()
