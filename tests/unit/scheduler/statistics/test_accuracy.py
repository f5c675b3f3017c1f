"""Whether a forecast is more accurate beyond the rows at hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from scheduler.statistics.accuracy import compare_accuracy, fewest_rows, median_forecast

SERIES = 500


def shaped(values: np.ndarray) -> np.ndarray:
    """One step, one target."""
    return values.reshape(len(values), -1, 1)


def test_one_step_is_a_t_test() -> None:
    """With one step the corrected statistic is Student's t of the differences of squared errors."""
    first, second, observed = np.random.default_rng(1).normal(size=(3, 20))
    found = compare_accuracy(*map(shaped, (first, second, observed)))
    wanted = stats.ttest_1samp((first - observed) ** 2 - (second - observed) ** 2, 0)
    assert (found.statistic, found.p) == pytest.approx((wanted.statistic, wanted.pvalue))


@pytest.mark.parametrize("factor", [1e-25, 1e25, 1e150])
def test_units_do_not_matter(factor: float) -> None:
    """The same forecasts in other units have the same p."""
    given = np.random.default_rng(2).normal(size=(3, 24, 3, 2))
    plain, scaled = compare_accuracy(*given), compare_accuracy(*(given * factor))
    assert scaled.p == pytest.approx(plain.p)


@pytest.mark.parametrize(("rows", "steps", "enough"), [(9, 1, False), (10, 1, True), (15, 2, False), (32, 4, True)])
def test_too_few_rows(rows: int, steps: int, enough: bool) -> None:
    """Below its own minimum the test says nothing."""
    given = np.random.default_rng(3).normal(size=(3, rows, steps, 1))
    assert np.isfinite(compare_accuracy(*given).p) == enough == (rows >= fewest_rows(steps))


def test_equal_forecasts_are_equal() -> None:
    """No difference is no evidence."""
    first, observed = np.random.default_rng(4).normal(size=(2, 20, 1, 1))
    assert compare_accuracy(first, first, observed).p == 1


def test_medians_leave_out_what_diverged() -> None:
    """Repeats with forecasts that are not finite do not count."""
    repeats = np.arange(4.0).reshape(4, 1, 1, 1)
    repeats[3] = np.inf
    assert median_forecast(repeats) == 1
    assert median_forecast(repeats[3:]) is None


@pytest.mark.parametrize(("rows", "steps"), [(10, 1), (12, 1), (24, 1), (16, 2), (48, 4)])
@pytest.mark.parametrize("noise", [0.05, 0.5])
def test_an_optimal_baseline_is_seldom_beaten(rows: int, steps: int, noise: float) -> None:
    """On 500 random walks persistence is optimal: a forecast that strays from it is called better in 5% at most."""
    rng = np.random.default_rng(5)
    wrong = 0
    for _ in range(SERIES):
        walk = np.cumsum(rng.normal(size=rows + steps))
        observed = np.stack([walk[row + 1 : row + 1 + steps] for row in range(rows)])[:, :, None]
        persistence = np.repeat(walk[:rows, None, None], steps, axis=1)
        strayed = persistence + noise * rng.normal(size=persistence.shape)
        found = compare_accuracy(strayed, persistence, observed)
        wrong += found.p <= 0.05 and found.statistic < 0
    assert wrong <= 0.05 * SERIES + 2 * np.sqrt(0.05 * 0.95 * SERIES)


def test_a_better_forecast_is_found() -> None:
    """Of a series that returns to its mean, the mean is the better forecast."""
    rng = np.random.default_rng(6)
    series = rng.normal(size=101)
    found = compare_accuracy(*map(shaped, (np.zeros(100), series[:-1], series[1:])))
    assert found.statistic < 0
    assert found.p < 0.001
