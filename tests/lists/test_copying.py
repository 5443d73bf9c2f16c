"""Lines that the database makes are those that are written row by row, whatever the texts are."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import translation

from access.actors import actor_of
from crm.models import Contact, DoNotContact, Organization
from lists.copying import can_copy, copied
from lists.export import csv_of, csv_row_by_row
from lists.leaving import Wanted, exportable
from lists.pages import PAGES
from tests import make

ROW_BY_ROW = {"contact-lists": {"kept"}}
if connection.vendor == "postgresql":  # what people of other lists, or several tables, are made of
    ROW_BY_ROW = {
        "organizations": {"contacts", "contact_emails", "contact_phones"},
        "follow-ups": {"about"},
        "contact-lists": {"people", "kept"},
    }
ODD = [
    "Casa Unida",
    "=SUM(A1)",
    " \t=1+1",
    "\u00a0@here",
    "+1 (509) 555-0142",
    "+123\n",
    "-5",
    "- five",
    "'quoted",
    "'=twice",
    'say "hello", then go',
    "two\nlines\r\nand more",
    "\\.",
    "back\\slash\ttab",
    "＝全角",
    "＠me",
    "\x1f=odd blank",
    "Øystein Ñ 學校 👋",
    "00501",
    "x" * 150 + ";",
    "007 x12",
    "~tilde",
    "{brace}",
    "`tick",
    "@",
    "=",
    "a",
]


@pytest.fixture
def rows(transactional_db):
    """A manager who sees all, and odd texts in every place that a text can have."""
    outside = make.outside()
    here = make.state()
    user = make.user(here.region, home=here, role="data-manager", everywhere=True)
    make.contact_list(user, [], name="=list")
    words = [make.community(name=text[:100], name_es=text[:3]) for text in ODD[:6]]
    kind = make.kind(name="=kind", name_es="+clase")
    stage = make.stage(name="@stage")
    body = make.affiliate(here)
    for n, text in enumerate(ODD):
        state = outside if n % 7 == 0 else here
        partner = make.organization(state=state, name=text[:190], communities=words[: n % 4])
        person = make.contact(
            organization=partner, name=text[:190], emails=[f"e{n}@mail.example"] * (n % 3)
        )
        make.interaction(organization=partner, contacts=[person], kind=kind, summary=text)
        make.task(about=partner, title=text[:190])
    assert stage and body
    return actor_of(user)


def wanted(page, names) -> Wanted:
    return Wanted(page, QueryDict(), "", tuple(names), "")


def by_rows(asked, actor) -> bytes:
    pieces = csv_row_by_row(asked, lambda: actor)
    return b"".join(piece for _count, piece in pieces)


def copied_rows(asked, actor) -> bytes:
    _heading, *pieces = csv_of(asked, lambda: actor)
    return b"".join(piece for _count, piece in pieces)


def test_the_file_is_the_same_byte_for_byte(rows):
    for page in PAGES.values():
        names = [c.name for c in exportable(page, rows)]
        row_by_row = ROW_BY_ROW.get(page.name, set()) & set(names)
        copyable = [name for name in names if name not in row_by_row]
        asked = wanted(page, copyable)
        for left_out in row_by_row:
            assert not can_copy(wanted(page, [*copyable, left_out]).columns(rows))
        for language in ("en", "es"):
            with translation.override(language):
                assert can_copy(asked.columns(rows))
                made = copied_rows(asked, rows)
                assert made == by_rows(asked, rows), (page.name, language)
                assert made.count(b"\r\n")


def test_what_is_hidden_or_not_to_be_used_stays_out(rows):
    here = make.state()
    organizer = make.actor(here.region, home=here, role="data-manager")
    mine = make.contact(state=here, name="Mine", emails=["mine@mail.example"])
    off = make.contact(state=here, name="Off", emails=["off@mail.example"])
    make.saved(DoNotContact(contact=off, channel="all", day=make.DAY))
    asked = wanted(PAGES["people"], ["name", "emails", "keep_off"])
    made = copied_rows(asked, organizer)
    assert made == by_rows(asked, organizer)
    assert b"mine@mail.example" in made and b"off@mail.example" not in made
    assert len(made.splitlines()) == 2 and mine.name


def test_rights_that_are_taken_away_break_it_off(rows, monkeypatch):
    monkeypatch.setattr("lists.copying.PIECE", 5)
    monkeypatch.setattr("lists.copying.EVERY", -1)
    page, looks = PAGES["people"], []

    def now():
        looks.append(1)
        if len(looks) > 2:
            raise PermissionError
        return rows

    asked = wanted(page, ["name", "state"])
    ordered = asked.in_order(rows)
    with pytest.raises(PermissionError):
        list(copied(ordered, asked.columns(rows), rows, now))
    assert len(looks) == 3
    assert Contact._base_manager.count() == Organization._base_manager.count() == len(ODD)
