"""Whether the search index says what the rows say, and making it anew. Returns numbers, no rows."""

from collections.abc import Iterable

from django.db import transaction

from access.settling import every, slices, write
from lists.folding import needles
from lists.index import COLUMN, KEYS, create, drop, is_whole, named

SAMPLES = 20  # rows of a model whose words are looked for


def rebuild() -> int:
    """Work out every key anew and make the index anew; how many keys were wrong."""
    wrong = 0
    for model, keys in KEYS.items():
        with transaction.atomic():
            drop(model._meta.db_table)
            create(model._meta.db_table)
        for some in _slices_of(model):
            with transaction.atomic():
                wrong += len(write(model, {pk: {COLUMN: key} for pk, key in keys(some).items()}))
    return wrong


def check(texts: Iterable[str] = ()) -> list[str]:
    """What differs between the index and an answer by brute force, a sentence each.

    Each key is worked out from the names again. Then these texts and the words of a sample of rows
    are looked for by the index, and by reading every key.
    """
    problems = []
    for model, keys in KEYS.items():
        name, wrong = model._meta.verbose_name_plural, 0
        stored: dict[int, str] = {}
        for some in _slices_of(model):
            held = dict(every(model).filter(pk__in=some).values_list("pk", COLUMN))
            wrong += sum(held.get(pk) != key for pk, key in keys(some).items())
            stored |= held
        if wrong:
            problems.append(f"{name}: {wrong} keys are not those of the names.")
        if not is_whole(model):
            problems.append(f"{name}: the index does not hold what the rows hold.")
            continue
        asked = dict.fromkeys([*texts, *_sampled(stored)])
        if differ := sum(_by_index(model, text) != _by_reading(stored, text) for text in asked):
            problems.append(f"{name}: {differ} searches find other rows than reading every row.")
    return problems


def _slices_of(model) -> Iterable[tuple[int, ...]]:
    return slices(every(model).order_by().values_list("pk", flat=True))


def _sampled(stored: dict[int, str]) -> Iterable[str]:
    """Words of some rows as somebody might type them: whole, an inner part, a beginning."""
    ids = sorted(stored)
    for pk in ids[:: max(1, len(ids) // SAMPLES)]:
        words = stored[pk].split()
        yield " ".join(reversed(words))
        for word in words:
            yield from (word, word[1:-1], word[:1], word[:2])


def _by_index(model, text: str) -> set[int]:
    return set(every(model).filter(named(model, text)).values_list("pk", flat=True))


def _by_reading(stored: dict[int, str], text: str) -> set[int]:
    wanted = needles(text)
    return {pk for pk, key in stored.items() if wanted and all(n in key for n in wanted)}
