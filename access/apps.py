from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from access import jobs, touching  # noqa: F401  (jobs registers what they keep)

        touching.register()
