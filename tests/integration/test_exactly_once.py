"""Whatever dies and whatever is sent twice: every result is there once, and the summaries are right."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress

import psutil
import pytest

from scheduler.lifecycle.local_workers import run_workers
from scheduler.lifecycle.submission import send_waiting, sweep
from scheduler.lifecycle.waiting import why_nothing_happens
from store import ExperimentState, JobState, StoreVersionError, open_store
from store.delivery.packs import packs
from store.delivery.queue import make_app, queue_length, send
from store.schema import configuration
from store.settings import Settings
from tests.integration import cluster

WORKERS = 2


@pytest.fixture
def app(valkey):
    """The Celery app of an empty Redis."""
    valkey.flush()
    return make_app(valkey.url)


@pytest.fixture
def store(postgres_url):
    """An open store on Postgres."""
    with open_store(postgres_url) as opened:
        yield opened


def settings(postgres_url, valkey, **more):
    """What the workers need to know."""
    return {"DATABASE_URL": postgres_url, "BROKER_URL": valkey.url, "STANDIN_SECONDS": "0.15", **more}


def test_workers_and_children_killed_at_random_moments(store, app, postgres_url, valkey):
    """SIGKILL to Celery's children and to whole workers in turn, a random moment after each few results."""
    dice = random.Random(1)
    env = settings(postgres_url, valkey, STANDIN_SECONDS="0.4")
    experiment = cluster.experiment(store, configurations=6, repeats=25)
    workers = [cluster.start("celery", "2", **env) for _ in range(WORKERS)]
    killed = []

    def kill_something():
        if len(killed) == 6 or store.experiments.status(experiment.id).ended < 15 * len(killed) + 5:
            return
        time.sleep(dice.uniform(0, 0.5))
        victim = len(killed) // 2 % WORKERS
        children = psutil.Process(workers[victim].pid).children()
        if len(killed) % 2 == 0:
            if children:  # else the worker has none yet, and its turn comes at the next look
                os.kill(dice.choice(children).pid, signal.SIGKILL)
                killed.append("child")
        else:
            cluster.end(workers[victim])
            workers[victim] = cluster.start("celery", "2", **env)
            killed.append("worker")

    try:
        send_waiting(store, app, experiment.id)
        cluster.finish(store, app, experiment.id, seconds=240, meanwhile=kill_something)
    finally:
        for process in workers:
            cluster.end(process)
    assert sorted(killed) == ["child"] * 3 + ["worker"] * 3
    cluster.assert_whole(store, experiment.id)


def test_every_message_sent_twice(store, app, postgres_url, valkey):
    """The second delivery of a message finds nothing to claim."""
    experiment = cluster.experiment(store)
    for _ in range(2):
        send(app, packs(store.jobs.waiting(experiment.id)))
    with cluster.worker("celery", "2", **settings(postgres_url, valkey)):
        cluster.finish(store, app, experiment.id)
    cluster.assert_whole(store, experiment.id)


def test_redis_flushed_and_restarted_in_the_middle_of_a_run(store, app, postgres_url, valkey):
    """Redis holds no truth: what has no result is sent again."""
    experiment = cluster.experiment(store, configurations=6)
    done = []

    def lose_redis():
        count = store.experiments.status(experiment.id).ended
        if not done and count > 10:
            valkey.flush()
            done.append("flushed")
        elif done == ["flushed"] and count > 50:
            valkey.restart(killed=True, pause=0.5)
            done.append("restarted")

    # Celery's main process may exit when Redis goes away: a supervisor starts it again.
    with supervised("celery", "2", **settings(postgres_url, valkey)) as keep:
        send_waiting(store, app, experiment.id)
        cluster.finish(store, app, experiment.id, seconds=240, meanwhile=lambda: (lose_redis(), keep()))
    assert done == ["flushed", "restarted"]
    cluster.assert_whole(store, experiment.id)


