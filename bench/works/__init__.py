"""What is measured: a module for each group of works."""

from importlib import import_module

GROUPS = (
    "dashboards",
    "searching",
    "listing",
    "requests",
    "endpoints",
    "exporting",
    "importing",
    "writing",
    "starting",
    "phone",
)


def register() -> None:
    """Import all of them, so that their works are known."""
    for name in GROUPS:
        import_module(f"bench.works.{name}")
