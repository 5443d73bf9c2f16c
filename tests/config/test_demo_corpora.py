"""The invented corpora: enough of them, distinct, deterministic, and reaching nobody."""

import csv
import re
import string
from datetime import date
from pathlib import Path
from random import Random

import pytest

from config.demo import (
    addresses,
    affiliates,
    meetings,
    names,
    organization_words,
    organizations,
    places,
    staff,
)

DEFAULTS = Path(__file__).resolve().parents[2] / "config" / "defaults"
PHONE = re.compile(r"\+1 [2-9]\d\d 555 01\d\d")
WELL_KNOWN = re.compile(
    r"NAACP|UnidosUS|La Raza|LULAC|GLAAD|GLSEN|PFLAG|Trevor|ACLU|Urban League|Red Cross|YMCA|"
    r"United Way|Salvation Army|Casa de Maryland|National Education Association|Navajo Nation|"
    r"Cherokee Nation|Teachers Union|Boys & Girls"
)


def codes(name: str) -> set[str]:
    with (DEFAULTS / name).open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file)}


def regions_by_state() -> dict[str, str]:
    with (DEFAULTS / "states.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["region"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def partners() -> list[organizations.DemoOrganization]:
    return organizations.organizations(Random(7), 600)


@pytest.fixture(scope="module")
def union() -> list[affiliates.DemoAffiliate]:
    return affiliates.affiliates(Random(7))


# Names


def test_the_same_random_gives_the_same_people():
    first, second = Random(3), Random(3)
    assert [names.person(first) for _ in range(50)] == [names.person(second) for _ in range(50)]


@pytest.mark.parametrize("tradition", names.TRADITIONS)
def test_every_tradition_names_many_people(tradition):
    rng = Random(5)
    people = {names.person(rng, tradition).full_name for _ in range(400)}
    assert len(people) >= 30
    assert all(name == name.strip() and "  " not in name for name in people)


def test_names_are_of_one_part_and_of_five():
    rng = Random(1)
    lengths = {len(names.person(rng).full_name.split()) for _ in range(5_000)}
    assert {1, 2, 3, 4, 5} <= lengths


def test_a_large_demonstration_has_names_enough():
    rng = Random(2)
    assert len({names.person(rng).full_name for _ in range(20_000)}) > 6_000


def test_languages_and_communities_of_people_are_known():
    assert {it.language for it in names.TRADITIONS.values()} <= codes("languages.csv")
    assert set(names.FOR_COMMUNITY) <= codes("communities.csv")
    assert {it for them in names.FOR_COMMUNITY.values() for it in them} <= set(names.TRADITIONS)


# Places and addresses


def test_every_state_has_towns():
    assert set(places.PLACES) == codes("states.csv") - {"--"}
    assert all(2 <= len(towns) <= 6 for towns in places.PLACES.values())
    assert [place.state for place in places.ABROAD] == ["--", "--", "--"]
    for place in places.every_place():
        if place.country == "US":
            assert re.fullmatch(r"\d{3}", place.zip_prefix)
            assert all(re.fullmatch(r"[2-9]\d\d", code) for code in place.area_codes)


def test_phone_numbers_are_of_the_invented_range():
    phones = addresses.Phones(Random(1))
    found = [phones.next(place) for place in places.every_place() for _ in range(3)]
    assert all(PHONE.fullmatch(number) for number in found)


def test_phone_numbers_do_not_repeat_while_a_state_has_some_left():
    phones = addresses.Phones(Random(1))
    town = places.PLACES["ME"][0]
    assert len({phones.next(town) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Nguyễn Ngọc Đức", "nguyen.ngoc.duc@mail.example"),
        ("Kūpono Naʻauao", "kupono.naauao@mail.example"),
        ("남궁미숙", "office@mail.example"),
    ],
)
def test_email_addresses_are_plain_and_lead_nowhere(name, address):
    assert addresses.email(name) == address


# Organizations


def test_partners_have_distinct_names(partners):
    assert len({partner.name for partner in partners}) == len(partners) == 600


def test_many_thousand_partners_still_have_distinct_names():
    found = organizations.organizations(Random(1), 5_000)
    assert len({partner.name for partner in found}) == 5_000
    assert max(len(partner.name) for partner in found) <= 120


def test_the_same_random_gives_the_same_partners(partners):
    assert organizations.organizations(Random(7), 600) == partners


def test_partners_reach_every_town_kind_and_community(partners):
    first = partners[:300]
    assert {partner.place for partner in first} == set(places.every_place())
    assert {(it.kind, it.communities[0]) for it in first} == set(organizations.pairs())
    assert {partner.kind for partner in first} == codes("organization_kinds.csv")
    assert {regions_by_state()[it.place.state] for it in first} == codes("regions.csv") | {""}


def test_partners_use_known_codes(partners):
    for partner in partners:
        assert set(partner.communities) <= codes("communities.csv")
        assert set(partner.focus_areas) <= codes("focus_areas.csv")
        assert set(partner.languages) <= codes("languages.csv")
        assert partner.stage in codes("stages.csv")


def test_partners_cannot_be_reached(partners):
    for partner in partners:
        assert PHONE.fullmatch(partner.phone)
        assert partner.email.endswith(".example")
        assert not partner.website or partner.website.endswith(".example/")


def test_partners_are_not_well_known_ones(partners):
    assert not [partner.name for partner in partners if WELL_KNOWN.search(partner.name)]


def test_tribal_nations_are_governments_with_a_protocol(partners):
    nations = [partner for partner in partners if partner.kind == "tribal-nation"]
    assert nations
    for nation in nations:
        assert nation.communities == (organization_words.NATIVE,)
        assert nation.protocol_note
        assert nation.quiet_after_days == 240


def test_names_carry_the_marks_of_many_languages():
    text = " ".join(partner.name for partner in organizations.organizations(Random(1), 3_000))
    assert {mark for mark in "áñộāʻ교家Д" if mark in text} == set("áñộāʻ교家Д")


# Affiliates


def test_the_union_has_a_body_in_every_state(union):
    states = {it.state for it in union if it.kind == affiliates.STATE}
    assert states == set(places.PLACES)
    kinds = [affiliate.kind for affiliate in union]
    assert kinds.count(affiliates.NATIONAL) == 1
    assert kinds.count(affiliates.FEDERAL_OVERSEAS) == 2
    assert kinds.count(affiliates.UNISERV) >= 10
    assert kinds.count(affiliates.LOCAL) >= 10
    assert set(kinds) == codes("affiliate_kinds.csv")


def test_every_affiliate_stands_below_an_earlier_one(union):
    everyone = union + affiliates.more_locals(Random(4), 2_000, union)
    assert len({affiliate.name for affiliate in everyone}) == len(everyone)
    seen = {""}
    for affiliate in everyone:
        assert affiliate.parent in seen
        seen.add(affiliate.name)
    assert [it.name for it in everyone if not it.parent] == [affiliates.NATIONAL_NAME]


def test_counts_of_affiliates_have_a_year_and_a_source(union):
    for affiliate in union:
        assert affiliate.students > affiliate.members > 0
        assert affiliate.members_source
        assert affiliate.students_source
        assert 2020 < affiliate.students_year < affiliate.members_year


def test_the_same_random_gives_the_same_affiliates(union):
    assert affiliates.affiliates(Random(7)) == union


# Meetings


def test_there_is_enough_to_write_about():
    texts = [summary.text for summary in meetings.summaries()]
    assert len(set(texts)) == len(texts) >= 150
    assert len(meetings.next_steps("en") + meetings.next_steps("es")) >= 60
    assert len(meetings.follow_ups("en") + meetings.follow_ups("es")) >= 60


def test_texts_have_no_other_gaps_than_the_three():
    texts = [summary.text for summary in meetings.summaries()]
    texts += meetings.follow_ups("en") + meetings.follow_ups("es")
    gaps = {part[1] for text in texts for part in string.Formatter().parse(text)} - {None}
    assert gaps == {"who", "org", "place"}


def test_summaries_use_known_codes():
    assert {it.kind for it in meetings.summaries()} == codes("interaction_kinds.csv")
    assert {it.focus_area for it in meetings.summaries()} <= codes("focus_areas.csv") | {""}
    assert {it.language for it in meetings.summaries()} == {"en", "es"}


def test_texts_hold_no_sensitive_detail():
    words = re.compile(
        r"\b(undocumented|visa|citizen|birth|born|ssn|gay|lesbian|trans|pray|muslim|christian|"
        r"catholic|husband|wife|son|daughter|diagnos\w+|indocumentad\w+|esposa?|hij[oa])\b",
        re.IGNORECASE,
    )
    texts = [it.text for it in meetings.summaries()]
    texts += meetings.next_steps() + meetings.next_steps("es")
    assert not [text for text in texts if words.search(text)]


@pytest.mark.parametrize("language", ["en", "es"])
def test_meetings_are_complete(language):
    rng = Random(9)
    outcomes = set()
    for _ in range(1_000):
        met = meetings.meeting(rng, "Itzel Peña", "Casa Piñón", language=language)
        assert "{" not in met.summary
        assert met.kind in codes("interaction_kinds.csv")
        outcomes.add(met.outcome)
    assert outcomes <= codes("outcomes.csv") | {""}
    assert {"met", "agreed", "left-message", "no-answer"} <= outcomes


def test_days_of_contact_are_weekdays_in_order():
    start, end = date(2024, 1, 3), date(2026, 11, 1)
    days = meetings.days_of_contact(Random(1), start, end, 30)
    assert days == sorted(set(days))
    assert 15 < len(days) < 60
    assert all(start <= day <= end and day.weekday() < 5 for day in days)


# Staff


def test_staff_have_every_role_and_cover_every_region():
    roles = [person.role for person in staff.STAFF]
    assert set(roles) == set(staff.ROLES)
    assert roles.count(staff.ORGANIZER) >= 6
    assert roles.count(staff.LEAD) == 3
    assert roles.count(staff.LEADER) == roles.count(staff.DATA_MANAGER) == 2
    assert roles.count(staff.ADMINISTRATOR) == 1
    covered = {area for it in staff.STAFF if it.role == staff.LEAD for area in it.areas}
    assert covered >= codes("regions.csv") | {staff.OUTSIDE}


def test_staff_have_a_home_inside_their_areas():
    regions = regions_by_state()
    known = codes("regions.csv") | codes("states.csv") | {staff.ALL, staff.OUTSIDE}
    for person in staff.STAFF:
        assert set(person.areas) <= known
        assert {person.home, regions[person.home], staff.ALL} & set(person.areas)


def test_staff_sign_in_with_addresses_that_lead_nowhere():
    addresses_of_staff = [person.email for person in staff.STAFF]
    assert len(set(addresses_of_staff)) == len(addresses_of_staff)
    assert all(it.endswith("@partnerships.example") for it in addresses_of_staff)
