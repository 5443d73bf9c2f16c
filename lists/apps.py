from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "lists"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from access.registers import touches
        from lists import models, settling  # noqa: F401  (settling registers itself)

        touches(models.SavedView, "owner", merge="keep", erase="keep", handover="keep")
        touches(models.DefaultView, "owner", merge="keep", erase="drop", handover="drop")
