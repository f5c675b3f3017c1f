"""Scores and the baseline."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.series.source import BUNDLED
from store.records import Forecasts, Series
from store.schema.configuration import Configuration
from worker.engine import score


def test_persistence_of_shampoo_is_the_published_number() -> None:
    """Forecasting the last month has an RMSE of 136.761 over the last year."""
    path = BUNDLED / "shampoo.csv"
    values = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=1)
    series = Series(name="shampoo", columns=("Sales",), values=values[:, None], content_hash="x")
    columns = {"name": "shampoo", "targets": ("Sales",), "inputs": ("Sales",)}
    assert score.persistence(Configuration.model_validate({"series": columns}), series) == pytest.approx(
        136.761, abs=5e-4
    )


def test_rmse_of_known_errors() -> None:
    """Errors of 3 and 4 give the root of 12.5."""
    assert score.rmse(np.array([[[1.0]], [[2.0]]]), np.array([[[4.0]], [[-2.0]]])) == pytest.approx(12.5**0.5)


@pytest.mark.parametrize("exponent", [-500, -70, 0, 67, 500])
def test_rmse_scales_with_the_units(exponent: int) -> None:
    """In units that are powers of two larger or smaller it is the same number, to the last bit."""
    observed = np.random.default_rng(0).normal(size=(7, 2, 1))
    unit = 2.0**exponent
    assert score.rmse(unit * observed, 0 * observed) == unit * score.rmse(observed, 0 * observed)


def test_no_errors_and_one_that_is_not_a_number() -> None:
    """Perfect forecasts score 0, and NaN stays NaN."""
    assert score.rmse(np.ones((2, 1, 1)), np.ones((2, 1, 1))) == 0
    assert np.isnan(score.rmse(np.ones((2, 1, 1)), np.array([[[1.0]], [[np.nan]]])))


def test_parts_name_steps_and_targets() -> None:
    """Two steps of two targets are scored by step and by target; one of each by neither."""
    observed = np.zeros((3, 2, 2))
    forecast = observed + np.array([[1.0, 1.0], [2.0, 2.0]])
    scores = score.parts(Forecasts(observed=observed, forecast=forecast), ("a", "b"))
    assert scores == pytest.approx({"step_1": 1.0, "step_2": 2.0, "a": 2.5**0.5, "b": 2.5**0.5})
    single = Forecasts(observed=observed[:, :1, :1], forecast=forecast[:, :1, :1])
    assert score.parts(single, ("a",)) == {}


def test_numbers_that_are_not_finite_score_as_such() -> None:
    """A forecast that is infinite has no warning and no finite score."""
    assert not np.isfinite(score.rmse(np.zeros((1, 1, 1)), np.full((1, 1, 1), np.inf)))
