"""Split conformal intervals by step and target."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from scheduler.statistics.intervals.conformal import Basis, conformal
from scheduler.statistics.intervals.levels import TooFewResiduals
from scheduler.statistics.intervals.paths import residual_paths

Floats = NDArray[np.float64]
RNG = np.random.default_rng(11)


def test_the_residual_at_the_place_of_the_level() -> None:
    """Of 19 residuals of 1 to 19 in size, 80% takes the 16th and 95% the 19th, step by step and target by target."""
    sizes = RNG.permutation(np.arange(1.0, 20)) * RNG.choice([-1, 1], 19)
    found = conformal(sizes[:, None, None] * [[[1.0, 10.0], [2.0, 20.0]]], (80, 95))
    assert found.high.tolist() == [[[16, 160], [32, 320]], [[19, 190], [38, 380]]]
    assert (found.low == -found.high).all()
    assert found.residuals.tolist() == [[19, 19], [19, 19]]
    assert set(found.basis) == {(Basis.CONFORMAL, Basis.CONFORMAL)}


def test_intervals_about_forecasts() -> None:
    """Of one origin, or of several."""
    found = conformal(np.arange(1.0, 20).reshape(-1, 1, 1), (80, 95))
    low, high = found.around(np.array([[100.0]]))
    assert (low.tolist(), high.tolist()) == ([[[84]], [[81]]], [[[116]], [[119]]])
    low, high = found.around(np.zeros((7, 1, 1)))
    assert low.shape == high.shape == (2, 7, 1, 1)


def test_a_level_that_the_rows_cannot_carry() -> None:
    """It is refused with the number needed, at the step and the target that have the fewest."""
    residuals = RNG.normal(size=(20, 3, 2))
    residuals[:8, 2, 1] = np.nan
    with pytest.raises(TooFewResiduals, match=r"needs 19 .* there are 12 for step 3 of price"):
        conformal(residuals, (80, 95), targets=("sales", "price"))
    assert np.isfinite(conformal(residuals, (80, 92)).high).all()


def test_steps_beyond_the_horizon() -> None:
    """Recursive residuals while there are enough of them, then simulated paths; each step says which."""
    residuals = RNG.normal(size=(21, 5, 1))
    for step in range(1, 5):
        residuals[-step:, step] = np.nan
    paths = RNG.normal(size=(1000, 5, 1))
    found = conformal(residuals, (95,), horizon=2, paths=paths)
    assert list(found.basis[0]) == ["conformal", "conformal", "recursive", "model-based", "model-based"]
    assert found.high[0, 4, 0] == pytest.approx(1.96, abs=0.15)
    with pytest.raises(TooFewResiduals, match=r"there are 17 for step 5.*`test: 23`"):
        conformal(residuals, (95,), horizon=2)


def test_an_infinite_error_counts() -> None:
    """A forecast that overflowed was wrong: it is no missing value."""
    residuals = np.array([1.0, 2, 3, np.inf, np.nan]).reshape(-1, 1, 1)
    assert conformal(residuals, (80,)).high.item() == np.inf
    assert conformal(residuals, (60,)).high.item() == 3


#: rows of the walk-forward, series of a simulation, and the origins that are forecast
ROWS, SERIES, FAR = 120, 500, 12


def _noise() -> Floats:
    """Return white noise, one row a series."""
    return RNG.normal(size=(SERIES, ROWS + 2 * FAR))


def _autoregressive() -> Floats:
    values, noise = np.zeros((SERIES, ROWS + 2 * FAR + 50)), RNG.normal(size=(SERIES, ROWS + 2 * FAR + 50))
    for time in range(1, values.shape[1]):
        values[:, time] = 0.5 * values[:, time - 1] + noise[:, time]
    return values[:, 50:]


def _persistent(past: Floats, step: int) -> Floats:
    """Forecast a process of order 1 with half of the last value, and half of that."""
    return np.asarray(past * 0.5**step)


SIMULATED: dict[str, tuple[Callable[[], Floats], Callable[[Floats, int], Floats]]] = {
    "linear trend": (lambda: 0.3 * np.arange(ROWS + 2 * FAR) + _noise(), lambda past, step: past + 0.3 * step),
    "seasonal sine": (
        lambda: 5 * np.sin(np.arange(ROWS + 2 * FAR) * np.pi / 6) + _noise(),
        lambda past, step: np.zeros_like(past) + 5 * np.sin((np.arange(past.shape[1]) + step) * np.pi / 6),
    ),
    "AR(1)": (_autoregressive, _persistent),
}


@pytest.mark.parametrize("name", SIMULATED)
@pytest.mark.parametrize("step", [1, FAR])
def test_intervals_hold(name: str, step: int) -> None:
    """Of 500 series, as many future values lie in their intervals as 80 and 95% say, to within the binomial error."""
    draw, forecast = SIMULATED[name]
    values = draw()
    errors = values[:, step:] - forecast(values, step)[:, : values.shape[1] - step]
    known, future = errors[:, :ROWS], errors[:, ROWS + FAR - 1]
    found = conformal(known.T[:, :, None], (80, 95))  # each series stands as a step of its own
    for level, reach in zip(found.levels, found.high[..., 0], strict=True):
        held = int((np.abs(future) <= reach).sum())
        low, high = stats.binom.interval(0.999, SERIES, level / 100)
        assert low <= held <= high


def test_paths_hold_what_an_autoregressive_process_does() -> None:
    """Their 95% interval of a random walk grows with the root of the steps, as it does in theory."""
    residuals = RNG.normal(size=(200, 1, 1))

    def forecast(known: Floats) -> Floats:
        return known[:, -1:] if known.shape[1] else np.zeros((len(known), 1, 1))

    paths = residual_paths(forecast, residuals, 12, count=4000)
    found = conformal(np.full((1, 12, 1), np.nan), (95,), horizon=1, paths=paths)
    assert set(found.basis[0]) == {Basis.MODEL}
    assert found.high[0, :, 0] / found.high[0, 0, 0] == pytest.approx(np.sqrt(np.arange(1, 13)), rel=0.1)
