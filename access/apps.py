from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Jobs register what they keep, and what is kept by processes settles its stamp.
        from access import jobs, kept, touching  # noqa: F401

        touching.register()
