"""How sure the error of an ensemble is, and how it falls with the number of repeats."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from scheduler.statistics.ensembles.combine import median
from scheduler.statistics.ensembles.resampling import FEWEST, by_size, enough, interval

ROWS = 12
RNG = np.random.default_rng(5)
BIAS = RNG.normal(0, 1, (ROWS, 1, 1))


def drawn(*shape: int) -> NDArray[np.float64]:
    """Return forecasts of 0, with an error in common and one of each repeat."""
    return BIAS + RNG.normal(0, 1, (*shape, ROWS, 1, 1))


def rmse(forecasts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the RMSE of forecasts of 0."""
    return np.asarray(np.sqrt(np.mean(forecasts**2, axis=(-3, -2, -1))))


@pytest.mark.parametrize("repeats", [5, 10, 30])
def test_the_interval_covers_the_expected_error(repeats: int) -> None:
    """In at least 95% of 200 experiments, with three standard errors of such a share to spare."""
    expected = float(np.mean(rmse(median(drawn(2000, repeats), axis=1))))
    covered = [low <= expected <= high for low, high in (interval(drawn(repeats), rmse) for _ in range(200))]
    assert np.mean(covered) > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 200)


def test_few_repeats_have_no_interval() -> None:
    """Their spread says too little."""
    assert np.isnan(interval(drawn(FEWEST - 1), rmse)).all()
    low, high = interval(np.zeros((FEWEST, ROWS, 1, 1)), rmse)
    assert (low, high) == (0.0, 0.0)


def test_very_many_repeats_are_drawn_from() -> None:
    """The interval of 2,000 is about half as wide as that of 500, though no more of them are drawn at once."""
    wide, narrow = (float(np.ptp(interval(drawn(count), rmse))) for count in (500, 2000))
    assert narrow / wide == pytest.approx(0.5, rel=0.3)


def test_the_error_falls_with_the_number_of_repeats() -> None:
    """From the mean of single repeats to that of all of them together."""
    forecasts = drawn(30)
    sizes, errors = by_size(forecasts, rmse)
    assert sizes.tolist() == [1, 2, 3, 4, 5, 7, 10, 15, 20, 30]
    assert errors[0] == pytest.approx(np.mean(rmse(forecasts)))
    assert errors[-1] == pytest.approx(float(rmse(median(forecasts))))
    assert errors[0] > errors[3] > errors[-1]
    assert by_size(drawn(3000), rmse)[0][-1] == 200


def test_how_many_are_enough() -> None:
    """The fewest that are expected to be as good as all of them to within 1%."""
    sizes = np.array([1, 2, 5, 10])
    assert enough(sizes, np.array([9.0, 5.0, 4.03, 4.0])) == 5
    assert enough(sizes, np.array([4.0, 4.0, 4.0, 4.0])) == 1
    assert enough(sizes, np.full(4, np.nan)) is None
