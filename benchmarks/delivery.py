"""Jobs per second with a no-op in place of training, through Redis and Postgres and with local workers.

Goals: 2,000 packed and 300 with `pack: 1`. Baseline in the same run: the rate at which Celery alone runs
tasks that do nothing.
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
        time.sleep(0.05)  # reads one row: counting the remaining jobs would load the database as much as they do
    return time.perf_counter()


@contextmanager
def workers(*words: str, **env: str) -> Iterator[None]:
    """Run the workers of a benchmark."""
    with ExitStack() as stack:
        for _ in range(WORKERS):
            stack.enter_context(cluster.worker(*words, STANDIN_EPOCHS=EPOCHS, LEASE_SECONDS="60", **env))
        yield


def through_celery(store: Store, url: str, broker: str, jobs: int, pack: int) -> float:
    """Return the jobs per second from the first message to the last result, with workers that are already up."""
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
    """Return the jobs per second of local workers, from the first claim to the last result."""
    with open_store(url, create=True) as store:
        made = cluster.experiment(store, configurations=4, repeats=jobs // 4, pack=pack, name=f"jobs-{pack}")
        with workers("local", str(WORKERS), str(made.id), DATABASE_URL=url):
            while store.experiments.status(made.id).running == 0:
                time.sleep(0.005)
            start = time.perf_counter()
            return jobs / (settle(store, made.id) - start)


def bare_celery(broker: str, tasks: int) -> float:
    """Return the tasks per second that Celery sends and runs when they do nothing."""
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
        print(f"Celery alone, tasks that do nothing: {bare:,.0f} per second")
        url = postgres.create("delivery")
        with open_store(url, create=True) as store:
            for jobs, pack, goal in ((PACKED, 64, 2000), (ALONE, 1, 300)):
                rate = through_celery(store, url, valkey.url, jobs, pack)
                print(
                    f"Redis and Postgres, packs of {pack}: {rate:,.0f} jobs per second, "
                    f"{rate / bare:.2f} times Celery alone; goal {goal:,}"
                )
    finally:
        postgres.close()
        valkey.close()
    with tempfile.TemporaryDirectory() as folder:
        for jobs, pack, goal in ((PACKED, 64, 2000), (ALONE, 1, 300)):
            rate = through_the_store(f"sqlite:///{Path(folder) / f'{pack}.db'}", jobs, pack)
            print(f"local workers, SQLite, packs of {pack}: {rate:,.0f} jobs per second; goal {goal:,}")
    print(
        f"{WORKERS} workers, {os.cpu_count()} cores, trajectories of {EPOCHS} epochs and 12 forecasts each; "
        f"load average {os.getloadavg()[0]:.1f} (about {WORKERS} of it from these workers)"
    )


if __name__ == "__main__":
    main()
