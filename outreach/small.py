"""Small counts of people: told only to who reads the names too."""

from collections.abc import Mapping

K = 11  # people: fewer could be told apart


def told(count: int, is_exact: bool = False) -> int | None:
    """The count, or None where it is too small to be told."""
    return count if is_exact or count == 0 or count >= K else None


def told_apart(counts: Mapping) -> dict:
    """The counts by key, those too small left out as None, and one more where a single one would
    follow from the sum.
    """
    found = {key: told(count) for key, count in counts.items()}
    hidden = [key for key, count in found.items() if count is None]
    if len(hidden) == 1:
        others = [key for key, count in counts.items() if count and found[key] is not None]
        if others:
            found[min(others, key=lambda key: counts[key])] = None
    return found
