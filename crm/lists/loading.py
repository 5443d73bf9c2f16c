"""Loads what a column shows of other tables: one query for a whole page, scoped to the viewer."""

from collections import defaultdict

from lists.columns import named


def linked(link, mine: str, theirs: str):
    """Loads the names of reference rows that a link ties to each row."""

    def load(actor, ids):
        links = link.objects.visible_to(actor).filter(**{f"{mine}__in": ids}).order_by("id")
        return named(links.values_list(mine, f"{theirs}__name", f"{theirs}__name_es"))

    return load


def codes(link, mine: str, theirs: str):
    """Loads the codes of reference rows, for the API."""

    def load(actor, ids):
        links = link.objects.visible_to(actor).filter(**{f"{mine}__in": ids}).order_by("id")
        return grouped(links.values_list(mine, f"{theirs}__code"))

    return load


def parts(part, column: str):
    """Loads the values of small rows that belong to each row."""

    def load(actor, ids):
        mine = f"{part.part_of[0]}_id"
        rows = part.objects.visible_to(actor).filter(**{f"{mine}__in": ids}).order_by("id")
        return grouped(rows.values_list(mine, column))

    return load


def grouped(pairs) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for pk, value in pairs:
        found[pk].append(value)
    return dict(found)
