"""An experiment that is judged by another score than RMSE, from its repeats to its summaries, on both databases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scheduler.lifecycle.aggregate import aggregate
from scheduler.lifecycle.top_up import look
from scheduler.report.formats import json_format
from scheduler.report.gather import gather
from scheduler.statistics.conclusions import compare_experiments
from scheduler.statistics.side_by_side import Side
from store import Experiment, Forecasts, Job, Result, Store, UsageError
from store.forecast_scores import Scale
from tests.contract.saved_results import query
from tests.examples import PROVENANCE, experiment, submit

OBSERVED = np.array([1.0, 2.0, 4.0, 8.0]).reshape(4, 1, 1)
PARAMS = '{"series":{"name":"shampoo","content_hash":"%s"}}'
REPEATS = 6


def outcome(job: Job) -> Result:
    """Return a result whose errors are the repeat's number, once ten times as large."""
    forecast = OBSERVED + (job.repeat + 1.0) * np.array([1.0, 1.0, 1.0, 10.0]).reshape(4, 1, 1)
    error = float(np.sqrt(np.mean((forecast - OBSERVED) ** 2)))
    forecasts = Forecasts(observed=OBSERVED, forecast=forecast)
    return Result(
        job_id=job.id,
        train_rmse=error,
        test_rmse=error,
        diverged=False,
        seconds=0.1,
        trajectory=None,
        forecasts=forecasts,
    )


def judged(store: Store, score: str) -> Experiment:
    """Return a finished experiment that is judged by a score; all share their jobs."""
    made = experiment("tune", ["a", "b"], repeats=REPEATS)
    scales = (Scale(of="persistence", mae=2.0, rmse=4.0),)
    parts = tuple(replace(one, scales=scales, params=PARAMS % one.series_hash) for one in made.configurations)
    submitted = submit(store, replace(made, configurations=parts, score=score))
    while jobs := store.jobs.claim_next(owner="o", lease=60, workers=1):
        store.results.save([outcome(job) for job in jobs], owner="o", provenance=PROVENANCE)
    store.experiments.close_if_done()
    assert aggregate(store, submitted.experiment.id, baselines=False)
    return store.experiments.with_id(submitted.experiment.id)


def test_summaries_verdicts_and_ensembles_are_of_the_score(store: Store, store_url: str) -> None:
    """The same jobs are two experiments; views, report and top-up have the score that each is judged by."""
    by_rmse, by_mase = judged(store, "rmse"), judged(store, "mase")
    assert by_rmse.name != by_mase.name
    assert store.experiments.status(by_mase.id).counts == store.experiments.status(by_rmse.id).counts
    mase = np.arange(1, REPEATS + 1) * 13 / 4 / 2.0
    assert store.results.frame(by_mase.id)["test_mase"].tolist() == pytest.approx([*mase, *mase])
    rows = query(store_url, f"SELECT score, mean FROM summaries WHERE experiment = '{by_mase.name}'")
    assert rows == [("mase", pytest.approx(mase.mean()))] * 2
    together = query(
        store_url,
        f"SELECT mase, low, high FROM ensembles WHERE combination = 'median' AND experiment = '{by_mase.name}'",
    )
    assert together[0][0] == pytest.approx(mase.mean())
    assert together[0][1] < mase.mean() < together[0][2]
    data = gather(store, by_mase)
    assert (data.score_name, data.in_units) == ("test MASE", "")
    assert data.ranking is not None
    assert data.ranking["mean"].tolist() == pytest.approx([mase.mean()] * 2)
    assert '"score": "mase"' in json_format.as_json(data)
    planned = store.experiments.plan_looks(by_mase.id, (REPEATS, 12))
    assert look(store, planned).comparison.ranking["mean"].tolist() == pytest.approx([mase.mean()] * 2)


def test_different_scores_are_not_compared(store: Store) -> None:
    """The message names what to do, in one line."""
    sides = [Side.of(store, judged(store, score)) for score in ("rmse", "mae")]
    with pytest.raises(UsageError, match=r"^tune is judged by RMSE and tune-2 by MAE: .*--set score=rmse") as found:
        compare_experiments(*sides)
    assert "\n" not in str(found.value)


def test_scores_over_different_errors_are_not_compared(store: Store) -> None:
    """The same repeats would seem to be better where another season is given."""
    side = Side.of(store, judged(store, "mase"))
    other = replace(side, name="else", scaled_by=dict.fromkeys(side.scaled_by, ("seasonal naive (12)",)))
    says = r"^MASE of tune is over the error of persistence, and that of else over the error of seasonal naive \(12\)"
    with pytest.raises(UsageError, match=says):
        compare_experiments(side, other)
