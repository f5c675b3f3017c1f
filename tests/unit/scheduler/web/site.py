"""A store with a few experiments, and a client that asks for its pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.testclient import TestClient

from scheduler.web.app import make_app
from scheduler.web.reports import Reports
from store import Store, open_store
from tests import examples

HOME = "http://127.0.0.1:8080"


class NoReports(Reports):
    """Makes no report: a process that can takes seconds to start."""

    def want(self, *_: Any, **__: Any) -> None:
        """Do nothing."""


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
