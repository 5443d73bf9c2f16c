from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "lists"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from access.registers import touches

        # Jobs and settling register themselves.
        from lists import export_jobs, imports, models, settling  # noqa: F401

        touches(models.SavedView, "owner", merge="keep", erase="keep", handover="keep")
        touches(models.DefaultView, "owner", merge="keep", erase="drop", handover="drop")
        touches(models.KeptColumns, "owner", merge="keep", erase="drop", handover="drop")
