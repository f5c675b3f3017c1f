"""Weights and quantiles beside results: exact to the last bit, once, shared, and gone with the experiment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sqlalchemy import func, select

from store import Job, NewExperiment, Result, Store
from store.database.quantile_table import quantile_arrays
from store.database.weight_table import weight_arrays
from store.quantiles import Quantiles
from tests.contract.saved_results import ODD
from tests.examples import PROVENANCE, experiment, result, submit

SHARES = (0.1, 0.5, 0.9)
WEIGHTS = {"lstm/kernel": ODD.reshape(3, 5), "dense/scale": np.float32(2).reshape(()), "dense/bias": ODD[:1]}


def keeping(name: str = "tune") -> NewExperiment:
    """Return an experiment of two repeats that keeps weights."""
    return replace(experiment(name, ["a"], repeats=2), keeps_weights=True)


def with_weights(job: Job) -> Result:
    """Return a result as a worker makes it: with weights where the job keeps them."""
    return replace(result(job), weights=WEIGHTS if job.keeps_weights else None)


def train(store: Store, owner: str = "o") -> set[int]:
    """Save results for what waits."""
    jobs = store.jobs.claim_next(owner=owner, lease=60, workers=1)
    return store.results.save([with_weights(job) for job in jobs], owner=owner, provenance=PROVENANCE)


def stored(store: Store) -> int:
    """Count the results that have weights."""
    with store.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(weight_arrays)).scalar_one())


def test_weights_are_read_as_they_were_saved(store: Store) -> None:
    """Names in their order, shapes, and every bit."""
    made = submit(store, keeping()).experiment
    assert made.keeps_weights
    train(store)
    found = store.results.weights(made.id, "a", 1)
    assert found is not None
    assert list(found) == list(WEIGHTS)
    for path, values in WEIGHTS.items():
        assert found[path].shape == values.shape
        assert found[path].tobytes() == values.tobytes()
    assert store.results.weights(made.id, "a", 2) is None


def test_only_the_owner_saves_and_only_once(store: Store) -> None:
    """What another claim trained is dropped with its weights."""
    submit(store, keeping())
    jobs = store.jobs.claim_next(owner="o", lease=60, workers=1)
    results = [with_weights(job) for job in jobs]
    assert store.results.save(results, owner="late", provenance=PROVENANCE) == set()
    assert stored(store) == 0
    assert len(store.results.save(results, owner="o", provenance=PROVENANCE)) == 2
    assert store.results.save(results, owner="o", provenance=PROVENANCE) == set()
    assert stored(store) == 2


def test_repeats_without_weights_are_trained_again_where_these_are_asked_for(store: Store) -> None:
    """As jobs of their own, beside the others; whoever comes then shares those that have most."""
    plain = submit(store, experiment(labels=["a"], repeats=2))
    train(store)
    keys = {job.key for one in keeping().configurations for job in one.jobs}
    assert (store.jobs.known(keys), store.jobs.known(keys, with_weights=True)) == (keys, set())
    kept = submit(store, keeping())
    assert (kept.experiment.name, kept.new, kept.reused) == ("tune-2", 2, 0)
    train(store)
    assert stored(store) == 2
    assert store.results.weights(plain.experiment.id, "a", 0) is None
    assert store.jobs.known(keys, with_weights=True) == keys
    again = submit(store, keeping())
    assert (again.experiment.id, again.created) == (kept.experiment.id, False)
    assert submit(store, keeping("other")).new == 0
    later = submit(store, experiment("plain", ["a"], repeats=2))
    assert (later.new, later.reused) == (0, 2)
    assert store.results.weights(later.experiment.id, "a", 0) is not None


def test_more_repeats_keep_their_weights_too(store: Store) -> None:
    """As those that the experiment was made with."""
    made = submit(store, keeping()).experiment
    train(store)
    (more,) = replace(experiment(labels=["a"], repeats=3), keeps_weights=True).configurations
    store.experiments.extend(made.id, {"a": more.jobs})
    train(store)
    assert store.results.weights(made.id, "a", 2) is not None


def test_weights_go_with_the_experiment(store: Store) -> None:
    """But for those of jobs that another one has."""
    made, other = (submit(store, keeping(name)).experiment for name in ("tune", "other"))
    train(store)
    store.experiments.delete(made.id)
    assert store.results.weights(other.id, "a", 0) is not None
    store.experiments.delete(other.id)
    assert stored(store) == 0


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