@pytest.mark.parametrize("pack", [8, 1])
def test_postgres_restarted_in_the_middle_of_a_run(store, app, postgres_url, valkey, postgres, pack):
    """Workers keep what they have computed until the database is back, in large packs and alone."""
    experiment = cluster.experiment(store, configurations=6, pack=pack)
    done = []

    def restart_postgres():
        if not done and store.experiments.status(experiment.id).ended > 20:
            postgres.restart(pause=0.5)
            done.append("restarted")

    with supervised("celery", "2", **settings(postgres_url, valkey)) as keep:
        send_waiting(store, app, experiment.id)
        cluster.finish(store, app, experiment.id, seconds=240, meanwhile=lambda: (restart_postgres(), keep()))
    assert done
    cluster.assert_whole(store, experiment.id)


def test_a_worker_asked_to_stop_gives_its_packs_to_another(store, app, postgres_url, valkey):
    """Its jobs wait again within seconds, with a message each, as if they had never been claimed."""
    experiment = cluster.experiment(store, configurations=1, repeats=6, pack=2)
    silent = {"STANDIN_SECONDS": "300", "STANDIN_SILENT": "1"}  # as while a program is compiled
    with cluster.worker("celery", "2", **settings(postgres_url, valkey, **silent)) as first:
        send_waiting(store, app, experiment.id)
        eventually(lambda: store.experiments.status(experiment.id).running == 4)
        began = time.monotonic()
        first.send_signal(signal.SIGTERM)
        eventually(lambda: store.experiments.status(experiment.id).running == 0)
        assert time.monotonic() - began < 30, "2.3 s on an idle machine"
        assert first.wait(60) == 0
    assert store.experiments.status(experiment.id).counts[JobState.QUEUED] == 6
    assert queue_length(app, "default") == 3
    with cluster.worker("celery", "2", **settings(postgres_url, valkey)):
        eventually(lambda: store.experiments.with_id(experiment.id).state is ExperimentState.DONE)
    cluster.finish(store, None, experiment.id)
    cluster.assert_whole(store, experiment.id)
    assert set(store.results.frame(experiment.id)["attempts"]) == {1}


def test_messages_that_are_lost_are_sent_again(store, app):
    """Those that later ones of their queue have overtaken, and those whose queue is empty; no other."""
    lost = cluster.experiment(store, configurations=1, repeats=3, pack=1, name="lost")
    store.jobs.mark_sent([job.id for job in store.jobs.waiting(lost.id)])
    time.sleep(2.5)
    late = cluster.experiment(store, configurations=1, repeats=2, pack=1, name="late")
    send_waiting(store, app, late.id)
    first = [job.id for job in store.jobs.waiting(late.id)][:1]
    assert sweep(store, app, lost_after=2.0) == 0, "they may still be in the queue, before the others"
    store.jobs.claim(first, owner="o", lease=60)
    assert sweep(store, app, lost_after=2.0) == 3
    assert queue_length(app, "default") == 5
    assert sweep(store, app, lost_after=2.0) == 0, "they were sent just now"
    app.connection_for_write().default_channel.queue_purge("default")
    time.sleep(2.5)
    assert sweep(store, app, lost_after=2.0) == 4


def test_eight_local_workers_on_one_sqlite_file(sqlite_url):
    """None of them waits in vain for the file, and none trains what another has."""
    with open_store(sqlite_url) as store:
        experiment = cluster.experiment(store, configurations=8, repeats=50, pack=4)
        processes = [
            cluster.start("local", "8", str(experiment.id), DATABASE_URL=sqlite_url, STANDIN_SECONDS="0.02")
            for _ in range(8)
        ]
        try:
            cluster.finish(store, None, experiment.id, seconds=240)
            assert [process.wait(60) for process in processes] == [0] * 8
        finally:
            for process in processes:
                cluster.end(process)
        cluster.assert_whole(store, experiment.id)
        assert store.results.frame(experiment.id)["worker"].nunique() > 1


