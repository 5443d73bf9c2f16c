"""Drawings as figures of Plotly: plain dictionaries, for hover, zoom and click-through.

Colours are names of the page's own tokens ("--brand"); static/js/explore.js puts in what the theme
makes of them. `customdata` holds the address behind each mark.
"""

from typing import Any

from django.utils.translation import gettext as _

from dashboards.drawing.bars import Bars
from dashboards.drawing.lines import Lines
from lists.templatetags.form_parts import whole

INK, SOFT, LINE, BRAND, REST = "--ink", "--ink-2", "--line", "--brand", "--h3"
SHADES = ["--h1", "--h2", "--h3", "--h4", "--h5"]
INK_OF_GAPS, CLEAR = "--on-sun", "rgba(0,0,0,0)"
FEW = ("--sunken", SOFT, 0)
FREE = 0.0175  # beside a cell of the heat map, on each side, in cells; twice that above and below
SAYS = "%{text}<extra></extra>"


def _layout(height: int, **more: Any) -> dict[str, Any]:
    """What all figures share: no frame, the page's own letters, no title (the heading says it)."""
    return {
        "height": height,
        "margin": {"l": 48, "r": 16, "t": 8, "b": 32},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"size": 12, "color": SOFT},
        "showlegend": False,
        "hoverlabel": {"align": "left"},
    } | more


def lines(chart: Lines) -> dict[str, Any]:
    """A line with points, and a dashed one for the time before."""
    names, (now, before) = list(chart.names), chart.ends
    said = [f"{name}<br>{now}: {whole(n)}" for name, n in zip(names, chart.now, strict=True)]
    earlier = [
        f"{name}<br>{before}: {whole(n)}" for name, n in zip(names, chart.before, strict=True)
    ]
    ends = [
        _end(numbers[-1], words, colour)
        for numbers, words, colour in (
            (chart.now, now, INK),
            (chart.before, before, SOFT),
        )
        if numbers
    ]
    few = slice(None, None, max(1, -(-len(names) // 6)))
    across = {
        "type": "category",
        "showgrid": False,
        "linecolor": LINE,
        "tickvals": names[few],
        "ticktext": list(chart.short or names)[few],
    }
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "x": names,
                "y": list(chart.before),
                "text": earlier,
                "hovertemplate": SAYS,
                "line": {"color": SOFT, "dash": "dot", "width": 2},
            },
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": names,
                "y": list(chart.now),
                "text": said,
                "customdata": list(chart.urls),
                "hovertemplate": SAYS,
                "line": {"color": BRAND, "width": 2.5},
                "marker": {
                    "size": 8,
                    "color": BRAND,
                    "symbol": [
                        "circle-open" if n in chart.partial else "circle" for n in range(len(names))
                    ],
                },
            },
        ],
        "layout": _layout(
            300,
            margin={"l": 48, "r": 92, "t": 8, "b": 32},
            xaxis=across,
            yaxis={"rangemode": "tozero", "gridcolor": LINE, "zerolinecolor": LINE},
            annotations=ends,
        ),
    }


def _end(number: int, words: str, colour: str) -> dict[str, Any]:
    """Words at the right end of a line."""
    return {
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 6,
        "y": number,
        "text": words,
        "showarrow": False,
        "font": {"color": colour},
    }


def bars(chart: Bars) -> dict[str, Any]:
    """Bars from top to bottom, each with a mark for the time before."""
    names, most = list(chart.names), max(chart.now, default=0)
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": list(chart.now),
                "text": [whole(n) for n in chart.now],
                "textposition": "outside",
                "customdata": list(chart.urls),
                "hovertext": [f"{n}: {whole(v)}" for n, v in zip(names, chart.now, strict=True)],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "cliponaxis": False,
                "marker": {"color": [BRAND if n == most else REST for n in chart.now]},
            },
            {
                "type": "scatter",
                "mode": "markers",
                "y": names,
                "x": list(chart.before),
                "text": [whole(n) for n in chart.before],
                "hovertemplate": SAYS,
                "marker": {
                    "symbol": "line-ns-open",
                    "size": 18,
                    "color": INK,
                    "line": {"width": 2.5},
                },
            },
        ],
        "layout": _layout(
            60 + 36 * max(1, len(names)),
            xaxis={"rangemode": "tozero", "gridcolor": LINE, "zerolinecolor": LINE},
            yaxis={"autorange": "reversed", "automargin": True, "showgrid": False},
            bargap=0.35,
        ),
    }


