"""Celery's own tools on our workers: `inspect`, and the real Flower; and workers that end when nothing waits."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress

import pytest

from scheduler.lifecycle.submission import send_waiting
from store import open_store
from store.delivery.packs import Message
from store.delivery.queue import make_app, send
from tests.integration import cluster
from tests.integration.test_exactly_once import eventually, settings


def celery(valkey, *words):
    """Return the process of `celery -A store.delivery.queue ...`."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "celery", "-A", "store.delivery.queue", *words],
        cwd=cluster.ROOT,
        env={**os.environ, "BROKER_URL": valkey.url, "FLOWER_UNAUTHENTICATED_API": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_celerys_tools_show_what_workers_do(postgres_url, valkey):
    """`inspect active` names the worker and the jobs of its pack; Flower, which switches events on, shows its task."""
    valkey.flush()
    app = make_app(valkey.url)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    flower = celery(valkey, "flower", f"--port={port}", "--address=127.0.0.1")
    try:
        with open_store(postgres_url) as store, cluster.worker("celery", "1", **settings(postgres_url, valkey)):
            experiment = cluster.experiment(store, configurations=1, repeats=6, pack=2)
            send_waiting(store, app, experiment.id)
            assert next(iter(shown(port, "/api/workers?refresh=1", bool))).startswith("celery@")
            eventually(lambda: store.jobs.unfinished([experiment.id]) == 0)

            def succeeded(found):
                send(app, [Message(jobs=(1, 2))])  # what comes before Flower has switched events on, it does not see
                return any(one["state"] == "SUCCESS" and one["args"] == "(2 jobs: 1, 2)" for one in found.values())

            tasks = shown(port, "/api/tasks", succeeded)
            assert {"worker.train"} <= {one["name"] for one in tasks.values()}
            inspected = celery(valkey, "inspect", "--json", "active").communicate(timeout=60)[0]
            (name,) = json.loads(inspected[inspected.index("{") :])
            assert name.startswith("celery@")
    finally:
        flower.kill()
        flower.communicate()


def shown(port, path, enough, seconds=90):
    """Return what Flower shows, once it is enough."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            if enough(found := json.load(answer)):
                return found
        time.sleep(0.3)
    raise AssertionError(f"Flower does not show {path}")


@pytest.mark.parametrize("broker", [True, False])
def test_a_worker_that_ends_when_nothing_waits(sqlite_url, valkey, broker):
    """With Redis or without, after all that waits is trained."""
    valkey.flush()
    with open_store(sqlite_url) as store:
        experiment = cluster.experiment(store, configurations=1, repeats=4, pack=2)
        env = {"DATABASE_URL": sqlite_url, "BROKER_URL": valkey.url, "STANDIN_UNTIL_EMPTY": "1"}
        if broker:
            send_waiting(store, make_app(valkey.url), experiment.id)
        with cluster.worker(*(("celery", "1") if broker else ("until-empty",)), **env) as process:
            assert process.wait(120) == 0
        assert store.jobs.unfinished([experiment.id]) == 0
