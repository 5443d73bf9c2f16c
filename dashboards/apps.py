from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Keeping registers itself among those that settle, after the partners' own.
        from dashboards.summary import keeping  # noqa: F401