def states(_chart: Any) -> dict[str, Any]:
    """An empty plane as large as the map; the script takes the shapes from the drawing itself."""
    plain = {"visible": False, "fixedrange": False}
    return {
        "data": [],
        "layout": _layout(
            380,
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
            xaxis=plain | {"range": [0, 1090]},
            yaxis=plain | {"range": [672, 0], "scaleanchor": "x"},
        ),
    }


def heat(table: Any) -> dict[str, Any]:
    """Region by community as shaded cells, the totals last; `table` is the one of the page.

    Each cell is a bar: those have a frame, round corners and letters of their own. The script lays
    it over the table, cell on cell.
    """
    names = [row.name for row in table.rows] + [_("All")]
    columns = [name for _key, _short, name in table.columns] + [_("All")]
    rows = [[*row.cells, row.total] for row in table.rows] + [[*table.totals, table.total]]
    places = [(x, y) for y in range(len(rows)) for x in range(len(columns))]
    cells = [rows[y][x] for x, y in places]
    totals = [x == len(columns) - 1 or y == len(rows) - 1 for x, y in places]
    looks = [_look(cell, total) for cell, total in zip(cells, totals, strict=True)]
    frees = [FREE * (1.5 if look[2] else 1) for look in looks]  # a frame goes outward too
    hidden = {"visible": False}
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "base": [x + free for (x, _y), free in zip(places, frees, strict=True)],
                "x": [1 - 2 * free for free in frees],
                "y": [y + 0.5 for _x, y in places],
                "width": [1 - 4 * free for free in frees],
                "text": [cell.shown for cell in cells],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "constraintext": "none",
                "textangle": 0,
                "insidetextfont": {"size": 15, "weight": 650, "color": [look[1] for look in looks]},
                "hovertext": [
                    f"{cell.label}<br>{_('All gaps are listed below.')}"
                    if cell.is_gap
                    else cell.label
                    for cell in cells
                ],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "customdata": [cell.url for cell in cells],
                "marker": {
                    "color": [look[0] for look in looks],
                    "cornerradius": 6,
                    "line": {"color": INK_OF_GAPS, "width": [look[2] for look in looks]},
                },
            }
        ],
        "layout": _layout(
            120 + 49 * len(rows),
            margin={"l": 152, "r": 0, "t": 100, "b": 0},
            barmode="overlay",
            hovermode="closest",
            hoverlabel={"bgcolor": INK, "bordercolor": INK, "font": {"color": "--bg"}},
            xaxis=hidden | {"range": [0, len(columns)]},
            yaxis=hidden | {"range": [len(rows), 0]},
            annotations=[
                *(_name_above(n, name) for n, name in enumerate(columns)),
                *(_name_beside(n, name) for n, name in enumerate(names)),
            ],
        ),
    }


def _look(cell: Any, is_total: bool) -> tuple[str, str, int]:
    """The fill of a cell of the heat map, its letters, and the width of its frame."""
    if is_total:
        return CLEAR, INK, 0
    if cell.is_gap:
        return "--surface", INK_OF_GAPS, 2
    return (SHADES[cell.level - 1], SHADES[cell.level - 1] + "t", 0) if cell.level else FEW


def _name_above(at: int, name: str) -> dict[str, Any]:
    """The name of a column, which ends right above its cells."""
    where = {"x": at + 0.5, "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 4}
    return where | _name(name, SOFT)


def _name_beside(at: int, name: str) -> dict[str, Any]:
    """The name of a row. The script moves it to the left edge."""
    where = {"y": at + 0.5, "xref": "paper", "x": 0, "xanchor": "left", "align": "left"}
    return where | _name(name, INK)


def _name(name: str, colour: str) -> dict[str, Any]:
    """A name, which the script breaks into lines where there is room for it."""
    font = {"size": 13.5, "weight": 620, "color": colour}
    return {"name": name, "text": name, "showarrow": False, "font": font}


PLOTS: dict[str, Any] = {"lines": lines, "bars": bars, "states": states}
