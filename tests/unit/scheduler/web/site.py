"""A store with a few experiments, and a client that asks for its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.testclient import TestClient

from scheduler.grid.grid import Grid
from scheduler.lifecycle.submission import record
from scheduler.web.app import make_app
from scheduler.web.reports import Answer, Reports
from store import Store, open_store
from tests import examples, standin
from worker.lane import Lane

HOME = "http://127.0.0.1:8080"


GRID = """
name: {name}
series: shampoo
test: 12
seed: {seed}
training: {{epochs: 5}}
repeats: 4
{more}
grid:
  model.units: [1, 2]
"""


class NoReports(Reports):
    """Makes no report by itself, and files in this process: another one takes seconds to start."""

    def want(self, *_: Any, **__: Any) -> None:
        """Do nothing."""

    async def call(self, function: Callable[..., Answer], *args: object) -> Answer:
        """Call a function here."""
        return function(*args)


@contextmanager
def site(store: Store, **options: Any) -> Iterator[TestClient]:
    """Yield a client of the live page of a store."""
    app = make_app(store, reports=NoReports, **options)
    with TestClient(app, base_url=HOME, follow_redirects=False) as client:
        yield client


@contextmanager
def filled(url: str) -> Iterator[Store]:
    """Yield a store with an experiment in training, of which a repeat failed, and one that waits."""
    with open_store(url) as store:
        new = examples.experiment("tune", ["units=1", "a<script>"], repeats=3, max_attempts=1, max_pack=1)
        examples.submit(store, new)
        failed = store.jobs.claim([1], owner="host:1:a", lease=60.0)
        store.jobs.fail([failed[0].id], owner="host:1:a", error="ValueError: bad <lane>", traceback="line 1\nline 2")
        examples.finish(store, store.jobs.claim([2], owner="host:1:b", lease=60.0), "host:1:b")
        store.jobs.claim([3, 4], owner="host:2:c", lease=60.0)
        examples.submit(store, examples.experiment("other", ["units=9"], repeats=2))
        yield store


def trained(url: str, *, left: int = 0, name: str = "trained", seed: int = 7, more: str = "") -> Store:
    """Open a store with a small study whose repeats are in, but for the last ones."""
    grid = Grid.parse(GRID.format(name=name, seed=seed, more=more), file="trained.yaml")
    store = open_store(url)
    made = record(store, grid).experiment
    owner, jobs = "host:1:claim", []
    while more := store.jobs.claim_next(owner=owner, lease=60.0, workers=1, experiments=[made.id]):
        jobs += more
    kept = jobs[: len(jobs) - left]
    series = store.series.get(jobs[0].series_hash)
    results = standin.train([Lane.of(job) for job in kept], series, progress=lambda *_: None)
    store.results.save(results, owner=owner, provenance=examples.PROVENANCE)
    store.jobs.release([job.id for job in jobs[len(kept) :]], owner=owner)
    store.experiments.close_if_done()
    return store
