"""How numbers become places and shades."""

from collections.abc import Iterable, Sequence

DARKEST = 5


def ticks(top: int, about: int = 4) -> list[int]:
    """Round numbers from 0 to the first one that is not below `top`, about so many steps apart.

    Steps are 1, 2 or 5 times a power of ten, and whole: there is no half meeting.
    """
    size = max(top, 1) / about
    power = 1
    while power * 10 <= size:
        power *= 10
    step = next(n * power for n in (1, 2, 5, 10) if n * power >= size)
    return list(range(0, step * -(-max(top, 1) // step) + 1, step))


def shades(numbers: Iterable[int]) -> list[int]:
    """Where the five shades begin, each with about as many of the numbers above 0."""
    ordered = sorted(n for n in numbers if n > 0)
    if not ordered:
        return [1, 2, 3, 4, 5]
    steps = [1]
    for n in range(1, DARKEST):
        at = ordered[min(len(ordered) - 1, len(ordered) * n // DARKEST)]
        steps.append(max(steps[-1] + 1, at))
    return steps


def shade(steps: Sequence[int], number: int) -> int:
    """How dark a number is: 0 for none, then 1 to 5."""
    return sum(1 for step in steps if number >= step) if number else 0


def legend(steps: Sequence[int]) -> list[tuple[int, str]]:
    """(shade, its numbers), for the key beside a picture."""
    ends = [step - 1 for step in steps[1:]] + [None]
    return [
        (n, f"{a:,}+" if b is None else f"{a:,}" if a == b else f"{a:,}–{b:,}")
        for n, (a, b) in enumerate(zip(steps, ends, strict=True), 1)
    ]
