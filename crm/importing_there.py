"""Rows that are there already: their uids, and what they hold, as an import compares it."""

from uuid import UUID


def with_uids(model, actor, found: dict[tuple, int]) -> dict[tuple, UUID]:
    """The uids of the rows that were found by id."""
    there = model.objects.visible_to(actor).filter(pk__among=set(found.values()))
    uids = dict(there.values_list("pk", "uid"))
    return {key: uids[pk] for key, pk in found.items() if pk in uids}


def held(kind, model, owner: str, uids) -> dict:
    """The keys of the parts that these rows have, by name."""
    found: dict[UUID, dict[str, list]] = {uid: {} for uid in uids}
    there = model.objects.visible_to(kind.actor).filter(uid__among=found.keys())
    by_id = {pk: found[uid] for pk, uid in there.values_list("pk", "uid")}
    for name, part, names in kind.parts:
        rows = part.objects.visible_to(kind.actor).filter(**{f"{owner}__among": by_id.keys()})
        for pk, *value in rows.order_by("pk").values_list(owner, *names):
            key = kind.key_of(name, value[0] if len(names) == 1 else tuple(value))
            by_id[pk].setdefault(name, []).append(key)
    return found
