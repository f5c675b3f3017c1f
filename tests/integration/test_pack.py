"""One pack, from claimed jobs to stored results, on a store of its own, with the stand-in for the engine."""

from __future__ import annotations

import threading
import time

import pytest

from scheduler.lifecycle.aggregate import aggregate_finished
from store import Settings, open_store
from tests import standin
from tests.integration import cluster
from worker.delivery.closer import Closer
from worker.delivery.lease_keeper import LeaseKeeper
from worker.delivery.pack import PackRunner


@pytest.fixture
def store(sqlite_url):
    """A store of its own."""
    with open_store(sqlite_url) as opened:
        yield opened


def claim(store, experiment, *, owner="host:1:a", most=100):
    """Claim what waits of an experiment."""
    ids = [job.id for job in store.jobs.waiting(experiment.id)][:most]
    return store.jobs.claim(ids, owner=owner, lease=60)


def run(store, jobs, *, owner="host:1:a", train=standin.train, stopping=lambda: False, lease=60.0, tell=lambda _: None):
    """Run a pack with the stand-in."""
    with LeaseKeeper(store, Settings(lease=lease)) as keeper, Closer(store, tell) as closer:
        runner = PackRunner(
            store=store, lease_keeper=keeper, closer=closer, train=train, stopping=stopping, worker="host:1"
        )
        return runner.run(jobs, owner=owner)


def test_a_pack_is_stored_and_the_last_one_finishes_the_experiment(store):
    """Whoever stores the last result is told which experiment that was; nobody else is."""
    experiment = cluster.experiment(store, configurations=1, repeats=4, pack=2)
    told = []
    first = run(store, claim(store, experiment, most=2), tell=told.extend)
    assert (first.saved, told) == (2, [])
    last = run(store, claim(store, experiment), tell=told.extend)
    assert (last.saved, told) == (2, [experiment.id])
    aggregate_finished(store, told)
    cluster.assert_whole(store, experiment.id)


def test_a_failing_pack_is_halved_until_the_bad_job_is_alone(store, monkeypatch):
    """The other jobs are not blamed; the bad one fails with its reason after its own attempts."""
    experiment = cluster.experiment(store, configurations=1, repeats=8, pack=8)
    bad = store.results.frame(experiment.id)["seed"][5]
    monkeypatch.setenv("STANDIN_POISON", str(bad))
    for turn in range(30):
        owner = f"host:1:{turn}"
        jobs = store.jobs.claim_next(owner=owner, lease=60, workers=1)
        if not jobs:
            break
        run(store, jobs, owner=owner)
    counts = store.experiments.status(experiment.id).counts
    assert (counts["done"], counts["failed"]) == (7, 1)
    (failure,) = store.jobs.failures(experiment.id)
    assert failure.repeat == 5
    assert failure.attempts == 3
    assert failure.error == f"ValueError: bad lane: {bad}"
    assert "standin.py" in failure.traceback
    assert experiment.id in aggregate_finished(store)


def test_a_worker_that_is_asked_to_stop_hands_its_pack_back(store, monkeypatch):
    """As if it had never been claimed: no attempt is counted."""
    monkeypatch.setenv("STANDIN_SECONDS", "300")
    experiment = cluster.experiment(store, configurations=1, repeats=3)
    started = time.monotonic()
    outcome = run(store, claim(store, experiment), stopping=lambda: True)
    assert time.monotonic() - started < 60
    assert len(outcome.requeued) == 3
    assert [job.attempts for job in claim(store, experiment, owner="host:2:b")] == [1, 1, 1]


def test_a_cancelled_pack_is_left_within_seconds(store, monkeypatch):
    """The lease finds out; nothing is stored."""
    monkeypatch.setenv("STANDIN_SECONDS", "300")
    experiment = cluster.experiment(store, configurations=1, repeats=3)
    jobs = claim(store, experiment)
    threading.Timer(0.3, lambda: store.experiments.cancel(experiment.id)).start()
    started = time.monotonic()
    outcome = run(store, jobs)
    assert time.monotonic() - started < 60
    assert outcome.saved == 0
    assert store.experiments.status(experiment.id).cancelled == 3


def test_a_result_that_comes_after_the_lease_was_lost_is_refused(store):
    """The jobs are another worker's: the late one changes nothing."""
    experiment = cluster.experiment(store, configurations=1, repeats=1)
    jobs = claim(store, experiment)
    store.jobs.release_worker("host:1")
    assert len(claim(store, experiment, owner="host:2:b")) == 1
    told = []
    outcome = run(store, jobs, tell=told.extend)
    assert (outcome.saved, told) == (0, [])
    assert store.experiments.status(experiment.id).running == 1


def test_the_lease_is_kept_while_a_pack_trains(store, monkeypatch):
    """A pack that takes longer than its lease is not taken away from a worker that lives."""
    monkeypatch.setenv("STANDIN_SECONDS", "6")
    experiment = cluster.experiment(store, configurations=1, repeats=2)
    ids = [job.id for job in store.jobs.waiting(experiment.id)]
    jobs = store.jobs.claim(ids, owner="host:1:a", lease=2.4)
    taken = []
    threading.Timer(4.0, lambda: taken.extend(store.jobs.expire())).start()
    assert run(store, jobs, lease=2.4).saved == 2
    assert taken == []


def test_a_running_pack_tells_how_far_it_is(store):
    """The share that is trained is in the store while the pack runs, with the renewal of the lease."""
    experiment = cluster.experiment(store, configurations=1, repeats=2)
    jobs = claim(store, experiment)
    seen = []

    def train(lanes, series, *, progress):
        give_up = time.monotonic() + 60
        while not seen and time.monotonic() < give_up:
            progress(3, 4)
            seen.extend({store.experiments.status(experiment.id).trained} - {0})
            time.sleep(0.05)
        return standin.train(lanes, series, progress=progress)

    assert run(store, jobs, train=train, lease=2.4).saved == 2
    assert seen == [1.5]
