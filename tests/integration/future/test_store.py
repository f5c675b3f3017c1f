"""Forecasts beyond the end: jobs like any other, written when they are done, and no matter of the study's results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scheduler.future.outcome import newest_future
from scheduler.grid.grid import Grid
from scheduler.lifecycle.aggregate import aggregate_finished
from scheduler.lifecycle.forecasting import Asked, Wish, ask, forecast_of
from scheduler.lifecycle.submission import record
from store import Experiment, Store, UsageError, open_store
from tests import standin
from tests.examples import PROVENANCE
from worker.lane import Lane

QUICKSTART = Path(__file__).parents[3] / "grids" / "quickstart.yaml"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, on SQLite and on Postgres."""
    with open_store(store_url) as opened:
        yield opened


def train(store: Store, experiment: Experiment) -> None:
    """Save what the stand-in makes of the jobs, and summarise."""
    while jobs := store.jobs.claim_next(owner="o", lease=60, workers=1, experiments=[experiment.id]):
        store.results.save([standin.result(Lane.of(job)) for job in jobs], owner="o", provenance=PROVENANCE)
    aggregate_finished(store, baselines=False)


@pytest.fixture
def study(store: Store) -> Experiment:
    """A study of two configurations that is done."""
    grid = Grid.load(QUICKSTART, overrides=["repeats=3", "grid={model.units: [1, 2]}"])
    experiment = record(store, grid).experiment
    train(store, experiment)
    return experiment


@pytest.fixture
def asked(store: Store, study: Experiment) -> Asked:
    """A forecast of three steps that is done."""
    found = ask(store, study, Wish(configuration="units=1", steps=3))
    train(store, found.submitted.experiment)
    return found


def test_it_is_written_with_its_times_and_intervals(store: Store, asked: Asked) -> None:
    """One row a step; the model forecasts one, and errors of the others are those of further repeats."""
    assert (asked.submitted.new, asked.submitted.reused) == (6, 0)
    rows = store.futures.rows(asked.submitted.experiment.id)
    assert rows["time"].tolist() == ["4-01", "4-02", "4-03"]
    intervals = store.futures.intervals(asked.submitted.experiment.id)
    assert intervals["level"].tolist() == [80.0] * 3
    assert intervals["basis"].tolist() == ["conformal", "recursive", "recursive"]
    assert rows["median"].between(intervals["low"], intervals["high"]).all()


def test_fewer_steps_reuse_the_repeats_of_more(store: Store, study: Experiment, asked: Asked) -> None:
    """Those of more steps are trained, and how far the stored ones reach is known before."""
    fewer = ask(store, study, Wish(configuration="units=1", steps=2))
    assert (fewer.submitted.new, fewer.submitted.reused, fewer.trained) == (0, 6, 3)
    assert fewer.submitted.experiment.id == asked.submitted.experiment.id
    assert forecast_of(store, fewer, None).rows["step"].tolist() == [1, 2]
    assert ask(store, study, Wish(configuration="units=1", steps=2, fresh=True)).submitted.new == 6
    more = ask(store, study, Wish(configuration="units=1", steps=4))
    assert (more.submitted.new, more.stored, more.trained) == (6, 3, 4)
    other = ask(store, study, Wish(configuration="units=2", steps=2))
    assert (other.submitted.new, other.stored, other.trained) == (6, 0, 2)


def test_repeats_that_diverged_forecast_nothing(store: Store, study: Experiment) -> None:
    """And that is said; there is no interval about nothing."""
    made = ask(store, study, Wish(configuration="units=1", steps=1))
    jobs = store.jobs.claim_next(owner="o", lease=60, workers=1, experiments=[made.submitted.experiment.id])
    results = [standin.result(Lane.of(job)) for job in jobs]
    nothing = [replace(one.forecasts, forecast=one.forecasts.forecast * np.nan) for one in results if one.forecasts]
    results = [replace(one, forecasts=lost) for one, lost in zip(results, nothing, strict=True)]
    store.results.save(results, owner="o", provenance=PROVENANCE)
    found = forecast_of(store, made, None)
    assert found.rows["median"].isna().all()
    assert found.intervals.empty
    assert found.notes[-1] == "no forecast: no repeat has finite numbers"


def test_asked_twice_nothing_is_trained_again(store: Store, study: Experiment, asked: Asked) -> None:
    """The same forecast is found, with more repeats a part of it, and what was observed is kept."""
    store.futures.observe(asked.submitted.experiment.id, {"units=1": {("Sales", 2): 700.0}})
    again = ask(store, study, Wish(configuration="units=1", steps=3, levels=(50.0, 90.0)))
    assert (again.submitted.new, again.submitted.reused, again.submitted.created) == (0, 6, False)
    found = forecast_of(store, again, (50.0, 90.0))
    assert sorted(found.intervals["level"].unique()) == [50.0, 90.0]
    assert found.rows["observed"].tolist()[1] == 700.0
    more = ask(store, study, Wish(configuration="units=1", steps=3, repeats=4))
    assert (more.submitted.new, more.submitted.reused) == (2, 6)
    assert newest_future(store, study.id) is not None


def test_the_study_stays_as_it_was(store: Store, study: Experiment, asked: Asked) -> None:
    """Its repeats, its summaries and the list."""
    assert [one.name for one in store.experiments.list()] == ["quickstart"]
    assert store.experiments.status(study.id).total == 6
    assert store.results.summaries(study.id)["count"].tolist() == [3, 3]
    assert store.experiments.unsummarised() == []
    with pytest.raises(UsageError, match="is a forecast, and has no scores; `scheduler forecast quickstart"):
        ask(store, asked.submitted.experiment, Wish())


def test_a_level_that_the_rows_do_not_carry_is_refused_before_training(store: Store, study: Experiment) -> None:
    """With the number of rows that it needs."""
    with pytest.raises(UsageError, match="level 95 needs 19 residuals from the test rows, and there are 12"):
        ask(store, study, Wish(configuration="units=1", steps=3, levels=(95.0,)))
    assert store.jobs.unfinished([study.id]) == 0


def test_it_goes_with_its_study(store: Store, study: Experiment, asked: Asked) -> None:
    """All that was written of it."""
    store.experiments.delete(study.id)
    assert store.futures.study_of(asked.submitted.experiment.id) is None
    assert not len(store.futures.rows(asked.submitted.experiment.id))
