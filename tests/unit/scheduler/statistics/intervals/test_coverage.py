"""How often intervals held what came."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from scheduler.statistics.intervals.coverage import clopper_pearson, leave_one_out, walk_forward
from scheduler.statistics.intervals.levels import place_of
from scheduler.statistics.intervals.scores import interval_score

RNG = np.random.default_rng(7)


@pytest.mark.parametrize(("held", "checked"), [(0, 12), (5, 12), (12, 12), (470, 500)])
def test_the_binomial_interval_equals_that_of_scipy(held: int, checked: int) -> None:
    """Clopper and Pearson's, which is exact."""
    expected = stats.binomtest(held, checked).proportion_ci(method="exact")
    assert clopper_pearson(held, checked) == pytest.approx((expected.low, expected.high))
    assert clopper_pearson(0, 0) == (0.0, 1.0)


def test_each_row_against_all_others() -> None:
    """As one by one: the interval of the others, whether it holds the row, its width and its score."""
    residuals = RNG.normal(size=(24, 2, 2))
    residuals[3, 1, 0] = np.nan
    for level in (50, 80, 95):
        rows = []
        for step, target in np.ndindex(2, 2):
            column = residuals[:, step, target]
            column = column[~np.isnan(column)]
            for row, left_out in enumerate(column):
                others = np.sort(np.abs(np.delete(column, row)))
                reach = others[place_of(level, len(others)) - 1]
                rows.append((abs(left_out) <= reach, 2 * reach, interval_score(-reach, reach, left_out, level)))
        found = leave_one_out(residuals, level)
        assert (found.held, found.checked) == (sum(row[0] for row in rows), len(rows))
        assert found.interval() == clopper_pearson(found.held / 4, found.checked / 4)
        assert found.width == pytest.approx(np.mean([row[1] for row in rows]))
        assert found.interval_score == pytest.approx(np.mean([row[2] for row in rows]))
        assert found.pinball == pytest.approx(found.interval_score * (1 - level / 100) / 4)


def test_each_row_against_those_known_before() -> None:
    """A row of step 3 is known two rows later than one of step 1."""
    residuals = np.zeros((10, 3, 1))
    residuals[4, 0] = 1.0
    first = walk_forward(residuals[:, :1], 80)
    assert (first.checked, first.held) == (6, 5)
    assert walk_forward(residuals, 80).checked == 6 + 5 + 4


def test_errors_that_grow_are_noticed_only_in_order() -> None:
    """Leaving one out cannot see them: it counts ranks."""
    residuals = (np.arange(1.0, 61) ** 2 * RNG.choice([-1, 1], 60)).reshape(-1, 1, 1)
    assert leave_one_out(residuals, 80).share == pytest.approx(0.8)
    assert walk_forward(residuals, 80).share == 0


def test_many_rows_are_checked_about_as_one_by_one() -> None:
    """Their interval is made anew only now and then."""
    residuals = RNG.normal(size=(5000, 3, 1))
    found = walk_forward(residuals, 80)
    assert found.checked > 14_000
    assert found.share == pytest.approx(0.8, abs=0.02)


def test_too_few_rows_check_nothing() -> None:
    """There is no coverage, and no error."""
    found = leave_one_out(RNG.normal(size=(4, 1, 1)), 80)
    assert (found.checked, found.interval()) == (0, (0.0, 1.0))
    assert np.isnan([found.share, found.width, found.interval_score]).all()
