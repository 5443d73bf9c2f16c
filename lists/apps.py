from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "lists"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from access.kept import watch
        from access.registers import touches

        # Jobs and settling register themselves.
        from lists import export_jobs, imports, models, settling  # noqa: F401

        watch(models.SavedView, models.DefaultView)
        touches(models.SavedView, "owner", merge="keep", erase="keep", handover="keep")
        touches(models.DefaultView, "owner", merge="keep", erase="drop", handover="drop")
        touches(models.KeptColumns, "owner", merge="keep", erase="drop", handover="drop")
