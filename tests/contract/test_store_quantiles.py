"""Quantiles beside forecasts: exact to the last bit, read with them, gone with the experiment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sqlalchemy import func, select

from store import Job, Result, Store
from store.database.quantile_table import quantile_arrays
from store.quantiles import Quantiles
from tests.examples import PROVENANCE, experiment, result, submit

SHARES = (0.1, 0.5, 0.9)


def with_quantiles(job: Job) -> Result:
    """Return a result as a worker makes it whose model forecasts quantiles."""
    made = result(job)
    assert made.forecasts is not None
    values = made.forecasts.forecast[..., None] + np.array([-0.1, 0.0, 1 / 3])
    return replace(made, forecasts=replace(made.forecasts, quantiles=Quantiles(shares=SHARES, values=values)))


def test_quantiles_are_read_with_the_forecasts_where_all_repeats_have_them(store: Store) -> None:
    """Of a configuration without, or of which one repeat lacks them, there are none."""
    made = submit(store, experiment("tune", ["a", "b", "c"], repeats=2)).experiment
    jobs: list[Job] = []
    while claimed := store.jobs.claim_next(owner="o", lease=60, workers=1):
        jobs += claimed
    lacking = {jobs[place].id for place in (2, 4, 5)}
    results = [result(job) if job.id in lacking else with_quantiles(job) for job in jobs]
    store.results.save(results, owner="o", provenance=PROVENANCE)
    found = store.results.forecasts(made.id)
    assert list(found) == ["a", "b", "c"]
    assert found["b"].quantiles is None
    assert found["c"].quantiles is None
    kept, saved = found["a"].quantiles, [one.forecasts for one in results[:2]]
    assert kept is not None
    assert kept.shares == SHARES
    assert kept.values.tobytes() == b"".join(one.quantiles.values.tobytes() for one in saved if one and one.quantiles)
    store.experiments.delete(made.id)
    with store.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(quantile_arrays)).scalar_one() == 0
