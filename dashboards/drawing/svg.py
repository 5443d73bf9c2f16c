"""Drawings as SVG, each as one string: a template would take milliseconds for each."""

from collections.abc import Iterable

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboards.drawing.bars import Bars
from dashboards.drawing.lines import Dot, Lines
from dashboards.drawing.state_map import HEIGHT, WIDTH, Place, StateMap
from lists.templatetags.cells import safe


def lines(chart: Lines, label: str) -> SafeString:
    """A line over time beside a dashed one for the time before."""
    parts = [f'<svg class="chart" viewBox="0 0 560 230" role="group" aria-label="{safe(label)}">']
    for n, tick in enumerate(chart.grid):
        parts.append(
            f'<line class="{"grid" if n else "axis"}" x1="46" x2="476"'
            f' y1="{tick.y:.1f}" y2="{tick.y:.1f}"/>'
            f'<text x="{tick.x:.1f}" y="{tick.y + 4:.1f}" text-anchor="end">{tick.text}</text>'
        )
    parts += [
        f'<text x="{word.x:.1f}" y="{word.y:.1f}" text-anchor="middle">{safe(word.text)}</text>'
        for word in chart.words
    ]
    parts.append(
        f'<path class="prior" d="{chart.path_before}"/><path class="kb" d="{chart.path}"/>'
    )
    parts += [_linked(dot.url, _dot(dot)) for dot in chart.dots]
    for n, word in enumerate(chart.end_words):
        look = "" if n else ' class="v"'
        parts.append(f'<text{look} x="{word.x:.1f}" y="{word.y:.1f}">{safe(word.text)}</text>')
    return SafeString("".join([*parts, "</svg>"]))


def _dot(dot: Dot) -> str:
    """A point, and around it, where it leads somewhere, what a finger can hit."""
    at = f'cx="{dot.x:.1f}" cy="{dot.y:.1f}"'
    title = f"<title>{safe(dot.label)}</title></circle>"
    reach = f'<circle class="reach" {at} r="14">{title}' if dot.url else ""
    look = "hollow part" if dot.partial else "b"
    return f'<circle class="{look}" {at} r="3.5">{title}{reach}'


def bars(chart: Bars, label: str) -> SafeString:
    """A bar a row, with a mark for the time before."""
    parts = [
        f'<svg class="chart bars" viewBox="0 0 560 {chart.height}" role="group"'
        f' aria-label="{safe(label)}">'
    ]
    for bar in chart.bars:
        inner = (
            f'<title>{safe(bar.label)}</title><text x="0" y="{bar.name.y}">{safe(bar.name.text)}'
            f'</text><rect class="{"b" if bar.first else "bg"}" x="0" y="{bar.y}"'
            f' width="{bar.width:.1f}" height="18" rx="3"/><line class="mark"'
            f' x1="{bar.before:.1f}" x2="{bar.before:.1f}" y1="{bar.y - 3}" y2="{bar.y + 21}"/>'
            f'<text class="v" x="{bar.number.x:.1f}" y="{bar.number.y}">{bar.number.text}</text>'
        )
        parts.append(_linked(bar.url, inner))
    key = f'<ul class="key"><li><i class="then"></i>{safe(_("The time before"))}</li></ul>'
    return SafeString("".join([*parts, "</svg>\n", key, "\n"]))


def states(chart: StateMap, label: str) -> SafeString:
    """The states, darker where there is more."""
    shapes = chart.states
    parts = [
        f'<svg class="chart states" viewBox="0 0 {WIDTH} {HEIGHT}" role="group"'
        f' aria-label="{safe(label)}">',
        *(_linked(place.url, _shape(place)) for place in shapes),
    ]
    for place in shapes:
        if word := place.word:
            look = "sea" if place.code == "HI" else f"m{place.level}"
            parts.append(
                f'<text class="{look}" x="{word.x}" y="{word.y}" text-anchor="middle">'
                f"{word.text}</text>"
            )
    parts += [_linked(place.url, _square(place)) for place in chart.squares]
    gap = f'<li><i class="gap"></i>{safe(_("No partner"))}</li>' if chart.has_gaps else ""
    key = f'<ul class="key">{gap}{shades(chart.key)}</ul>'
    return SafeString("".join([*parts, "</svg>\n", key, "\n"]))


def shades(steps: Iterable[tuple[int, str]]) -> SafeString:
    """The lines of a legend, (shade, its numbers)."""
    return SafeString("".join(f'<li><i class="l{n}"></i>{words}</li>' for n, words in steps))


def _shape(place: Place) -> str:
    look = "no" if place.level is None else "gap" if place.is_gap else f"m{place.level}"
    title = f"<title>{safe(place.label)}</title>" if place.label else ""
    code = f' data-place="{safe(place.code)}"' if place.label else ""
    return f'<g class="{look}">{title}<path d="{place.path}"{code}/></g>'


def _square(place: Place) -> str:
    look, word = "gap" if place.is_gap else f"m{place.level}", place.word
    assert word is not None
    return (
        f'<g class="{look}"><title>{safe(place.label)}</title><rect x="{place.x}" y="{place.y}"'
        f' width="{place.wide}" height="38" rx="6"/><text x="{word.x:.1f}" y="{word.y}"'
        f' text-anchor="middle">{safe(word.text)}</text></g>'
    )


def _linked(url: str, inner: str) -> str:
    """A mark that leads to the list behind it, where there is one. The table has the same links for
    the keyboard.
    """
    return f'<a href="{safe(url)}" tabindex="-1">{inner}</a>' if url else inner
