"""Loading the reference rows: what is missing comes, what is there stays."""

from io import StringIO

import pytest
from django.core.management import call_command

from access.models import AuditEntry, Change, Region, Run, State
from access.recording import running
from access.system import loader
from config.management.commands import load_defaults
from crm.models import Community, InteractionKind, Stage
from lists.models import Purpose
from tests import make

pytestmark = pytest.mark.django_db


def edit(model, code, **values):
    with running("Edit", make.SETUP):
        row = model.objects.get(code=code)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


def test_a_new_installation_gets_every_row_of_the_files():
    out = StringIO()
    call_command("load_defaults", stdout=out)
    expected = sum(len(load_defaults.rows_of(name)) for name in load_defaults.TABLES)
    assert out.getvalue() == f"Added {expected} reference rows.\n"
    for name, model in load_defaults.TABLES.items():
        codes = [row["code"] for row in load_defaults.rows_of(name)]
        assert list(model.objects.order_by("position").values_list("code", flat=True)) == codes
    run = Run.objects.get()
    assert (run.command, run.user, run.reason) == ("LoadDefaults", None, loader().reason)
    assert Change.objects.filter(run=run).count() == expected
    assert AuditEntry.objects.get().count == expected


def test_columns_hold_what_the_files_say():
    load_defaults.load()
    assert State.objects.get(code="--").region_id is None
    assert State.objects.select_related("region").get(code="NM").region.code == "mountain"
    refugee = Community.objects.select_related("parent").get(code="refugee")
    assert refugee.parent.code == "immigrant"
    assert Stage.objects.get(code="active").quiet_after_days == 90
    working = Stage.objects.filter(working=True).order_by("position")
    assert list(working.values_list("code", flat=True)) == ["active", "strategic"]
    assert Stage.objects.get(code="ended").quiet_after_days is None
    assert not InteractionKind.objects.get(code="e-mail").counts_as_contact
    assert (
        Purpose.objects.get(code="report").channel,
        Purpose.objects.get(code="text-messages").channel,
    ) == ("", "text")


def test_a_second_run_does_nothing(django_assert_max_num_queries):
    load_defaults.load()
    with django_assert_max_num_queries(len(load_defaults.TABLES)):
        assert load_defaults.load() == 0
    out = StringIO()
    call_command("load_defaults", stdout=out)
    assert out.getvalue() == "All reference rows are there.\n"
    call_command("load_defaults", verbosity=0, stdout=out)
    assert Run.objects.count() == AuditEntry.objects.count() == 1


def test_what_an_administrator_edited_or_retired_stays():
    load_defaults.load()
    edit(Community, "lgbtq", name="LGBTQ+", position=99)
    edit(Region, "mountain", retired=True)
    edit(State, "NM", region=Region.objects.get(code="pacific"))
    assert load_defaults.load() == 0
    row = Community.objects.get(code="lgbtq")
    assert (row.name, row.position) == ("LGBTQ+", 99)
    assert Region.objects.get(code="mountain").retired
    assert State.objects.select_related("region").get(code="NM").region.code == "pacific"


def test_a_row_that_a_later_release_ships_is_added():
    load_defaults.load()
    with running("Take out", make.SETUP):
        Community.objects.get(code="refugee").delete()
    assert load_defaults.load() == 1
    assert Community.objects.select_related("parent").get(code="refugee").parent.code == "immigrant"
