"""What one box finds, for whom, and in which order; and that its index is kept and forgets."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from access.actors import actor_of
from access.undo import undo
from config.pages import SEARCHED
from crm.commands import ChangeContact, DeleteContact
from crm.models import (
    Contact,
    DoNotContact,
    Organization,
    OrganizationEmail,
    OrganizationName,
    OrganizationPhone,
)
from crm.phones import spellings
from lists import index
from lists.folding import needles, search_key, words_of
from lists.search import search
from lists.upkeep import check
from tests import make

pytestmark = pytest.mark.django_db


def hits(actor, text):
    return search(actor, text, SEARCHED)


def names(actor, text) -> list[str]:
    return [hit.name for hit in hits(actor, text)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Nā Kama Reading Council", "na kama"),
        ("Nā Kama Reading Council", "COUNCIL kama"),
        ("Nā Kama Reading Council", "n"),
        ("Nā Kama Reading Council", "ounci"),
        ("Hội Phụ Huynh", "hoi huynh phu"),
        ("Diné Bizaad Łichííʼii", "dine lichiiii"),
        ("ʻOhana o Hawaiʻi", "ohana hawaii"),
        ("O’Brien Ødegård", "o'brien odegard"),
        ("华人社区中心", "社区"),
        ("한인회", "한인"),
        ("مركز الأسرة", "مركز"),
    ],
)
def test_marks_case_order_and_parts_do_not_matter(here, actor, name, text):
    make.contact(state=here, name=name)
    assert names(actor, text) == [name]


@pytest.mark.parametrize(
    "text", ["ma", "kama zzzq", "a", "%", "_", '"', "*", "kama\0zzzq", "-", " "]
)
def test_what_is_not_in_the_name_finds_nothing(here, actor, text):
    make.contact(state=here, name="Nui Kama")
    assert names(actor, text) == []


def test_every_name_of_a_partner_is_searched(here, actor):
    partner = make.organization(state=here, name="Parents Council")
    make.saved(OrganizationName(organization=partner, name="Consejo de Padres", kind="translated"))
    make.contact(state=here, name="Margaret Ito", preferred_name="Peggy")
    assert names(actor, "padres consejo") == ["Parents Council"]
    assert names(actor, "council padres") == ["Parents Council"]
    assert names(actor, "peggy") == ["Margaret Ito"]


WHOLE = ["(509) 555-0142", "509.555.0142", "+1 509 555 0142", "15095550142", "5095550142 x12"]


@pytest.mark.parametrize("text", [*WHOLE, "٥٠٩٥٥٥٠١٤٢", " Ana@Mail.Example "])
def test_a_whole_number_or_address_is_found(here, actor, text):
    make.contact(state=here, name="Ana", phones=["509-555-0142"], emails=["ana@mail.example"])
    partner = make.organization(state=here, name="Casa")
    make.saved(OrganizationPhone(organization=partner, number="+1 (509) 555 0142"))
    make.saved(OrganizationEmail(organization=partner, email="Ana@mail.example"))
    assert names(actor, text) == ["Ana", "Casa"]


@pytest.mark.parametrize(
    "text",
    ["5550142", "509555014", "0142", "509", "ana@mail", "ana@", "na@mail.example", "mail.example"],
)
def test_a_part_of_a_number_or_address_is_not(here, actor, text):
    make.contact(state=here, name="Bo", phones=["509-555-0142"], emails=["ana@mail.example"])
    assert names(actor, text) == []


def test_a_country_code_may_be_left_out():
    assert "+525512345678" in spellings("55 1234 5678")
    assert "+442079460018" in spellings("020 7946 0018")
    assert "+525512345678" in spellings("0052 55 1234 5678")
    assert "+525512345678" not in spellings("1234 5678")
    assert spellings("+52 55 1234 5678") == {"+525512345678"}
    assert spellings("123456") == spellings("Ana 5550142") == set()


def test_own_first_then_met_then_by_name(here, organizer):
    """Mine is what I own, and whom I met; another's meetings only make them recent."""
    other = make.user(here.region, home=here)
    make.organization(state=here, name="Casa A")
    met = make.organization(state=here, name="Casa C")
    make.organization(state=here, name="Casa E", owner=organizer)
    mine = make.organization(state=here, name="Casa F")
    person = make.contact(state=here, name="Casa G")
    make.interaction(organization=met, organizers=[other], day="2026-11-20")
    make.interaction(organization=mine, contacts=[person], organizers=[organizer], day="2026-10-01")
    found = names(actor_of(organizer), "casa")
    assert found == ["Casa F", "Casa G", "Casa E", "Casa C", "Casa A"]


