"""The table of the ensembles: every configuration's repeats together, scored as one forecast."""

from __future__ import annotations

import time

import numpy as np
import pytest

from scheduler.statistics.ensembles.table import Members, score_ensembles
from store import ForecastSet
from store.forecast_scores import SCORES, naive_scale, scale_arrays, score_forecasts

RNG = np.random.default_rng(2)
SCALES = scale_arrays([naive_scale(RNG.normal(100, 5, 40)) for _ in range(2)])


def made(repeats: int, *, targets: int = 2) -> ForecastSet:
    """Return forecasts of 6 rows of 3 steps."""
    observed = RNG.normal(100, 10, (6, 3, targets))
    forecast = observed + RNG.normal(0, 10, (repeats, *observed.shape))
    return ForecastSet(repeats=np.arange(repeats), observed=observed, forecast=forecast)


def test_scores_are_those_of_the_combined_forecast() -> None:
    """All six, also by target and step; configurations of different sizes keep their order."""
    sets = {"a": made(5), "b": made(5), "c": made(7)}
    found = score_ensembles(Members.of(label, one, None, SCALES) for label, one in sets.items())
    medians = found.scores[found.scores["combination"] == "median"].set_index("configuration")
    assert list(medians.index) == ["a", "b", "c"]
    for label, one in sets.items():
        median = np.median(one.forecast, axis=0)
        expected = score_forecasts(one.observed, median, SCALES)
        assert [medians.loc[label, name] for name in SCORES] == pytest.approx([float(expected[n]) for n in SCORES])
        steps = found.steps[found.steps["configuration"] == label].set_index(["target", "step"])
        assert steps.loc[(2, 3), "mae"] == pytest.approx(np.mean(np.abs(median - one.observed)[:, 2, 1]))
    assert (medians["low"] <= medians["rmse"]).all()
    assert found.scores.loc[found.scores["combination"] == "mean", "low"].isna().all()


def test_repeats_that_diverged_are_left_out() -> None:
    """So is a repeat that is not asked for; a single one is no ensemble."""
    one = made(4)
    one.forecast[1, 0, 0, 0] = np.inf
    assert len(Members.of("a", one).forecast) == 3
    found = score_ensembles([Members.of("a", one, [0, 1, 2])])
    assert found.scores["repeats"].tolist() == [2, 2, 2]
    assert np.isnan(found.scores["low"]).all()
    alone = score_ensembles([Members.of("a", one, [0, 1])])
    assert alone.scores.empty
    assert alone.steps.empty


def test_many_configurations_are_quick() -> None:
    """100,000 repeats take well under 5 s, on any machine that runs the tests."""
    observed = RNG.normal(100, 10, (12, 1, 1))
    forecast = observed + RNG.normal(0, 10, (10, 12, 1, 1))
    one = ForecastSet(repeats=np.arange(10), observed=observed, forecast=forecast)
    before = time.process_time()
    found = score_ensembles((Members.of(str(place), one) for place in range(2000)), sure={"1"})
    assert time.process_time() - before < 2.5
    assert len(found.scores) == 6000
    assert found.steps.empty
