"""The local workers of one run: what becomes of those that stop, or are asked to end, or cannot log."""

from __future__ import annotations

import signal
import time

import psutil
import pytest

from scheduler.lifecycle import local_workers
from scheduler.lifecycle.local_workers import Child, run_workers
from store import UsageError, open_store
from store.settings import Settings
from tests.integration import cluster
from tests.integration.test_exactly_once import standin_workers


def test_a_worker_that_is_stopped_does_not_hold_up_the_end(sqlite_url, monkeypatch):
    """The others do its jobs when its lease runs out; it is ended when all is done."""
    standin_workers(monkeypatch)
    monkeypatch.setattr(local_workers, "OVERTIME", 1.0)
    monkeypatch.setattr(local_workers, "GRACE", 1.0)
    monkeypatch.setenv("STANDIN_SECONDS", "0.3")
    stopped = []
    with open_store(sqlite_url) as store:
        experiment = cluster.experiment(store, configurations=1, repeats=8, pack=2)

        def look():
            running = store.results.frame(experiment.id).query("state == 'running'")["worker"]
            if not stopped and len(running):
                stopped.append(psutil.Process(int(running.iloc[0].rpartition(":")[2])))
                with store.database.write():  # so that it is not stopped while it writes, and keeps all others out
                    stopped[0].send_signal(signal.SIGSTOP)
            return store.experiments.status(experiment.id).ended

        settings = Settings(database_url=sqlite_url, lease=2.0)
        began = time.monotonic()
        run_workers(store, settings, [experiment.id], workers=2, look=look)
        assert time.monotonic() - began < 120
        cluster.finish(store, None, experiment.id)
        cluster.assert_whole(store, experiment.id)
    assert not stopped[0].is_running() or stopped[0].status() == psutil.STATUS_ZOMBIE


def test_a_worker_that_is_asked_to_end_is_replaced(sqlite_url, monkeypatch):
    """By somebody else than the run, which would else end with half of the results."""
    standin_workers(monkeypatch)
    monkeypatch.setenv("STANDIN_SECONDS", "1")
    asked = []
    with open_store(sqlite_url) as store:
        experiment = cluster.experiment(store, configurations=1, repeats=4, pack=2)

        def look():
            status = store.experiments.status(experiment.id)
            if not asked and status.running:
                asked.extend(cluster.forked_workers())
                asked[0].terminate()
            return status.ended

        run_workers(store, Settings(database_url=sqlite_url), [experiment.id], workers=1, look=look)
        assert store.experiments.status(experiment.id).ended == 4
        cluster.finish(store, None, experiment.id)
        cluster.assert_whole(store, experiment.id)
    assert len(asked) == 1


def test_a_folder_for_logs_that_cannot_be_made(sqlite_url, tmp_path):
    """It is named."""
    (tmp_path / "logs").touch()
    with open_store(sqlite_url) as store:
        experiment = cluster.experiment(store, configurations=1, repeats=1)
        settings = Settings(database_url=sqlite_url, worker_logs=str(tmp_path / "logs"))
        with pytest.raises(UsageError, match=r"WORKER_LOGS .*logs: File exists"):
            run_workers(store, settings, [experiment.id], workers=1, look=lambda: 0)


def test_where_one_worker_cannot_be_started_no_other_stays(sqlite_url, monkeypatch):
    """The second has no room; the first is ended."""
    standin_workers(monkeypatch)
    monkeypatch.setenv("STANDIN_SECONDS", "300")
    start, seen = Child.start, []

    def first_only(*args):
        if seen:
            raise OSError(11, "Resource temporarily unavailable")
        seen.append(start(*args))
        return seen[0]

    monkeypatch.setattr(Child, "start", first_only)
    with open_store(sqlite_url) as store:
        experiment = cluster.experiment(store, configurations=1, repeats=1)
        with pytest.raises(OSError, match="Resource temporarily unavailable"):
            run_workers(store, Settings(database_url=sqlite_url), [experiment.id], workers=2, look=lambda: 0)
    assert seen[0].process.server.ended
    assert cluster.forked_workers() == []
