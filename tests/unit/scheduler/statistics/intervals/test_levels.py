"""Levels of intervals, and the residuals that they need."""

from __future__ import annotations

import pytest

from scheduler.statistics.intervals.levels import (
    TooFewResiduals,
    fewest_residuals,
    highest_level,
    place_of,
    read_levels,
)
from store.errors import UsageError


def test_the_finite_sample_correction() -> None:
    """80% needs 4 residuals, 95% needs 19, and of so many the largest bounds the interval."""
    for level, needed in ((50, 1), (80, 4), (90, 9), (95, 19), (97.5, 39), (99, 99)):
        assert fewest_residuals(level) == needed
        assert place_of(level, needed) == needed
        assert place_of(level, needed - 1) > needed - 1


def test_rounding_moves_no_place() -> None:
    """20 * 0.55 is 11.000000000000002 in floating point, and its ceiling 11 nevertheless."""
    assert place_of(55, 19) == 11
    for count in range(1, 500):
        assert fewest_residuals(highest_level(count)) <= count < fewest_residuals(highest_level(count) + 1 - 1e-12) + 1


def test_levels_are_read() -> None:
    """They rise, each is there once, and 80 is meant where none is given."""
    assert read_levels([95, 80, 95.0]) == (80.0, 95.0)
    assert read_levels([]) == (80.0,)


@pytest.mark.parametrize("level", [0.95, 0, 100, 200, -5, float("nan")])
def test_a_wrong_level(level: float) -> None:
    """The message names it and what is meant."""
    with pytest.raises(UsageError, match=rf"level {level:g} is no percentage .* 80 asks for"):
        read_levels([80, level])


def test_the_advice_on_too_few_rows_is_enough() -> None:
    """The number of test rows that it names, and the lower level, are such that the residuals suffice."""
    problem = TooFewResiduals(95, 7, rows=12, where="step 6")
    assert str(problem) == (
        "an interval of level 95 needs 19 residuals from the test rows, and there are 7 for step 6: "
        "ask for more test rows in the grid (`test: 24`), or for a level of at most 87"
    )
    assert problem.rows_needed - (12 - 7) == fewest_residuals(95)
    assert fewest_residuals(87) <= 7 < fewest_residuals(88)
    assert str(TooFewResiduals(80, 0)).endswith("(`test: 4`)")
