"""From a store to a report: where the test part lies, the errors of each step, and the best baseline's forecasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from scheduler import load_grid
from scheduler.lifecycle.submission import record
from scheduler.report.gather import gather
from scheduler.report.report_data import ReportData, TestPart
from scheduler.statistics.baselines import compute_baselines
from scheduler.study import Study
from store import Experiment, Forecasts, Result, Series, Store, open_store
from store.errors import UsageError
from tests.examples import PROVENANCE

BASE: dict[str, Any] = {"series": "shampoo", "test": 12, "repeats": 2, "training": {"epochs": 2}}


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """An empty store."""
    with open_store(sqlite_url, create=True) as opened:
        yield opened


def finished(store: Store, fields: Mapping[str, Any], *, off: float = 1.0) -> Experiment:
    """Record a grid and end each repeat with forecasts that are off by the same everywhere."""
    submitted = record(store, load_grid({**BASE, **fields})).experiment
    configuration = load_grid({**BASE, **fields}).points[0].configuration
    series = store.series.get(configuration.series.content_hash)
    columns = [series.columns.index(name) for name in configuration.series.targets]
    observed = _rows(series, columns, configuration.test, configuration.prepare.horizon)
    while jobs := store.jobs.claim_next(owner="w", lease=60, workers=1):
        results = [
            Result(
                job_id=job.id,
                train_rmse=off / 2,
                test_rmse=off,
                diverged=False,
                seconds=0.1,
                trajectory=None,
                forecasts=Forecasts(observed=observed, forecast=observed + off),
            )
            for job in jobs
        ]
        store.results.save(results, owner="w", provenance=PROVENANCE)
    asked = {"test": configuration.test, "horizon": configuration.prepare.horizon, "names": ["persistence"]}
    best = compute_baselines(series.values[:, columns], **asked)
    store.results.write_baselines(submitted.id, best.assign(split="s"))
    return submitted


def _rows(series: Series, columns: list[int], test: int, horizon: int) -> np.ndarray[Any, Any]:
    first = len(series.values) - test - horizon + 1
    return np.stack([series.values[first + row : first + row + horizon, columns] for row in range(test)])


def gathered(store: Store, fields: Mapping[str, Any], *, curves: bool = True) -> ReportData:
    """Gather the report of a finished grid."""
    return gather(store, finished(store, fields), curves=curves, brief=True)


def test_the_frame_says_where_the_test_part_lies(store: Store) -> None:
    """Its first target, and the column of each target."""
    found = gathered(store, {"prepare": {"horizon": 3}, "grid": {"prepare.lags": [1, 4]}})
    assert dict(found.test_parts) == dict.fromkeys(found.labels, TestPart(36 - 12 - 2, (0,)))
    forecast = found.forecasts[found.labels[0]]
    np.testing.assert_allclose(forecast.observed[:, 0, 0], found.series_values[22:34, 0])


def test_targets_have_their_columns_and_names(store: Store) -> None:
    """In the order of the grid file."""
    series = {"name": "us_economy", "targets": ["consumption", "gdp"]}
    found = gathered(store, {"series": series, "prepare": {"difference": 1}})
    values = store.series.get(store.experiments.series_hashes(1)[0])
    assert found.target_names == ("consumption", "gdp")
    assert found.test_parts["base"].columns == tuple(map(values.columns.index, found.target_names))


def test_several_steps_have_scores_also_without_curves(store: Store) -> None:
    """A table shows them."""
    found = gathered(store, {"prepare": {"horizon": 2}}, curves=False)
    assert found.step_scores is not None
    assert found.step_scores[["repeat", "target", "step"]].to_numpy().tolist() == [
        [0, 1, 1],
        [0, 1, 2],
        [1, 1, 1],
        [1, 1, 2],
    ]
    np.testing.assert_allclose(found.step_scores[["rmse", "mae"]], 1.0)
    assert not found.forecasts


def test_one_step_and_target_has_no_scores_of_its_own(store: Store) -> None:
    """They are the scores."""
    assert gathered(store, {}).step_scores is None


def test_train_rmse_and_mae_are_means_of_the_repeats(store: Store) -> None:
    """One row per configuration."""
    found = gathered(store, {"grid": {"model.units": [1, 2]}}).mean_errors
    assert found is not None
    np.testing.assert_allclose(found[["train_rmse", "mae"]], [[0.5, 1.0], [0.5, 1.0]])


def test_the_best_baseline_is_forecast_where_all_configurations_forecast_the_same(store: Store) -> None:
    """Persistence repeats the observation before."""
    found = gathered(store, {"grid": {"model.units": [1, 2]}})
    assert found.baseline_forecast is not None
    assert found.baseline_forecast.name == "persistence"
    np.testing.assert_allclose(found.baseline_forecast.values[:, 0, 0], found.series_values[23:35, 0])


def test_configurations_that_forecast_different_values_have_no_common_baseline(store: Store) -> None:
    """Nothing wrong is drawn."""
    assert gathered(store, {"grid": {"prepare.horizon": [1, 2]}}).baseline_forecast is None


def test_intervals_are_those_of_the_study(store: Store) -> None:
    """Forecasts that are all off by 1 have intervals 2 wide, which hold; a study may ask for other levels."""
    experiment = finished(store, {"grid": {"prepare.lags": [1, 2]}})
    found = gather(store, experiment, curves=False, conclusions=False, brief=True).intervals
    study = Study(store, experiment)
    assert found is not None
    assert found[["level", "width", "coverage"]].to_numpy() == pytest.approx(np.tile([80, 2, 1], (2, 1)))
    assert study.intervals().equals(found)
    assert study.intervals(90, 50)["level"].tolist() == [50, 90, 50, 90]
    with pytest.raises(UsageError, match=r"level 0\.8 is no percentage"):
        study.intervals(0.8)
