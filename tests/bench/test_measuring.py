"""The arithmetic of measurements: medians of rounds, ratios, goals, void runs, growth."""

import time

import pytest

from bench.measuring import (
    AS_REFERENCE,
    FAIL,
    NONE,
    PASS,
    VOID,
    Goal,
    Pair,
    Result,
    Round,
    Values,
    Work,
    at,
    cells,
    growth,
    growth_verdict,
    least,
    most,
    one_round,
    shown,
    table,
    timed,
    within,
)


def result(
    goal: Goal | None, *rounds: tuple[list[float], list[float]], grows: float = 1.3
) -> Result:
    """The result of rounds (ours, the reference's)."""
    one = Work(
        "name", "Title", "reference", goal, "ms", ("sqlite",), False, grows, lambda world: None
    )
    return Result(one, [Round(ours, other) for ours, other in rounds])


def test_a_value_is_the_median_of_the_rounds():
    found = result(most(2), ([1, 9, 9], [4]), ([2, 2, 2], [4]), ([3, 3, 90], [4]))
    assert (found.ours(), found.ours("worst"), found.reference()) == (3, 9, 4)


def test_the_share_of_values_that_are_not_above():
    assert at([5, 1, 3, 2, 4], 0.5) == 3
    assert at([float(n) for n in range(100)], 0.95) == 95
    assert at([7], 1.0) == 7


def test_the_ratio_is_the_median_of_the_ratios_of_rounds():
    found = result(most(2), ([10], [10]), ([30], [15]), ([18], [12]))
    assert found.ratio == 1.5


@pytest.mark.parametrize(("ours", "verdict"), [(20, PASS), (21, FAIL)])
def test_most_bounds_ours_by_the_reference(ours, verdict):
    assert result(most(2), ([ours], [10])).verdict == verdict


@pytest.mark.parametrize(("ours", "verdict"), [(30, PASS), (31, FAIL)])
def test_most_may_allow_some_milliseconds_more(ours, verdict):
    assert result(most(2, plus=10), ([ours], [10])).verdict == verdict


@pytest.mark.parametrize(("ours", "verdict"), [(10, PASS), (11, FAIL)])
def test_least_asks_for_a_speed(ours, verdict):
    found = result(least(100), ([ours], [1_000]))
    assert found.verdict == verdict
    assert found.ratio == 1_000 / ours


@pytest.mark.parametrize(("ours", "verdict"), [(60, PASS), (60.1, FAIL)])
def test_within_bounds_the_value_itself(ours, verdict):
    assert result(within(60), ([ours], [])).verdict == verdict


def test_a_reference_that_swings_twofold_is_steady_and_more_makes_the_run_void():
    assert result(most(2), ([10], [10]), ([10], [20])).verdict == PASS
    shaken = result(most(2), ([10], [10]), ([10], [21]))
    assert shaken.verdict == VOID
    assert cells(shaken)[-1] == "void: the reference swung 2.1 ×"


def test_the_swing_is_that_of_the_value_which_the_goal_is_about():
    rounds = ([1] * 99 + [8], [10] * 100), ([1] * 99 + [8], [10] * 90 + [50] * 10)
    assert result(most(2), *rounds).verdict == PASS
    assert result(most(2, at="p95"), *rounds).verdict == VOID


def test_no_goal_and_no_means_give_no_verdict():
    assert result(None, ([10], [10])).verdict == NONE
    missing = result(most(2))
    missing.missing = "there is no summary yet"
    assert missing.verdict == NONE
    assert cells(missing)[-1] == "there is no summary yet"


def test_growth_is_that_of_ours():
    small, large = result(most(2), ([10], [5])), result(most(2), ([13], [20]))
    assert growth(small, large) == pytest.approx(1.3)
    assert growth_verdict(small, large) == PASS
    assert growth_verdict(small, result(most(2), ([13.1], [20]))) == FAIL
    assert growth_verdict(small, result(most(2), ([13], [20]), ([13], [41]))) == VOID


def test_a_work_may_grow_as_its_reference_does():
    small = result(most(2), ([10], [5]), grows=AS_REFERENCE)
    for other, verdict in (([6.6], PASS), ([6.4], FAIL)):
        large = result(most(2), ([13], other), grows=AS_REFERENCE)
        assert growth_verdict(small, large) == verdict


def test_what_was_nothing_does_not_grow():
    assert growth(result(most(2), ([0.0], [20])), result(most(2), ([0.5], [20]))) is None


def test_a_round_calls_both_in_turn_and_ends_by_number_or_by_time():
    called: list[str] = []
    pair = Pair(lambda: called.append("ours"), lambda: called.append("reference"), calls=2)
    done = one_round(pair)
    assert called == ["reference", "ours", "reference", "ours"]
    assert len(done.ours) == len(done.reference) == 2
    assert len(one_round(Pair(lambda: None, calls=7, seconds=0)).ours) == 1
    assert len(one_round(Pair(lambda: None, calls=7), once=True).ours) == 1


def test_a_function_may_measure_itself():
    done = one_round(Pair(lambda: Values([3, 4]), lambda: Values([8]), calls=7))
    assert (done.ours, done.reference) == ([3, 4], [8])
    assert timed(lambda: [3_000.0])[0] < 1_000  # a plain list is no measurement


def test_the_time_of_the_processor_does_not_count_waiting():
    def wait():
        time.sleep(0.2)

    assert timed(wait, "cpu")[0] < 100 < timed(wait, "wall")[0]


def test_numbers_are_shown_with_the_digits_that_count():
    assert [shown(n) for n in (None, 0.0234, 0.5, 12.34, 1234.5)] == [
        "", "0.023", "0.50", "12.3", "1,234"
    ]  # fmt: skip


def test_the_table_is_markdown():
    assert table(("a", "bb"), [["ccc", "d"]]).splitlines() == [
        "| a   | bb |",
        "|-----|----|",
        "| ccc | d  |",
    ]


def test_a_pair_takes_five_rounds():
    assert Pair(lambda: None).rounds == 5
