"""People of a list who are perhaps there already: nearly the same name, and something in common.

What is exactly the same is found elsewhere; this is what somebody should look at.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from crm import models
from crm.phones import parsed
from lists.folding import fold
from lists.import_kinds import Entry

SLIP = 2  # letters in one place by which two spellings of a name may differ
SHARED = 20  # people with one phone number: of more, it is that of an office and tells nothing
SHORTEST = 5  # letters of a name in which a slip is one


def people_like(
    actor, entries: list[Entry], partners: dict[int, set[int]]
) -> dict[int, tuple[UUID, str]]:
    """(uid, name) of somebody whom the actor sees and who may be the same, by number of row.

    `partners` are the ids of the organizations of each row. Only who belongs to one of them, or has
    a phone number of the row, is compared.
    """
    phones = {
        entry.first: {parsed(text)[0] for text in entry.values.get("phone", ())} - {""}
        for entry in entries
    }
    by_partner = _by(models.Affiliation, "organization_id", actor, set().union(*partners.values()))
    by_phone = _by(models.ContactPhone, "e164", actor, set().union(*phones.values()))
    for number, people in by_phone.items():
        if len(people) > SHARED:
            by_phone[number] = []
    found: dict[int, int] = {}
    for entry in entries:
        mine = _ways(entry.values["name"][0])
        there = [one for pk in partners.get(entry.first, ()) for one in by_partner[pk]]
        there += [one for number in phones[entry.first] for one in by_phone[number]]
        for pk, name in there:
            if _alike(mine, name):
                found[entry.first] = pk
                break
    people = models.Contact.objects.visible_to(actor).filter(pk__among=set(found.values()))
    told = {pk: (uid, name) for pk, uid, name in people.values_list("pk", "uid", "name")}
    return {number: told[pk] for number, pk in found.items() if pk in told}


def _by(model, column: str, actor, values: set) -> dict:
    """(id, folded name) of the people who have each value, the oldest first."""
    rows = model.objects.visible_to(actor).filter(**{f"{column}__among": values})
    found = defaultdict(list)
    columns = (column, "contact_id", "contact__sort_name")
    for value, pk, name in rows.order_by("contact_id").values_list(*columns):
        found[value].append((pk, name))
    return found


def _ways(name: str) -> tuple[str, str]:
    """A folded name in its order, a comma behind the last name or not, and in that of letters."""
    folded = fold(name)
    last, comma, first = name.partition(",")
    return fold(f"{first} {last}") if comma else folded, _sorted(folded)


def _sorted(name: str) -> str:
    return " ".join(sorted(name.split()))


def _alike(mine: tuple[str, str], theirs: str) -> bool:
    if abs(len(mine[0]) - len(theirs)) > SLIP:
        return False  # most pairs: neither order of their letters can be nearly the same
    return nearly(mine[0], theirs) or nearly(mine[1], _sorted(theirs))


def nearly(one: str, other: str) -> bool:
    """Whether two folded names are the same but for a slip of a letter or two in one place."""
    if one[:2] != other[:2] and one[-2:] != other[-2:]:
        return False  # most pairs: a slip leaves two letters at one end
    if one == other:
        return True
    shortest = min(len(one), len(other))
    if max(len(one), len(other)) > shortest + SLIP or shortest < SHORTEST:
        return False
    begin = _same(one, other)
    end = min(_same(reversed(one), reversed(other)), shortest - begin)
    return max(len(one), len(other)) - begin - end <= SLIP


def _same(one: Iterable[str], other: Iterable[str]) -> int:
    """How many letters are the same before the first that differs."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
