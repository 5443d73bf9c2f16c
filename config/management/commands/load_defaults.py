"""`manage.py load_defaults`: the reference rows that a new installation starts with."""

import csv
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import models

from access import audit
from access.models import Region, State
from access.recording import running
from access.records import Reference
from access.system import loader
from crm.models import (
    AffiliateKind,
    Community,
    FocusArea,
    InteractionKind,
    Language,
    OrganizationKind,
    Outcome,
    Stage,
)
from lists.models import Purpose
from outreach.models import EventKind, Observance, PlanTemplate, PlanTemplateStep, Step, StepCheck

FOLDER = Path(__file__).resolve().parents[2] / "defaults"

# In this order, so that what a row points at is there before it.
TABLES: dict[str, type[Reference]] = {
    "regions": Region,
    "states": State,
    "communities": Community,
    "focus_areas": FocusArea,
    "interaction_kinds": InteractionKind,
    "outcomes": Outcome,
    "organization_kinds": OrganizationKind,
    "affiliate_kinds": AffiliateKind,
    "languages": Language,
    "stages": Stage,
    "purposes": Purpose,
    "event_kinds": EventKind,
    "observances": Observance,
    "steps": Step,
    "step_checks": StepCheck,
    "plan_templates": PlanTemplate,
    "plan_template_steps": PlanTemplateStep,
}


class Command(BaseCommand):
    help = "Adds the reference rows that are missing, and leaves those that are there as they are."

    def handle(self, *, verbosity, **options):
        call_command("createcachetable", verbosity=0)
        added = load()
        if verbosity:
            self.stdout.write(
                f"Added {added} reference rows." if added else "All reference rows are there."
            )


def load() -> int:
    """Add the rows whose code is not there yet. Returns how many.

    A row that an administrator renamed or retired keeps its code, so it is not touched.
    """
    stored = {model: set(model.objects.values_list("code", flat=True)) for model in TABLES.values()}
    missing = {
        model: [row for row in rows_of(name) if row["code"] not in stored[model]]
        for name, model in TABLES.items()
    }
    count = sum(map(len, missing.values()))
    if not count:
        return 0
    actor = loader()
    with running("LoadDefaults", actor) as work:
        for model, rows in missing.items():
            for some in (  # a parent is stored before its children look it up
                [row for row in rows if not row.get("parent")],
                [row for row in rows if row.get("parent")],
            ):
                for row in some:
                    model(**_values(model, row)).save()
                work.flush()
        audit.record("LoadDefaults", actor, run=work.run, count=count)
    return count


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of one file of config/defaults."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _values(model: type[Reference], row: dict[str, str]) -> dict:
    """The row's values as the columns hold them; what the file has beyond them is left out."""
    columns = {column.name: column for column in model._meta.concrete_fields}
    found = {}
    for name, text in row.items():
        column = columns.get(name)
        if column is None:
            continue
        if column.is_relation:
            found[name] = column.related_model.objects.get(code=text) if text else None
        elif isinstance(column, models.BooleanField):
            found[name] = text == "yes"
        elif isinstance(column, models.CharField | models.TextField):
            found[name] = "" if (name, text) == ("channel", "none") else text
        else:
            found[name] = int(text) if text else None
    return found