def test_more_than_are_ranked_keep_own_and_met_first(here, organizer, monkeypatch):
    monkeypatch.setattr("lists.search.CLOSE", 5)
    for n in range(20):
        make.organization(state=here, name=f"Casa {n:02}")
    make.organization(state=here, name="Casa Mine", owner=organizer)
    make.interaction(organization=make.organization(state=here, name="Casa Met"))
    assert names(actor_of(organizer), "casa")[:3] == ["Casa Mine", "Casa Met", "Casa 00"]


def test_a_hit_says_what_tells_it_from_others(here, actor):
    partner = make.organization(state=here, name="Casa Unida")
    person = make.contact(organization=partner, name="Rosa")
    make.saved(DoNotContact(contact=person, channel="all", source="asked", day=make.DAY))
    make.interaction(organization=partner, contacts=[person])
    (rosa,) = hits(actor, "rosa")
    assert (rosa.kind, rosa.place, rosa.day) == ("Person", f"Casa Unida, {here.code}", make.DAY)
    assert rosa.keep_off == ("every channel",)
    (casa,) = hits(actor, "unida")
    assert (casa.kind, casa.place, casa.keep_off) == ("Organization", here.code, ())


@pytest.mark.parametrize("role", ["organizer", "regional-lead", "leader", "data-manager"])
def test_only_the_areas_of_the_viewer_are_searched(here, elsewhere, role):
    make.organization(state=here, name="Casa Here")
    make.organization(state=elsewhere, name="Casa There")
    hidden = make.contact(state=elsewhere, name="Casa P", phones=["509 555 0142"])
    restricted = make.contact(
        state=here, name="Casa R", visibility="restricted", author=make.user(here.region)
    )
    actor = actor_of(make.user(here.region, home=here, role=role))
    found = names(actor, "casa")
    assert "Casa Here" in found
    assert not {"Casa There", hidden.name} & set(found)
    assert (restricted.name in found) == (role == "regional-lead")
    assert names(actor, "509 555 0142") == []


def test_the_words_of_a_key():
    assert words_of("Nā  Kama na") == ["na", "kama"]
    assert search_key("Nā Kama", "Keiki") == "  na  kama  keiki"
    assert needles("José na 社区") == ["jose", "  na", "  社", "  区"]


# -- the index -----------------------------------------------------------------------------------


def indexed() -> bool:
    """Whether the index of people agrees with their keys; asked of the database itself."""
    return index.is_whole(Contact)


def test_what_deletes_and_undoes_keeps_the_index(here, organizer):
    actor = actor_of(make.user(here.region, home=here, role="regional-lead"))
    person = make.contact(state=here, name="Ana Canary")
    row = Contact.objects.visible_to(actor).get(pk=person.pk)
    change = ChangeContact(actor, {"name": "Bea", "revision": 1}, instance=row, partial=True)
    change.run()
    assert (names(actor, "canary"), names(actor, "bea")) == ([], ["Bea"])
    undo(actor, change.run_made)
    row = Contact.objects.visible_to(actor).get(pk=person.pk)
    gone = DeleteContact(actor, {"revision": row.revision}, instance=row)
    gone.run()
    assert names(actor, "canary") == []
    assert indexed()
    undo(actor, gone.run_made)
    assert names(actor, "canary") == ["Ana Canary"]
    assert indexed()


def test_a_row_deleted_in_the_command_that_read_it_before_its_key(here, actor):
    """The copy at hand knows no key yet; the index is told what the table holds."""
    row = make.saved(Organization(name="Casa Canary"))
    assert row.search_key == ""
    make.saved_delete(row)
    assert names(actor, "canary") == []
    assert indexed()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL vacuums its own index.")
def test_deleted_words_leave_the_pages(here):
    def pages() -> bytes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT block FROM crm_contact_search_data")
            return b"".join(bytes(block) for (block,) in cursor.fetchall())

    row = make.contact(state=here, name="Qqwxyz")
    for n in range(3):
        make.contact(state=here, name=f"Person {n}")
    assert b"xyz" in pages()
    make.saved_delete(row)
    index.tidy()
    assert b"xyz" not in pages()
    assert indexed()
    assert not index.tidy()  # nothing is left to do


def test_a_wrong_index_is_noticed_and_made_anew(here, actor, capsys):
    person = make.contact(state=here, name="Ana Canary")
    call_command("check_search")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crm_contact SET search_key = '  bea' WHERE id = %s", [person.pk])
    with pytest.raises(CommandError, match="people"):
        call_command("check_search")
    connection.check_constraints()  # PostgreSQL makes no index while some wait for their check
    call_command("rebuild_search")
    call_command("check_search")
    assert names(actor, "canary") == ["Ana Canary"]
    assert "Canary" not in capsys.readouterr().out


def test_an_index_that_is_gone_is_noticed(here):
    make.contact(state=here)
    connection.check_constraints()
    index.drop("crm_contact")
    assert any("people" in problem for problem in check())
    index.create("crm_contact")
    assert check() == []
