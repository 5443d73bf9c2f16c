"""What is measured: a module for each group of works."""

from importlib import import_module

GROUPS = (  # the quickest first
    "listing",
    "searching",
    "endpoints",
    "starting",
    "writing",
    "exporting",
    "dashboards",
    "programs",
    "events",
    "importing",
    "doubles",
    "requests",
    "phone",
)


def register() -> None:
    """Import all of them, so that their works are known."""
    for name in GROUPS:
        import_module(f"bench.works.{name}")