def test_local_workers_killed_at_random_moments_are_replaced(sqlite_url, monkeypatch):
    """The runner frees a dead worker's jobs at once and starts another."""
    monkeypatch.setenv("STANDIN_SECONDS", "0.5")
    standin_workers(monkeypatch)
    dice = random.Random(2)
    killed = []
    with open_store(sqlite_url) as store:
        experiment = cluster.experiment(store, configurations=6)

        def look():
            ended = store.experiments.status(experiment.id).ended
            if ended >= 4 * len(killed) and len(killed) < 6 and (workers := cluster.forked_workers()):
                victim = dice.choice(workers)
                with suppress(psutil.NoSuchProcess):
                    victim.kill()
                    killed.append(victim.pid)
            return ended

        run_workers(store, Settings(database_url=sqlite_url), [experiment.id], workers=3, look=look)
        cluster.finish(store, None, experiment.id)
        assert len(killed) > 1, "six, unless the machine is so slow that all is trained between a few looks"
        cluster.assert_whole(store, experiment.id)


def test_local_workers_that_have_grown_are_replaced(sqlite_url, monkeypatch):
    """One that passes the bound on memory ends after its pack; the next goes on, and none counts as a loss."""
    monkeypatch.setenv("STANDIN_MEMORY", "1000")  # which is less than Python takes
    standin_workers(monkeypatch)
    with open_store(sqlite_url) as store:
        experiment = cluster.experiment(store, configurations=1, repeats=10, pack=1)

        def look():
            return 0  # nothing seems to be done: ten losses would be too many

        run_workers(store, Settings(database_url=sqlite_url), [experiment.id], workers=2, look=look)
        cluster.finish(store, None, experiment.id)
        assert store.results.frame(experiment.id)["worker"].nunique() == 10
        cluster.assert_whole(store, experiment.id)


def test_jobs_of_another_version_wait_for_their_worker(store, app, postgres_url, valkey, monkeypatch):
    """A worker of another version refuses the message in a clear line, and trains the next."""
    monkeypatch.setattr(configuration, "NUMERICS", configuration.NUMERICS + 1)
    theirs = cluster.experiment(store, configurations=1, repeats=4, name="theirs")
    monkeypatch.undo()
    ours = cluster.experiment(store, configurations=1, repeats=4, name="ours")
    for experiment in (theirs, ours):
        send(app, packs(store.jobs.waiting(experiment.id)))
    with cluster.worker("celery", "1", **settings(postgres_url, valkey)):
        cluster.finish(store, app, ours.id)
    status = store.experiments.status(theirs.id)
    assert (status.counts[JobState.QUEUED], status.total) == (4, 4)
    line = f"made by version {configuration.NUMERICS + 1} of the numerics"
    assert line in why_nothing_happens(store, [theirs.id])
    more = cluster.experiment(store, configurations=1, repeats=2, name="more")
    assert "Is there a worker?" in why_nothing_happens(store, [more.id])
    store.jobs.claim([store.jobs.waiting(more.id)[0].id], owner="o", lease=60)
    assert "are busy with 1 other job." in why_nothing_happens(store, [theirs.id])
    with pytest.raises(StoreVersionError, match=line):
        run_workers(store, Settings(database_url=postgres_url), [theirs.id], workers=1, look=lambda: 0)
    with pytest.raises(StoreVersionError, match=line):
        send_waiting(store, app, theirs.id)


def eventually(holds, seconds=120):
    """Wait until something holds."""
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.05)


class supervised:  # noqa: N801 - read as a word: with supervised(...) as keep
    """A worker that is started again whenever it ends, as a supervisor does."""

    def __init__(self, *words, **env):
        self.words, self.env = words, env

    def __enter__(self):
        self.process = cluster.start(*self.words, **self.env)
        return self.keep

    def keep(self):
        """Start the worker again if it has ended."""
        if self.process.poll() is not None:
            cluster.end(self.process)
            self.process = cluster.start(*self.words, **self.env)

    def __exit__(self, *_):
        cluster.end(self.process)


def standin_workers(monkeypatch):
    """Make the local runner start workers that train with the stand-in."""
    import sys

    from scheduler.lifecycle import local_workers

    def command(settings, experiments, workers):
        return [sys.executable, "-m", "tests.standin", "forks", str(workers), *map(str, experiments)]

    monkeypatch.setattr(local_workers, "worker_command", command)
    monkeypatch.chdir(cluster.ROOT)
