"""The paper of an event: the printed sheet, and the sheet typed in afterwards."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from access.recording import Refused
from access.settling import every
from access.undo import undo
from crm.models import Affiliation, Consent, Contact
from outreach.commands import EnterSheet
from outreach.models import Attendance
from tests import guests, make

pytestmark = pytest.mark.django_db


def enter(actor, event, lines=(), **more):
    event = make.fresh(event)
    data = {"lines": list(lines), "revision": event.revision} | more
    command = EnterSheet(actor, data, instance=event)
    command.run()
    return command


def undecided(actor, event, lines):
    command = EnterSheet(actor, {"lines": lines, "revision": event.revision}, instance=event)
    with pytest.raises(ValidationError):
        command.run()
    assert not every(Attendance).filter(status="attended").exists()
    return command.undecided


def there(event):
    rows = every(Attendance).filter(event=event, status="attended")
    names = dict(every(Contact).values_list("pk", "name"))
    return sorted(names[row.contact_id] for row in rows)


def test_sixty_names_half_of_them_known(actor, event, partner):
    known = [make.contact(organization=partner, name=f"Known Person {n}") for n in range(30)]
    for one in known:
        guests.attendance(event, one, "going")
    lines = [{"name": one.name.upper(), "group": "", "news": "on"} for one in known]
    lines += [{"name": f"New Person {n}", "group": "casa unida"} for n in range(30)]
    command = enter(actor, event, lines, head_count="71")
    assert len(there(event)) == 60
    assert every(Contact).count() == 60
    assert every(Consent).filter(source="paper", day=event.day).count() == 30
    assert every(Affiliation).filter(organization=partner).count() == 60
    event = make.fresh(event)
    assert (event.head_count, event.counted) == (71, "sign-in")
    sources = every(Attendance).filter(event=event).values_list("source", flat=True)
    assert sorted(set(sources)) == ["hand", "paper"]
    undo(actor, command.run_made)
    assert there(event) == []
    assert every(Contact).count() == 30
    assert not every(Consent).exists()


def test_ticks_beside_printed_names(actor, event, partner):
    rows = [guests.attendance(event, make.contact(organization=partner)) for _n in range(3)]
    uids = [str(row.uid) for row in rows]
    enter(actor, event, here=uids[:2], first_time=uids[:1], news=uids[1:])
    rows = [make.fresh(row) for row in rows]
    assert [row.status for row in rows] == ["attended", "attended", "invited"]
    assert [row.first_time for row in rows] == [True, False, False]
    assert [consent.contact_id for consent in every(Consent)] == [rows[1].contact_id]


def test_a_name_that_several_bear_has_to_be_chosen(actor, event, here, partner):
    for _n in range(2):
        guests.attendance(event, make.contact(organization=partner, name="Maria Garcia"))
    found = undecided(actor, event, [{"name": "María García"}])
    assert len(found[1]) == 2
    chosen = found[1][1].uid
    enter(actor, event, [{"name": "María García", "who": str(chosen)}])
    assert [row.contact_id for row in every(Attendance).filter(status="attended")] == [
        every(Contact).get(uid=chosen).pk
    ]


def test_somebody_known_who_is_on_no_list_has_to_be_looked_at(actor, event, here):
    make.contact(organization=make.organization(state=here), name="Dao Vang")
    assert list(undecided(actor, event, [{"name": "dao vang"}])) == [1]
    enter(actor, event, [{"name": "Dao Vang", "who": "new"}])
    assert every(Contact).filter(name="Dao Vang").count() == 2


def test_one_person_in_two_lines_is_there_once(actor, event, partner):
    one = make.contact(organization=partner, name="Ana Solís")
    enter(actor, event, [{"name": "Ana", "who": str(one.uid)}] * 2)
    assert every(Attendance).count() == 1


@pytest.mark.parametrize(
    ("who", "people"), [(["line-1", "line-1"], 1), (["new", "line-1"], 2), (["new", "new"], 3)]
)
def test_a_new_name_on_several_lines_is_asked_about_and_is_who_it_is_said_to_be(
    actor, event, who, people
):
    lines = [{"name": "Hoa Trần", "group": "Library"}, {"name": "Dao Vang"}]
    lines += [{"name": "hoa tran", "first_time": "on"}, {"name": "HOA TRẦN", "news": "on"}]
    assert undecided(actor, event, lines) == {3: [], 4: []}
    said = [*lines[:2], *({**line, "who": one} for line, one in zip(lines[2:], who, strict=True))]
    command = enter(actor, event, said)
    rows = every(Attendance).filter(contact__sort_name="hoa tran", status="attended")
    assert rows.count() == people
    first = rows.order_by("pk").first()
    assert (first.group, first.first_time) == ("Library", people == 1)
    assert every(Consent).get().contact_id == (
        first.contact_id if who[1] == "line-1" else rows.last().contact_id
    )
    undo(actor, command.run_made)
    assert not every(Contact).exists()


def test_a_listed_name_on_two_lines_is_asked_about_too(actor, event, partner):
    one = make.contact(organization=partner, name="Ana Solís")
    guests.attendance(event, one)
    lines = [{"name": "Ana Solis"}, {"name": "ana solís"}]
    assert [guess.uid for guess in undecided(actor, event, lines)[2]] == [one.uid]
    enter(actor, event, [lines[0], lines[1] | {"who": "line-1"}])
    assert there(event) == ["Ana Solís"]
    enter(actor, event, [lines[0], lines[1] | {"who": "new"}])
    assert len(there(event)) == 2


@pytest.mark.parametrize("who", ["line-2", "line-3", "line-99"])
def test_a_line_that_bears_another_name_by_now_is_not_the_same(actor, event, who):
    lines = [{"name": "Hoa"}, {"name": "Dao"}, {"name": "Hoa", "who": who}]
    assert list(undecided(actor, event, lines)) == [3]
    enter(actor, event, [{"name": "Hoa"}, {"name": "Mai", "who": who}])
    assert there(event) == ["Hoa", "Mai"]


def test_entered_twice_nobody_is_there_twice(actor, event, partner):
    enter(actor, event, [{"name": "Hoa Trần"}])
    enter(actor, event, [{"name": "hoa tran", "first_time": "on"}])
    row = every(Attendance).get()
    assert (row.status, row.first_time) == ("attended", True)
    assert every(Contact).count() == 1


@pytest.mark.parametrize(
    "lines",
    [
        "text",
        [["name"]],
        [{"name": "Ana", "who": "no uid"}],
        [{"name": "Ana", "who": "line-0"}],
        [{"name": "", "group": "Casa Unida"}],
        [{"name": "A" * 201}],
        [{"name": "Ana"}] * 201,
        [{"name": "Ana", "who": "00000000-0000-0000-0000-000000000007"}],
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(actor, event, lines):
    command = EnterSheet(actor, {"lines": lines, "revision": event.revision}, instance=event)
    with pytest.raises(ValidationError):
        command.run()
    assert "lines" in command.errors
    assert not every(Attendance).exists()


def test_an_empty_sheet_saves_nothing(actor, event):
    with pytest.raises(ValidationError):
        enter(actor, event)


def test_hidden_people_are_offered_to_nobody(actor, event, elsewhere):
    make.contact(organization=make.organization(state=elsewhere), name="Hoa Trần")
    enter(actor, event, [{"name": "Hoa Trần"}])
    assert every(Contact).filter(name="Hoa Trần").count() == 2


def test_a_row_of_another_event_cannot_be_ticked(actor, event, here, partner):
    row = guests.attendance(make.event(here), make.contact(organization=partner))
    with pytest.raises(ValidationError):
        enter(actor, event, here=[str(row.uid)])


def test_no_sheet_of_what_was_called_off(actor, here):
    event = make.event(here, day=date(2026, 11, 2), status="cancelled")
    with pytest.raises(Refused):
        enter(actor, event, [{"name": "Ana"}])


def test_the_page_asks_in_the_line_and_keeps_what_was_typed(client, organizer, event, here):
    make.contact(organization=make.organization(state=here), name="Dao Vang")
    client.force_login(organizer)
    url = reverse("outreach:enter_sheet", args=[event.uid])
    data = {"revision": event.revision, "lines-0-name": "Dao Vang", "lines-1-name": "Ana Solís"}
    page = client.post(url, data)
    assert page.status_code == 422
    text = page.content.decode()
    assert "Who is it? Choose in line 1." in text
    assert 'value="Ana Solís"' in text
    guests.attendance(event, make.contact(organization=make.organization(state=here)), "attended")
    page = client.post(url, data | {"lines-0-who": "new"}, follow=True)
    assert "Entered. 2 more are written down as having been there, 3 in all." in (
        page.content.decode()
    )


def test_the_hint_of_one_line(client, organizer, event, here):
    make.contact(organization=make.organization(state=here, name="Canary House"), name="Dao Vang")
    client.force_login(organizer)
    url = reverse("outreach:sheet_like", args=[event.uid])
    text = client.post(url, {"name": "dao vang", "line": "3"}).content.decode()
    assert 'name="lines-3-who"' in text
    assert "Canary House" in text
    assert "select" not in client.post(url, {"name": "Nobody", "line": "3"}).content.decode()


def test_the_hint_of_a_name_that_stands_on_a_line_before(client, organizer, event):
    client.force_login(organizer)
    url = reverse("outreach:sheet_like", args=[event.uid])
    asked = {"name": "hoa tran", "line": "3", "before": ["Dao", "Hoa Trần", ""]}
    text = client.post(url, asked).content.decode()
    assert 'name="lines-3-who"' in text
    assert "Also on line 2: same person?" in text
    assert 'value="line-2"' in text and 'value="new"' in text
    assert "select" not in client.post(url, asked | {"name": "Mai"}).content.decode()
    url = reverse("outreach:enter_sheet", args=[event.uid])
    data = {"revision": event.revision, "lines-0-name": "Hoa", "lines-1-name": "hoa"}
    page = client.post(url, data)
    assert page.status_code == 422
    text = page.content.decode()
    assert "Who is it? Choose in line 2." in text
    assert "Also on line 1: same person?" in text
    assert client.post(url, data | {"lines-1-who": "line-1"}).status_code == 302
    assert there(event) == ["Hoa"]


@pytest.mark.parametrize(
    ("query", "has", "has_not"),
    [
        ("", ["Hoja de registro".lower(), "Ana Solís", "Primera vez"], ["Teléfono"]),
        ("language=en&names=on", ["Sign-in", "Ana Solís"], ["Nombre"]),
        ("language=es&lines=3", ["Hoja de registro", "Nombre"], ["First time", "Ana Solís"]),
        ("cards=on&paper=a4", ["Teléfono", "a4"], ["Ana Solís"]),
    ],
)
def test_the_printed_sheet(client, organizer, event, partner, query, has, has_not):
    guests.attendance(event, make.contact(organization=partner, name="Ana Solís"))
    client.force_login(organizer)
    url = reverse("outreach:sheet", args=[event.uid])
    text = client.get(f"{url}?{query}").content.decode()
    sheet = text[text.index("<article") : text.rindex("</article>")]
    assert event.code in sheet
    for words in has:
        assert words in sheet or words in sheet.lower()
    for words in has_not:
        assert words not in sheet


def test_a_wrong_choice_for_the_sheet_is_told(client, organizer, event):
    client.force_login(organizer)
    url = reverse("outreach:sheet", args=[event.uid])
    for lines in ("100000", "-1", "few"):
        page = client.get(f"{url}?lines={lines}")
        assert page.status_code == 422
        assert "Empty lines: Write a number from 0 to 200." in page.content.decode()


def test_the_code_of_the_paper_finds_the_event(client, organizer, event):
    client.force_login(organizer)
    page = client.post(reverse("find"), {"q": event.code.lower()}).content.decode()
    assert event.name in page
