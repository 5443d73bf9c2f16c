from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Jobs register what they keep, what is kept by processes settles its stamp, and fields
        # learn a lookup.
        from access import among, jobs, kept, touching  # noqa: F401

        touching.register()
