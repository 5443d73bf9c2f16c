"""Lines of a form that change places without a script."""

import re

from django.http import QueryDict


def moved_line(data: QueryDict, name: str) -> QueryDict | None:
    """What a form sends with two of its lines changed about, where a button asks for it: `move` is
    "<name>-<number>-up" or "-down". None where it asks for nothing.
    """
    asked = re.fullmatch(rf"{re.escape(name)}-(\d{{1,4}})-(up|down)", data.get("move", ""))
    if asked is None:
        return None
    part = re.compile(rf"({re.escape(name)}-)(\d{{1,4}})(-.+)")
    numbers = sorted({int(match[2]) for match in map(part.fullmatch, data) if match})
    one, by = int(asked[1]), -1 if asked[2] == "up" else 1
    moved = data.copy()
    if one not in numbers or not 0 <= numbers.index(one) + by < len(numbers):
        return moved
    other = numbers[numbers.index(one) + by]
    for key in data:
        match = part.fullmatch(key)
        if match and int(match[2]) in (one, other):
            moved.pop(key, None)
    for key in data:
        match = part.fullmatch(key)
        if match and int(match[2]) in (one, other):
            to = other if int(match[2]) == one else one
            moved.setlist(f"{match[1]}{to}{match[3]}", data.getlist(key))
    return moved
