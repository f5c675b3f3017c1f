"""What verdicts over many splits promise, on simulated scores; `python -m benchmarks beyond` prints all tables."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import beyond

EXPERIMENTS = 200


def most(experiments: int) -> float:
    """Return the highest rate that a true 5% shows in 999 of 1000 simulations."""
    return 0.05 + 3.1 * float(np.sqrt(0.05 * 0.95 / experiments))


@pytest.mark.parametrize(
    ("shape", "configurations", "splits"), [*((shape, 2, 6) for shape in beyond.SHAPES), ("heteroscedastic", 5, 12)]
)
def test_equal_configurations_over_series(shape: str, configurations: int, splits: int) -> None:
    """They are told apart in at most 5% of experiments, however splits differ and however uneven effects are."""
    rng = np.random.default_rng([splits, *shape.encode()])
    found = beyond.rate(EXPERIMENTS, lambda: beyond.of_series(rng, shape, configurations, splits))
    assert found <= most(EXPERIMENTS)


@pytest.mark.parametrize("correlation", [0.0, 0.25, 0.5])
@pytest.mark.parametrize("windows", [6, 12, 50])
def test_equal_configurations_over_windows(windows: int, correlation: float) -> None:
    """The same holds where neighbours correlate by up to 0.5, for which a plain t-test errs in a fifth or more."""
    rng = np.random.default_rng([windows, int(100 * correlation)])
    plain, _, used = beyond.rates_of_window_tests(rng, 10_000, windows, correlation)
    assert used <= 0.057
    assert correlation < 0.5 or plain > 0.2


def test_power_over_series() -> None:
    """A difference is found as often as the noncentral t says."""
    rng = np.random.default_rng(1)
    found = beyond.rate(EXPERIMENTS, lambda: beyond.of_series(rng, "normal", 2, 12, 1.5), beyond.found_last)
    assert found == pytest.approx(beyond.power_in_theory(12, 1.5 / np.sqrt(2)), abs=0.12)


def test_equal_configurations_on_these_splits() -> None:
    """Seeds that are shared by splits do not make verdicts on these splits surer than they are."""
    rng = np.random.default_rng(2)
    assert beyond.rate_on_these(EXPERIMENTS, rng, "normal", 2, 6) <= most(EXPERIMENTS)
