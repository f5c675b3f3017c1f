"""`worker` starts a Celery worker; `worker --local` is what `scheduler run` starts.

Nothing here imports TensorFlow: Celery's children do, with their first pack.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click

from store import PipelineError, open_store
from store.settings import Settings

#: tells the container's health check that Celery's event loop turns
HEARTBEAT = Path(os.environ.get("WORKER_HEARTBEAT", "/tmp/worker-heartbeat"))
LEVELS = click.Choice(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], case_sensitive=False)
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--store", metavar="URL", help="The results store [default: DATABASE_URL, or sqlite:///results.db].")
@click.option("--broker", metavar="URL", help="Redis [default: BROKER_URL].")
@click.option("--queue", "queues", default="default", show_default=True, help="Queues to serve, separated by commas.")
@click.option("--concurrency", default=1, show_default=True, type=click.IntRange(1), help="Packs trained at a time.")
@click.option("--log-level", default="INFO", show_default=True, type=LEVELS, help="Python's logging levels.")
@click.option(
    "--healthy", is_flag=True, help="Only say, by the exit code, whether the worker in this container is alive."
)
@click.option("--local", is_flag=True, help="Take packs from the store itself, with no broker, until none is left.")
@click.option("--experiment", "experiments", multiple=True, type=int, help="With --local: experiment ids.")
@click.option("--workers", default=1, type=click.IntRange(1), help="With --local: how many share the work.")
def main(
    store: str | None,
    broker: str | None,
    queues: str,
    concurrency: int,
    log_level: str,
    healthy: bool,
    local: bool,
    experiments: tuple[int, ...],
    workers: int,
) -> None:
    """Train packs: fit the models of many repeats side by side and write their results to the store."""
    if healthy:
        sys.exit(0 if is_alive() else 1)
    logging.basicConfig(level=log_level.upper(), format=FORMAT, stream=sys.stderr)
    try:
        settings = Settings.from_env(store=store, broker=broker)
        if local:
            run_local(settings, experiments, workers)
        else:
            serve(settings, queues, concurrency, log_level)
    except PipelineError as problem:
        print(f"worker: {problem}", file=sys.stderr)
        sys.exit(problem.exit_code)


def run_local(settings: Settings, experiments: tuple[int, ...], workers: int) -> None:
    """Train what waits in the store, then end the process."""
    started = time.perf_counter()
    from worker.delivery.local import work
    from worker.engine.train import train

    logging.getLogger(__name__).info("the engine was loaded in %.3f s", time.perf_counter() - started)
    code = work(settings, experiments, workers=workers, train=train)
    logging.shutdown()
    # Everything is in the store, which is closed: TensorFlow would take a second or two to take itself apart.
    os._exit(code)


def serve(settings: Settings, queues: str, concurrency: int, log_level: str) -> None:
    """Serve Celery's queues until told to stop.

    Raises:
        StoreUnreachable: the database is not there.
        StoreVersionError: the store is another version's.
        BrokerUnreachable: Redis is not there.
    """
    from celery.signals import worker_ready

    from store.delivery.queue import make_app, ping

    worker_ready.connect(_beat)
    open_store(settings.database_url).close()  # a worker of another version than the store says so at once
    app = make_app(settings.broker_url)
    ping(app)
    for task in entry_points(group="repeats.tasks"):
        task.load()(app, settings)
    worker = app.Worker(
        queues=queues.split(","),
        concurrency=concurrency,
        pool="prefork",
        loglevel=log_level.upper(),
        without_gossip=True,  # workers need not know of each other: the store does
        without_mingle=True,
        quiet=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


def _beat(sender: Any, **_: object) -> None:
    """Touch a file from Celery's event loop: it grows old when the loop hangs or its process is gone."""
    sender.timer.call_repeatedly(5.0, HEARTBEAT.touch)
    HEARTBEAT.touch()


def is_alive() -> bool:
    """Say whether the event loop of this container's worker turned in the last half minute."""
    return HEARTBEAT.exists() and time.time() - HEARTBEAT.stat().st_mtime < 30


if __name__ == "__main__":
    main()
