"""Whether an import knows people again who are written otherwise: seeded doubles, and strangers."""

import csv
import io
import random
from dataclasses import dataclass
from uuid import UUID

from bench.measuring import Pair, Values, within, work
from bench.works.importing import HEADER, planned
from bench.world import MANAGER, World

KNOWN, STRANGERS = 1_000, 1_000
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FIRST = ("Aurelia", "Bogdan", "Chidi", "Dagny", "Eoin", "Fumiko", "Gwendolyn", "Hamza", "Ilse")
LAST = ("Abernathy", "Bjornstad", "Castellanos", "Drummond", "Eze", "Fontaine", "Gallagher")


@dataclass(frozen=True)
class Truth:
    """A list, and which person each of its rows is, by row number: who is not in it is new."""

    content: bytes
    people: dict[int, UUID]


def seeded(world: World, seed: int = 5) -> Truth:
    """Known people with one to three things written otherwise, among strangers: relatives and
    colleagues of theirs at the same partner, and people of the same name elsewhere.
    """
    pick = random.Random(seed)
    rows = world.sql(
        "SELECT c.uid, c.name, o.name, s.code, max(e.email), max(p.number) FROM crm_contact c "
        "JOIN crm_contactemail e ON e.contact_id = c.id "
        "JOIN crm_contactphone p ON p.contact_id = c.id "
        "JOIN crm_affiliation t ON t.contact_id = c.id "
        "JOIN crm_organization o ON o.id = t.organization_id "
        "JOIN access_state s ON s.id = o.home_id "
        "WHERE t.is_primary AND p.e164 <> '' GROUP BY c.uid, c.name, o.name, s.code ORDER BY c.uid"
    )
    some = pick.sample(rows, min(KNOWN, len(rows)))
    lines = [(UUID(str(row[0])), _otherwise(pick, row)) for row in some]
    for number in range(STRANGERS):
        _uid, name, partner, state, _mail, _phone = pick.choice(rows)
        kind = pick.choice(("relative", "colleague", "namesake"))
        if kind == "namesake":
            partner = f"Invented Circle {number}"
        else:
            last = name.split()[-1] if kind == "relative" else pick.choice(LAST)
            name = f"{pick.choice(FIRST)} {last}"
        mail = f"stranger{number}@list.example" if pick.random() < 0.7 else ""
        line = (name, partner, "", mail, f"(212) 5{number:02}-{pick.randrange(10_000):04}", state)
        lines.append((None, line))
    pick.shuffle(lines)
    stream = io.StringIO()
    csv.writer(stream).writerows([HEADER, *(line for _uid, line in lines)])
    people = {number: uid for number, (uid, _line) in enumerate(lines, 1) if uid}
    return Truth(stream.getvalue().encode(), people)


def _otherwise(pick: random.Random, row: tuple) -> tuple:
    """A known person as somebody else writes her down."""
    _uid, name, partner, state, mail, phone = row
    kind = pick.choice(("typo", "accents", "swapped", "comma", "same"))
    words = name.split()
    if kind == "typo":
        name = _mistyped(pick, name)
    elif kind == "accents":
        name = name.translate(str.maketrans("aeounAEO", "áéöüñÁÈÓ")).upper()
    elif kind == "comma" and len(words) > 1:
        name = f"{words[-1]}, {' '.join(words[:-1])}"
    elif kind == "swapped" and len(words) == 2:
        name = f"{words[1]} {words[0]}"
    digits = "".join(c for c in phone if c.isdigit())[-10:]
    phone = pick.choice((f"+1{digits}", f"{digits[:3]}.{digits[3:6]}.{digits[6:]}", f"1-{digits}"))
    left = pick.choice(("mail", "phone", "partner"))  # what she still has in common
    return (
        f" {name}  ",
        partner.upper() if left == "partner" or pick.random() < 0.6 else "",
        "",
        mail.upper() if left == "mail" or pick.random() < 0.3 else "",
        phone if left == "phone" or pick.random() < 0.4 else "",
        state,
    )


def _mistyped(pick: random.Random, name: str) -> str:
    at = pick.randrange(1, max(2, len(name) - 1))
    how = pick.choice(("swap", "drop", "double", "other"))
    if how == "swap":
        return name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]
    if how == "drop":
        return name[:at] + name[at + 1 :]
    return name[:at] + (name[at] if how == "double" else pick.choice(LETTERS)) + name[at + 1 :]


def proposed(world: World, content: bytes) -> dict[int, UUID]:
    """Whom the product takes or proposes each row for, by row number."""
    plan = planned(world.actor(MANAGER), content)
    found = {}
    for entry in plan.entries:
        if whom := entry.same or entry.like:
            found |= dict.fromkeys((entry.first, *entry.later), whom)
    return found


def shares(truth: Truth, found: dict[int, UUID]) -> tuple[float, float]:
    """(wrong among what is proposed, missing among the known) as shares."""
    right = sum(truth.people.get(number) == uid for number, uid in found.items())
    return 1 - right / max(1, len(found)), 1 - right / max(1, len(truth.people))


def _share(which: int):
    def doubles(world: World):
        truth = seeded(world)
        yield Pair(
            lambda: Values([100 * shares(truth, proposed(world, truth.content))[which]]), rounds=1
        )

    return doubles


work(
    "import.wrong", "Doubles proposed that are none", "", within(2), unit="%"
)(_share(0))  # fmt: skip
work(
    "import.missed", "Known people whom an import does not know again", "", within(5), unit="%"
)(_share(1))  # fmt: skip
