"""`scheduler run` on Postgres while the server is away: it is waited for; a run that gives up says how to continue."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from scheduler.lifecycle import local_workers, outages
from scheduler.lifecycle.local_workers import run_workers
from store import StoreUnreachable, open_store
from store.settings import Settings
from tests.integration import cluster
from tests.integration.test_exactly_once import standin_workers
from tests.messages import one_line
from tests.servers import Postgres


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A Postgres of its own, to be stopped."""
    own = Postgres()
    own.start()
    yield own
    own.close()


def test_lost_connections_are_waited_for(server, monkeypatch):
    """The run goes on after a restart, with nothing lost or trained twice; a worker that ended meanwhile is excused."""
    standin_workers(monkeypatch)
    monkeypatch.setenv("STANDIN_SECONDS", "0.2")
    monkeypatch.setattr(outages, "PAUSE", 0.1)
    monkeypatch.setattr(local_workers, "MAX_LOSSES", 1)
    restarts = []
    with open_store(server.create("waited"), create=True) as store:
        experiment = cluster.experiment(store, configurations=1, repeats=12, pack=2)

        def look():
            status = store.experiments.status(experiment.id)
            if status.ended and not restarts:
                restarts.append(status.ended)
                server.stop()
                try:
                    return store.experiments.status(experiment.id).ended
                finally:
                    server.start()
            return status.ended

        settings = Settings(database_url=store.address, lease=5.0)
        run_workers(store, settings, [experiment.id], workers=2, look=look)
        cluster.finish(store, None, experiment.id)
        cluster.assert_whole(store, experiment.id)
    assert len(restarts) == 1


def test_no_lease_runs_out_while_the_database_is_away(server):
    """After a restart, workers that live have some seconds to renew theirs: their jobs are not taken from them."""
    with open_store(server.create("away"), create=True) as store:
        experiment = cluster.experiment(store, configurations=1, repeats=2, pack=1)
        before, after = (job.id for job in store.jobs.waiting(experiment.id))
        store.jobs.claim([before], owner="host:1:o", lease=0.2)
        server.restart(pause=0.2)
        store.jobs.claim([after], owner="host:2:o", lease=0.01)
        time.sleep(0.05)
        assert store.jobs.expire() == [after], "of a claim after the start, as always"
        assert store.jobs.claim([before], owner="host:3:o", lease=60) == []
        assert store.jobs.renew([before], owner="host:1:o", lease=60) == {before}


def test_a_run_that_gives_up(server, monkeypatch):
    """It says that results are kept, and the command that continues; the workers are ended."""
    standin_workers(monkeypatch)
    monkeypatch.setattr(outages, "PATIENCE", 0.1)
    monkeypatch.setattr(local_workers, "GRACE", 0.1)
    with open_store(server.create("left"), create=True) as store:
        experiment = cluster.experiment(store, configurations=1, repeats=4, pack=2)

        def look():
            if store.experiments.status(experiment.id).running:
                server.stop()
            return 0

        monkeypatch.setenv("STANDIN_SECONDS", "30")
        try:
            with pytest.raises(
                StoreUnreachable, match=r"Finished repeats are kept, and `scheduler resume e --sto"
            ) as e:
                run_workers(store, Settings(database_url=store.address), [experiment.id], workers=1, look=look)
        finally:
            server.start()
        one_line(e)
