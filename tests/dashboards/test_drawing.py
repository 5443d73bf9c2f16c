"""Where the marks of a drawing stand, by hand; and that every drawing is a figure of Plotly."""

import csv
import json
from pathlib import Path

import plotly.graph_objects as go
import pytest

from dashboards.drawing import plots
from dashboards.drawing.bars import Bars
from dashboards.drawing.lines import Lines, Spark
from dashboards.drawing.scales import legend, shade, shades, ticks
from dashboards.drawing.state_map import BELOW, BESIDE, StateMap, shapes
from dashboards.views.heat import HeatCell, HeatRow
from tools import map_of_states

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (40, [0, 10, 20, 30, 40]),
        (485, [0, 200, 400, 600]),
        (1_000_000, [0, 500_000, 1_000_000]),
    ],
)
def test_an_axis_has_few_round_numbers_and_begins_at_zero(top, expected):
    assert ticks(top) == expected


def test_shades_hold_about_as_many_numbers_each_and_none_is_no_shade():
    steps = shades([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    assert steps == [1, 3, 5, 7, 9]
    assert [shade(steps, n) for n in (0, 1, 2, 3, 10)] == [0, 1, 1, 2, 5]
    assert legend(steps)[0] == (1, "1–2") and legend(steps)[-1] == (5, "9+")
    assert shades([]) == [1, 2, 3, 4, 5]


def months(now, before, **more):
    names = [f"Month {n}" for n in range(len(now))]
    return Lines(names, now, before, [f"/m/{n}" for n in range(len(now))], **more)


def test_points_of_a_line_stand_where_their_numbers_say():
    chart = months([0, 50, 100], [100, 50, 0], ends=("This time", "Year before"))
    assert chart.path == "M46.0 202.0 L261.0 108.0 L476.0 14.0"
    assert chart.path_before == "M46.0 14.0 L261.0 108.0 L476.0 202.0"
    assert [(d.x, d.y, d.label, d.url) for d in chart.dots][1] == (
        261.0,
        108.0,
        "Month 1: 50",
        "/m/1",
    )
    assert [tick.text for tick in chart.grid] == ["0", "50", "100"]
    assert [(w.text, w.y) for w in chart.end_words] == [("This time", 18.0), ("Year before", 206.0)]


def test_words_of_two_lines_that_meet_do_not_touch():
    above, below = months([10, 10], [10, 10], ends=("Now", "Then")).end_words
    assert below.y - above.y >= 14


def test_a_period_of_one_month_and_an_empty_one_are_drawn():
    assert [(d.x, d.y) for d in months([4], [0]).dots] == [(261.0, 14.0)]
    assert months([], []).path == "" and months([], []).end_words == []
    assert months([0, 0], [0, 0]).path == "M46.0 202.0 L476.0 202.0"


def test_of_many_months_a_few_are_named_and_the_last_is_one_of_them():
    chart = months([1] * 120, [1] * 120)
    words = [w.text for w in chart.words]
    assert len(words) <= 7 and words[-1] == "Month 119"


def test_bars_are_as_long_as_their_numbers_and_marked_for_the_time_before():
    chart = Bars(["Call", "Visit", "Other"], [40, 20, 0], [10, 80, 0], ["/a", "/b", ""])
    assert [(b.width, b.before, b.first) for b in chart.bars] == [
        (240.0, 60.0, True),
        (120.0, 480.0, False),
        (1.0, 0.0, False),
    ]
    assert chart.height == 132


def test_a_spark_ends_at_its_last_number():
    assert Spark([0, 10]).end == (132.0, 6.0)
    assert Spark([]).end is None


NUMBERS = {
    "WA": (12, False, "/wa"),
    "AL": (0, True, "/al"),
    "RI": (3, False, "/ri"),
    "--": (1, False, ""),
}
NAMES = {"WA": "Washington", "AL": "Alabama", "RI": "Rhode Island", "--": "Outside regions"}


def test_a_map_says_a_number_for_each_state_asked_about_and_nothing_of_the_others():
    chart = StateMap(NUMBERS, NAMES)
    by_code = {place.code: place for place in chart.states}
    assert (by_code["WA"].label, by_code["WA"].url, by_code["WA"].word.text) == (
        "Washington: 12",
        "/wa",
        "12",
    )
    assert by_code["AL"].is_gap and by_code["AL"].label == "Alabama: no partner"
    assert (by_code["OR"].level, by_code["OR"].label, by_code["OR"].url) == (None, "", "")
    assert [place.word.text for place in chart.squares] == ["RI 3", "Outside 1"]


def test_every_state_has_a_shape_or_a_square():
    with (ROOT / "config/defaults/states.csv").open() as stream:
        codes = {row["code"] for row in csv.DictReader(stream)}
    assert codes == set(shapes()) | set(BELOW)
    assert set(BESIDE) <= set(shapes())


def test_the_shapes_are_those_that_the_tool_makes(tmp_path, monkeypatch):
    monkeypatch.setattr(map_of_states, "TARGET", tmp_path / "states.json")
    assert map_of_states.main() == 0
    kept = ROOT / "dashboards/drawing/states.json"
    assert json.loads((tmp_path / "states.json").read_text()) == json.loads(kept.read_text())


def cell(value, level=0, **more):
    return HeatCell(value, 0, level, f"/cell/{value}", f"{value} meetings", **more)


class Heat:
    """A table of one region and two communities, one of them without a partner."""

    columns = [("a", "A", "Alpha"), ("b", "B", "Beta")]
    rows = [HeatRow("Pacific", [cell(7, 5), cell(None, is_gap=True)], cell(8))]
    totals, total = [cell(9), cell(0)], cell(10)


def test_cells_of_the_heat_map_stand_and_lead_as_in_the_table():
    figure = plots.heat(Heat)
    bars = figure["data"][0]
    assert bars["text"] == ["7", "None", "8", "9", "0", "10"]
    assert bars["customdata"] == [
        "/cell/7",
        "/cell/None",
        "/cell/8",
        "/cell/9",
        "/cell/0",
        "/cell/10",
    ]
    assert [round(x, 1) for x in bars["base"]] == [0, 1, 2, 0, 1, 2]
    assert bars["y"] == [0.5, 0.5, 0.5, 1.5, 1.5, 1.5]
    fills = bars["marker"]["color"]
    assert fills[:2] == ["--h5", "--surface"] and set(fills[2:]) == {"rgba(0,0,0,0)"}
    assert bars["insidetextfont"]["color"][:3] == ["--h5t", "--on-sun", "--ink"]
    assert bars["marker"]["line"]["width"] == [0, 2, 0, 0, 0, 0]  # a gap has a frame
    names = [one["text"] for one in figure["layout"]["annotations"]]
    assert names == ["Alpha", "Beta", "All", "Pacific", "All"]


@pytest.mark.parametrize(
    "figure",
    [
        plots.lines(months([1, 2], [2, 1], partial=frozenset({1}), short=["A", "B"])),
        plots.lines(months([], [])),
        plots.bars(Bars(["Call"], [4], [1], ["/a"])),
        plots.states(StateMap(NUMBERS, NAMES)),
        plots.heat(Heat),
    ],
    ids=["lines", "no months", "bars", "states", "heat"],
)
def test_what_the_script_draws_is_a_figure_of_plotly(figure):
    made = go.Figure(_listed(figure))
    assert len(made.data) == len(figure["data"])


def _listed(part):
    """The same with a colour for every token."""
    if isinstance(part, dict):
        return {key: _listed(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_listed(value) for value in part]
    return "rgb(1,2,3)" if isinstance(part, str) and part.startswith("--") else part


def test_a_mark_of_the_plot_leads_where_the_drawing_leads():
    chart = months([1, 2], [2, 1])
    assert plots.lines(chart)["data"][1]["customdata"] == [dot.url for dot in chart.dots]
