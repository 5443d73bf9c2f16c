"""Drawings as figures of Plotly: plain dictionaries, for hover, zoom and click-through.

Colours are names of the page's own tokens ("--brand"); static/js/explore.js puts in what the theme
makes of them. `customdata` holds the address behind each mark.
"""

from textwrap import wrap
from typing import Any

from dashboards.drawing.bars import Bars
from dashboards.drawing.lines import Lines
from lists.templatetags.form_parts import whole

INK, SOFT, LINE, BRAND, REST = "--ink", "--ink-2", "--line", "--brand", "--h3"
SHADES = ["--h1", "--h2", "--h3", "--h4", "--h5"]
SAYS = "%{text}<extra></extra>"


def _layout(height: int, **more: Any) -> dict[str, Any]:
    """What all figures share: no frame, the page's own letters, no title (the heading says it)."""
    return {
        "height": height,
        "margin": {"l": 48, "r": 16, "t": 8, "b": 32},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
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
    """Region by community as shades; `table` is the coloured table of the page."""
    columns = ["<br>".join(wrap(label, 14)) for _key, label, _name in table.columns]
    rows = [row.name for row in table.rows]
    cells = [list(row.cells) for row in table.rows]
    shades = [[cell.level for cell in row] for row in cells]
    steps = len(SHADES) + 1
    scale = [["--sunken"], *[[name] for name in SHADES]]
    colours = [[at / steps, name[0]] for n, name in enumerate(scale) for at in (n, n + 1)]
    return {
        "data": [
            {
                "type": "heatmap",
                "x": columns,
                "y": rows,
                "z": shades,
                "zmin": -0.5,
                "zmax": len(SHADES) + 0.5,
                "text": [[cell.shown for cell in row] for row in cells],
                "texttemplate": "%{text}",
                "hovertext": [[cell.label for cell in row] for row in cells],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "customdata": [[cell.url for cell in row] for row in cells],
                "colorscale": colours,
                "showscale": False,
                "xgap": 3,
                "ygap": 3,
            }
        ],
        "layout": _layout(
            120 + 44 * max(1, len(rows)),
            xaxis={"side": "top", "showgrid": False, "automargin": True, "tickangle": 0},
            yaxis={"autorange": "reversed", "showgrid": False, "automargin": True},
        ),
    }


PLOTS: dict[str, Any] = {"lines": lines, "bars": bars, "states": states}
