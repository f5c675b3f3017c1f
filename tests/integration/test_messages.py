"""What is in the queues: what is no message is dropped, and jobs that a worker had go before all others."""

from __future__ import annotations

import base64
import json
import signal
import time

import pytest
import redis

from scheduler.lifecycle.submission import send_waiting, sweep
from store import open_store
from store.delivery.queue import make_app, queue_length
from tests.integration import cluster
from tests.integration.test_exactly_once import eventually, settings

KEY = "repeats:default"


@pytest.fixture
def queue(valkey):
    """An empty Redis, as its own clients see it."""
    valkey.flush()
    client = redis.Redis(port=valkey.port)
    yield client
    client.close()


def message(body: bytes | None, **headers: object) -> bytes:
    """Return something like a message of Celery."""
    properties = {"delivery_tag": str(headers), "delivery_info": {"exchange": "", "routing_key": "default"}}
    parts = {"properties": {**properties, "body_encoding": "base64"}, "headers": headers}
    encoded = {} if body is None else {"body": base64.b64encode(body).decode()}
    return json.dumps({**encoded, **parts, "content-type": "application/json", "content-encoding": "utf-8"}).encode()


NO_MESSAGES = [
    b"garbage",
    b"\xff\xfe",
    b"[1, 2]",
    b"{}",
    b'{"properties": {"delivery_tag": "1", "delivery_info": {}}}',
    message(None, task="worker.train", id="1"),
    message(b"[]", task="worker.train", id="2"),
    message(b"x", task="worker.train", id="3"),
    message(b"[]", task="other", id="4"),
    message(b'[["x"], {}, {}]', task="worker.train", id="5"),
    message(b"[[[99999999999999999999]], {}, {}]", task="worker.train", id="6"),
    message(b"[[], {}, {}]", task="worker.train", id="7"),
    message(b"[[[1]], {}, {}]", id=7),
]


def test_what_is_no_message_is_dropped(postgres_url, valkey, queue, capfd):
    """Each with a line in the log; the worker lives and trains what comes after."""
    app = make_app(valkey.url)
    for one in NO_MESSAGES:
        queue.lpush(KEY, one)
    with open_store(postgres_url) as store:
        experiment = cluster.experiment(store, configurations=1, repeats=2, pack=2)
        send_waiting(store, app, experiment.id)
        with cluster.worker("celery", "1", **settings(postgres_url, valkey)) as process:
            eventually(lambda: store.jobs.unfinished([experiment.id]) == 0)
            assert process.poll() is None
            assert queue_length(app, "default") == 0
    said = capfd.readouterr().err
    assert said.count("dropped from the queue, since it is no message of Celery: ") == 8
    assert said.count("message refused: its argument is no list of ids of jobs: ") == 3


def test_jobs_that_a_worker_had_go_first(store_url, valkey, queue):
    """Those whose lease ran out, in their order; what was queued is not taken to be lost when they run."""
    app = make_app(valkey.url)
    with open_store(store_url) as store:
        experiment = cluster.experiment(store, configurations=1, repeats=5, pack=1)
        send_waiting(store, app, experiment.id)
        ids = [job.id for job in store.jobs.waiting(experiment.id)]
        for one in ids[:2]:
            queue.rpop(KEY)
            store.jobs.claim([one], owner="dead", lease=0.1)
        time.sleep(0.2)
        assert sweep(store, app, lost_after=0.1) == 2
        order = [json.loads(base64.b64decode(json.loads(one)["body"]))[0][0] for one in queue.lrange(KEY, 0, -1)]
        assert order == [[one] for one in (*reversed(ids[2:]), *reversed(ids[:2]))], "the right end goes first"
        store.jobs.claim(ids[:1], owner="o", lease=60)
        time.sleep(0.2)
        assert sweep(store, app, lost_after=0.1) == 0
        store.jobs.claim(ids[2:3], owner="o", lease=60)
        assert sweep(store, app, lost_after=0.1) == 1, "that of the second was lost, or it would run"


def test_a_local_worker_that_compiles_hands_its_pack_back(sqlite_url):
    """Python's own handlers of signals would wait for the end of the compilation."""
    with open_store(sqlite_url) as store:
        experiment = cluster.experiment(store, configurations=1, repeats=2, pack=2)
        env = {"DATABASE_URL": sqlite_url, "STANDIN_SECONDS": "300", "STANDIN_SILENT": "1"}
        with cluster.worker("local", "1", str(experiment.id), **env) as process:
            eventually(lambda: store.experiments.status(experiment.id).running == 2)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
            assert time.monotonic() - began < 30, "2.2 s on an idle machine"
        assert store.experiments.status(experiment.id).running == 0
