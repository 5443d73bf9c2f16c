"""The reference rows of config/defaults: complete, distinct and pointing at each other."""

import csv
import re
from pathlib import Path

import pytest

DEFAULTS = Path(__file__).resolve().parents[2] / "config" / "defaults"
REAL_STATES = DEFAULTS.parents[2] / "shared" / "data" / "real" / "geo" / "states.csv"
FILES = sorted(path.name for path in DEFAULTS.glob("*.csv"))
ICONS = {"people", "phone", "mail", "chat", "pin", "calendar", "flat"}
UNION_COMMUNITIES = [
    "American Indian and Alaska Native",
    "Asian and Pacific Islander",
    "Black",
    "Hispanic",
    "LGBTQ",
    "Immigrant",
    "Multicultural",
]


def rows(name: str) -> list[dict[str, str]]:
    with (DEFAULTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(name: str) -> list[str]:
    return [row["code"] for row in rows(name)]


@pytest.mark.parametrize("name", FILES)
def test_every_row_has_a_code_two_names_and_its_place(name):
    found = rows(name)
    assert list(found[0])[:3] == ["code", "name", "name_es"]
    assert [int(row["position"]) for row in found] == list(range(1, len(found) + 1))
    for column in ("code", "name"):
        values = [row[column] for row in found]
        assert all(values)
        assert len(set(values)) == len(values)
    for row in found:
        assert None not in row
        assert None not in row.values()
        assert row["name_es"]
        assert row["name"][0].isupper()
        if name != "states.csv":
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["code"])


@pytest.mark.parametrize("name", FILES)
def test_files_are_utf8_with_plain_line_ends(name):
    content = (DEFAULTS / name).read_bytes()
    assert content.decode()
    assert content.endswith(b"\n")
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")


def test_every_state_lies_in_a_region():
    states = {row["code"]: row for row in rows("states.csv")}
    outside = states.pop("--")
    assert (outside["region"], outside["fips"]) == ("", "")
    assert len(states) == 56
    assert {row["region"] for row in states.values()} == set(codes("regions.csv"))
    assert all(re.fullmatch(r"\d\d", row["fips"]) for row in states.values())
    assert len({row["fips"] for row in states.values()}) == 56


def test_states_agree_with_the_public_table():
    if not REAL_STATES.is_file():
        pytest.skip("The folder with real lists is not beside the repository.")
    states = {row["code"]: row for row in rows("states.csv")}
    with REAL_STATES.open(encoding="utf-8", newline="") as file:
        for real in csv.DictReader(file):
            division = real["census_division"].lower().replace(" ", "-") or "territories"
            ours = states[real["code"]]
            assert (ours["name"], ours["fips"], ours["region"]) == (
                real["name"],
                real["fips"],
                division,
            )


def test_communities_hang_below_the_seven_of_the_union():
    found = rows("communities.csv")
    top = [row for row in found if not row["parent"]]
    assert [row["name"] for row in top] == UNION_COMMUNITIES
    known = {row["code"] for row in top}
    assert {row["parent"] for row in found if row["parent"]} == known
    assert all(row["short"] and len(row["short"]) <= 32 for row in found)


def test_kinds_of_interaction_say_whether_they_count():
    found = rows("interaction_kinds.csv")
    counting = [row["code"] for row in found if row["counts_as_contact"] == "yes"]
    assert counting == ["meeting", "one-to-one", "call", "site-visit", "event"]
    assert {row["counts_as_contact"] for row in found} == {"yes", "no"}
    assert {row["icon"] for row in found} <= ICONS


def test_stages_say_when_a_partner_is_quiet():
    days = {row["code"]: row["quiet_after_days"] for row in rows("stages.csv")}
    assert list(days.values()) == ["", "60", "60", "90", "90", "", ""]
    assert list(days)[3:5] == ["active", "strategic"]


def test_purposes_name_a_channel_or_none():
    channels = {row["code"]: row["channel"] for row in rows("purposes.csv")}
    assert set(channels.values()) == {"email", "phone", "text", "none"}
    assert channels["phone-calls"] == "phone"


def test_there_are_languages_enough():
    found = {row["code"]: row for row in rows("languages.csv")}
    assert len(found) >= 70
    assert found["nv"]["own_name"] == "Diné bizaad"
    assert {"haw", "mix", "quc", "hmn", "vi", "tl", "so", "ht", "ase", "mh", "chk", "sm"} <= set(
        found
    )
