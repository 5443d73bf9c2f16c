"""Files say what the cells of a page say, whatever the texts are and whoever asks."""

import io
from dataclasses import replace
from itertools import product

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.utils import translation

from access.actors import actor_of
from crm.models import Affiliation, Contact, DoNotContact
from lists.columns import read
from lists.copying import can_copy
from lists.csv_cells import csv_lines, guarded
from lists.export import csv_of, write_xlsx
from lists.leaving import Wanted, exportable
from lists.pages import PAGES
from tests import make
from tests.exporting import sheet

# What people of other lists, or several tables, are made of: PostgreSQL cannot send it by COPY.
LOADED = {
    "organizations": {"contacts", "contact_emails", "contact_phones"},
    "follow-ups": {"about"},
    "contact-lists": {"people"},
}
CHANNELS = ("", "email", "text")
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
def places(transactional_db):
    """Two regions with odd texts in every place that a text can have, and rows that some see."""
    outside, here, there = make.outside(), make.state(), make.state()
    owner = make.user(here.region, home=here, role="organizer")
    make.contact_list(owner, [], name="=list")
    live = make.saved_view(owner, page="people", query={})
    make.contact_list(owner, view=live, name="a list that lives")
    words = [make.community(name=text[:100], name_es=text[:3]) for text in ODD[:6]]
    kind = make.kind(name="=kind", name_es="+clase")
    make.stage(name="@stage")
    body = make.affiliate(here)
    make.affiliate(there, parent=body)
    for n, text in enumerate(ODD):
        state = (outside, here, here, there)[n % 4]
        shown = {"visibility": "restricted", "author": owner} if n % 5 == 0 else {}
        partner = make.organization(
            state=state, name=text[:190], communities=words[: n % 4], owner=owner
        )
        other = make.organization(state=(here, there)[n % 2], name=f"={n}")
        person = make.contact(
            organizations=[partner, other][: 1 + n % 3],
            name=text[:190],
            emails=[f"{9 - k}e{n}@mail.example" for k in range(n % 4)],
            phones=["+15095550142", "(509) 555-0142", f"-5{n}"][: n % 4],
            **shown,
        )
        if n % 3 == 0:
            tie = Affiliation.objects.visible_to(make.SETUP).filter(contact=person).first()
            tie.role, tie.end = "=lead", make.DAY if n % 2 else None
            make.saved(tie)
        if n % 6 == 1:
            off = ("all", "email", "phone", "text")[n // 6 % 4]
            make.saved(DoNotContact(contact=person, channel=off, day=make.DAY))
        make.interaction(
            organizations=[partner, other],
            contacts=[person],
            kind=kind,
            summary=text,
            **shown,
        )
        make.task(about=partner, title=text[:190])
    return here, owner


@pytest.fixture
def rows(places):
    """A manager who sees all, beside these rows."""
    here, _owner = places
    user = make.user(here.region, home=here, role="data-manager", everywhere=True)
    return actor_of(user)


def wanted(page, names, channel="") -> Wanted:
    return Wanted(page, QueryDict(), "", tuple(names), channel)


def by_cells(asked, actor) -> bytes:
    """The cells of each row, as a page reads them."""
    columns = asked.columns(actor)
    lines = read(asked.in_order(actor), columns, actor)
    texts = [[guarded(row.cells[c.name].text) for row in lines] for c in columns]
    return csv_lines(texts)


def copied_rows(asked, actor, now=None) -> bytes:
    _heading, *pieces = csv_of(asked, now or (lambda: actor))
    return b"".join(piece for _count, piece in pieces)


def test_the_file_is_the_same_byte_for_byte(rows, places, monkeypatch):
    monkeypatch.setattr("lists.copying.PIECE", 7)
    here, owner = places
    lead = make.actor(here.region, home=here, role="regional-lead")
    lines = 0
    for actor, page, channel in product((rows, lead, actor_of(owner)), PAGES.values(), CHANNELS):
        if not page.may_export(actor):
            continue
        names = [c.name for c in exportable(page, actor)]
        copied = [name for name in names if name not in LOADED.get(page.name, ())]
        for some, language in (names, "en"), (copied, "en"), (copied, "es"), (names[:1], "en"):
            asked = wanted(page, some, channel)
            with translation.override(language):
                made = copied_rows(asked, actor)
                assert made == by_cells(asked, actor), (page.name, language, channel, actor.role)
            lines += made.count(b"\r\n")
        is_postgresql = connection.vendor == "postgresql"
        assert can_copy(wanted(page, copied).columns(actor)) is (is_postgresql and len(copied) > 1)
    assert lines > 3_000


def test_a_workbook_holds_the_texts_of_the_cells(rows):
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    for page in PAGES.values():
        asked = wanted(page, [c.name for c in exportable(page, rows)])
        target = io.BytesIO()
        columns = asked.columns(rows)
        write_xlsx(target, asked, lambda: rows, lambda done: None)
        found = read(asked.in_order(rows), columns, rows)
        texts = [[row.cells[c.name].text for c in columns] for row in found]
        assert [[_said(cell) for cell in line] for line in sheet(target.getvalue())[1:]] == texts


def _said(cell) -> str:
    return str(int(cell)) if isinstance(cell, float) else str(cell)


def test_a_list_that_has_become_empty_is_a_file_without_rows(rows):
    asked = replace(wanted(PAGES["people"], ["name", "emails"]), query=QueryDict("sort=wrong"))
    assert not asked.found(rows).rows.exists()
    assert copied_rows(asked, rows) == b""


def test_what_is_hidden_or_not_to_be_used_stays_out(rows):
    here = make.state()
    organizer = make.actor(here.region, home=here, role="data-manager")
    mine = make.contact(state=here, name="Mine", emails=["mine@mail.example"])
    off = make.contact(state=here, name="Off", emails=["off@mail.example"])
    make.saved(DoNotContact(contact=off, channel="all", day=make.DAY))
    asked = wanted(PAGES["people"], ["name", "emails", "keep_off"])
    made = copied_rows(asked, organizer)
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
    with pytest.raises(PermissionError):
        copied_rows(asked, rows, now)
    assert len(looks) == 3
    assert Contact._base_manager.count() == len(ODD)
