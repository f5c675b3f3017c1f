"""Weights beside results: exact to the last bit, once, shared by whoever wants them, gone with the experiment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sqlalchemy import func, select

from store import Job, NewExperiment, Result, Store
from store.database.weight_table import weight_arrays
from tests.contract.saved_results import ODD
from tests.examples import PROVENANCE, experiment, result, submit

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
