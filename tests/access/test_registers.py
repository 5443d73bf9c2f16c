"""The four registers: their first users, and what happens to what is not registered."""

from datetime import date

import pytest

from access import registers
from crm.commands import AddTask
from crm.models import (
    NEVER,
    Affiliation,
    Contact,
    Interaction,
    Organization,
    Strength,
)
from tests import make

pytestmark = pytest.mark.django_db


def test_a_key_that_nobody_registered_is_found(monkeypatch):
    known = dict(registers._TOUCHES)
    del known[Affiliation, "organization"]
    monkeypatch.setattr(registers, "_TOUCHES", known)
    missing = registers.unregistered(Organization, [Affiliation, Strength])
    assert missing == ["Affiliation.organization"]


def test_a_fate_must_be_one_that_exists():
    with pytest.raises(ValueError, match="fate"):
        registers.touches(Affiliation, "organization", merge="burn", erase="drop")


def test_touches_of_a_person_names_what_is_hers():
    fates = {touch.model.__name__: touch.erase for touch in registers.touches_of(Contact)}
    assert fates["ContactEmail"] == fates["Affiliation"] == "drop"


def say_again(meeting):
    """Write a meeting once more, so that what follows from it is worked out anew."""
    meeting = make.fresh(meeting)
    meeting.summary = f"{meeting.summary} Again."
    make.saved(meeting)


def test_contact_that_nobody_registered_is_none(here, monkeypatch):
    partner = make.organization(state=here)
    met = make.interaction(organization=partner)
    assert make.fresh(partner).last_contact == make.DAY
    monkeypatch.setattr(registers, "_CONTACTS", [])
    say_again(met)
    assert make.fresh(partner).last_contact == NEVER


def test_every_app_can_make_contact(here, monkeypatch):
    partner = make.organization(state=here)
    registered = [*registers._CONTACTS, lambda model, ids: [(partner.pk, date(2026, 11, 20))]]
    monkeypatch.setattr(registers, "_CONTACTS", registered)
    say_again(make.interaction(organization=partner))
    assert make.fresh(partner).last_contact == date(2026, 11, 20)


def test_timelines_are_merged_by_day(here, actor, monkeypatch):
    partner = make.organization(state=here)
    make.interaction(organization=partner, day=date(2026, 11, 2), summary="Tea")
    event = registers.Entry(day=date(2026, 11, 5), kind="calendar", title="Fair")
    monkeypatch.setattr(registers, "_TIMELINES", dict(registers._TIMELINES))
    registers.timeline("fairs", "Fairs", lambda *_a: [event])
    entries = registers.timeline_of(actor, partner)
    assert [entry.day.day for entry in entries] == [5, 2]
    assert [e.day.day for e in registers.timeline_of(actor, partner, only="fairs")] == [5]
    assert not registers.timeline_of(actor, partner, only="nothing")


def test_a_task_is_about_a_registered_kind_only(here, actor, monkeypatch):
    partner = make.organization(state=here)
    data = {"title": "Call", "due": "2026-12-01", "about_kind": "organization"}
    AddTask(actor, data | {"about": partner.uid}).run()
    known = {k: v for k, v in registers._SUBJECTS.items() if k != "organization"}
    monkeypatch.setattr(registers, "_SUBJECTS", known)
    command = AddTask(actor, data | {"about": partner.uid})
    assert command.attempt() is None
    assert "about_kind" in command.errors


def test_a_subject_is_named_only_to_who_sees_it(here, elsewhere, actor):
    ours, theirs = make.organization(state=here), make.organization(state=elsewhere)
    pairs = [("organization", ours.uid), ("organization", theirs.uid), ("nothing", ours.uid)]
    assert list(registers.subjects(actor, pairs)) == [ours.uid]


def test_the_first_users_of_the_registers():
    assert {"organization", "contact", "interaction", "affiliate"} <= set(registers.subject_kinds())
    assert registers.subject("interaction").model is Interaction
    assert len(registers._TIMELINES) >= 3
    assert len(registers._CONTACTS) >= 1
