from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from access.kept import watch
        from crm.models import Affiliate

        # Keeping registers itself among those that settle, after the partners' own.
        from dashboards.summary import keeping  # noqa: F401

        watch(Affiliate)  # names that stand in figures that are kept (dashboards.summary.drawn)
