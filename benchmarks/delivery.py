"""Repeat-jobs a second with training replaced by a no-op: through Redis and Postgres, and through the embedded runner.

Goals: 2,000 packed and 300 with `pack: 1`. Baselines in the same run: Celery's own rate for as many tasks that do
nothing at all, and rows written to the same database one by one.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scheduler.lifecycle.submission import send_waiting
from store import ExperimentState, Store, open_store
from store.delivery.queue import make_app
from tests.integration import cluster
from tests.servers import Postgres, Valkey

WORKERS = 2
PACKED, ALONE = 20_000, 3_000
#: trajectories of the quickstart's length
EPOCHS = "1000"


def settle(store: Store, experiment_id: int) -> float:
    """Wait until an experiment is closed by the worker that saved its last result; return the time."""
    while store.experiments.with_id(experiment_id).state is not ExperimentState.DONE:
        time.sleep(0.05)  # one row: counting the jobs that are left would cost the database as much as they do
    return time.perf_counter()


@contextmanager
def workers(*words: str, **env: str) -> Iterator[None]:
    """Run the workers of a benchmark."""
    with ExitStack() as stack:
        for _ in range(WORKERS):
            stack.enter_context(cluster.worker(*words, STANDIN_EPOCHS=EPOCHS, LEASE_SECONDS="60", **env))
        yield


def through_celery(store: Store, url: str, broker: str, jobs: int, pack: int) -> float:
    """Return jobs a second from the first message to the last result, workers being up."""
    app = make_app(broker)
    env = {"DATABASE_URL": url, "BROKER_URL": broker}
    with workers("celery", "1", **env):
        warm = cluster.experiment(store, configurations=1, repeats=64, pack=1, name=f"warm-{pack}")
        send_waiting(store, app, warm.id)
        settle(store, warm.id)
        made = cluster.experiment(store, configurations=4, repeats=jobs // 4, pack=pack, name=f"jobs-{pack}")
        start = time.perf_counter()
        send_waiting(store, app, made.id)
        return jobs / (settle(store, made.id) - start)


def through_the_store(url: str, jobs: int, pack: int) -> float:
    """Return jobs a second of the embedded runner, from the first claim to the last result."""
    with open_store(url, create=True) as store:
        made = cluster.experiment(store, configurations=4, repeats=jobs // 4, pack=pack, name=f"jobs-{pack}")
        with workers("local", str(WORKERS), str(made.id), DATABASE_URL=url):
            while store.experiments.status(made.id).running == 0:
                time.sleep(0.005)
            start = time.perf_counter()
            return jobs / (settle(store, made.id) - start)


def bare_celery(broker: str, tasks: int) -> float:
    """Return the rate at which Celery sends and runs tasks of which none does anything."""
    app = make_app(broker)
    with workers("nothing", "1", BROKER_URL=broker):
        time.sleep(4)
        start = time.perf_counter()
        with app.producer_or_acquire() as producer, producer.batch(1000):
            for _ in range(tasks):
                app.send_task("nothing", queue="default", producer=producer)
        client = app.connection_for_read().default_channel.client
        while client.llen("default"):
            time.sleep(0.01)
        return tasks / (time.perf_counter() - start)


def main() -> None:
    """Print the rates."""
    postgres, valkey = Postgres(), Valkey()
    postgres.start()
    valkey.start()
    try:
        bare = bare_celery(valkey.url, 5_000)
        print(f"Celery alone, tasks that do nothing: {bare:,.0f} a second")
        url = postgres.create("delivery")
        with open_store(url, create=True) as store:
            for jobs, pack, goal in ((PACKED, 64, 2000), (ALONE, 1, 300)):
                rate = through_celery(store, url, valkey.url, jobs, pack)
                print(
                    f"Redis and Postgres, packs of {pack}: {rate:,.0f} repeat-jobs a second, "
                    f"{rate / bare:.2f} times Celery alone; goal {goal:,}"
                )
    finally:
        postgres.close()
        valkey.close()
    with tempfile.TemporaryDirectory() as folder:
        for jobs, pack, goal in ((PACKED, 64, 2000), (ALONE, 1, 300)):
            rate = through_the_store(f"sqlite:///{Path(folder) / f'{pack}.db'}", jobs, pack)
            print(f"embedded, SQLite, packs of {pack}: {rate:,.0f} repeat-jobs a second; goal {goal:,}")
    print(
        f"{WORKERS} workers, {os.cpu_count()} cores, trajectories of {EPOCHS} epochs and 12 forecasts each; "
        f"load average {os.getloadavg()[0]:.1f} (these workers make about {WORKERS} of it)"
    )


if __name__ == "__main__":
    main()
