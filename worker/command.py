"""The command `worker`: a Celery worker, or with `--local` one of those that `scheduler run` starts.

Celery's main process does not load TensorFlow; its children do, with their first pack.
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence
from importlib.metadata import entry_points

import click

from store import PipelineError, open_store
from store.cores import cores
from store.logs import as_json, log_to_stderr
from store.settings import REPLACE_ME, Settings
from store.writable import temporary_folder
from worker.delivery import heartbeat

#: the exit code of what Ctrl-C ended
INTERRUPTED = 130
LOADED = "the engine was loaded in %.3f s"
LEVELS = click.Choice(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], case_sensitive=False)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--store", metavar="URL", help="Results store [default: DATABASE_URL, or sqlite:///results.db].")
@click.option("--broker", metavar="URL", help="Redis [default: BROKER_URL].")
@click.option("--queue", "queues", default="default", show_default=True, help="Comma-separated queues to serve.")
@click.option("--concurrency", default=1, show_default=True, type=click.IntRange(1), help="Packs to train at once.")
@click.option("--log-level", default="INFO", show_default=True, type=LEVELS, help="Least severe messages to log.")
@click.option(
    "--healthy",
    is_flag=True,
    help="Exit with 0 if the worker in this container is alive; start nothing.",
)
@click.option(
    "--until-empty",
    is_flag=True,
    help="End when nothing waits; without a broker, claim packs from the store itself.",
)
@click.option("--local", is_flag=True, help="Claim packs from the store, without a broker, until none is left.")
@click.option(
    "--experiment",
    "experiments",
    multiple=True,
    type=int,
    help="With --local: id of an experiment.",
)
@click.option("--workers", default=1, type=click.IntRange(1), help="With --local: workers that share its jobs.")
@click.option("--fork", is_flag=True, hidden=True, help="With --local: fork workers for `scheduler run` on request.")
@click.option("--metrics", metavar="[HOST:]PORT", help="Answer Prometheus here with what the packs took.")
def main(
    store: str | None,
    broker: str | None,
    queues: str,
    concurrency: int,
    log_level: str,
    healthy: bool,
    until_empty: bool,
    local: bool,
    experiments: tuple[int, ...],
    workers: int,
    fork: bool,
    metrics: str | None,
) -> None:
    """Train packs of jobs, many repeats side by side, and write their results to the store."""
    if healthy:
        sys.exit(0 if heartbeat.is_alive() else 1)
    try:
        log_to_stderr(log_level)
        settings = Settings.from_env(store=store, broker=broker)
        if fork:
            become_local_worker(workers)
        if local:
            run_local(settings, experiments, workers, metrics)
        elif until_empty and settings.broker_url is None:
            run_local(settings, None, workers, metrics, queues=queues.split(","))
        else:
            serve(settings, queues, concurrency, log_level, metrics, until_empty=until_empty)
    except PipelineError as problem:
        print(f"worker: {problem}", file=sys.stderr)
        sys.exit(problem.exit_code)
    except KeyboardInterrupt:  # before there are children, whose own handlers hand their packs back
        sys.exit(INTERRUPTED)


def share_cores(processes: int) -> None:
    """Let the engines of so many processes share the cores: with a thread for each core in each one, they would wait.

    No number depends on how many threads there are. TF_NUM_INTRAOP_THREADS, which TensorFlow reads, goes before.
    """
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(max(1, cores() // processes)))


def become_local_worker(workers: int) -> None:
    """Serve `scheduler run` as the process that forks its workers; return in each of them, with the engine loaded."""
    from worker.delivery.fork_server import serve

    share_cores(workers)
    serve(_load_engine, [sys.executable, "-m", "worker", *(word for word in sys.argv[1:] if word != "--fork")])


def _load_engine() -> bool:
    """Import what local workers need; return whether they may be forked after that."""
    started = time.perf_counter()
    import worker.delivery.local  # noqa: F401 - with the store it takes half a second
    from worker.engine.train import load

    forkable = load()
    logging.getLogger(__name__).info(LOADED, time.perf_counter() - started)
    return forkable


def run_local(
    settings: Settings,
    experiments: tuple[int, ...] | None,
    workers: int,
    metrics: str | None = None,
    *,
    queues: Sequence[str] = (),
) -> None:
    """Train the waiting jobs of the experiments, or of the queues, then end the process."""
    if metrics:
        from worker.delivery.metrics import Metrics

        Metrics(metrics, children=False).serve()
    started = time.perf_counter()
    share_cores(workers)
    from worker.delivery.local import work
    from worker.engine.train import train

    logging.getLogger(__name__).info(LOADED, time.perf_counter() - started)
    code = work(settings, experiments, workers=workers, train=train, queues=queues)
    logging.shutdown()
    if queues and code == REPLACE_ME:  # no parent starts another one
        os.execv(sys.executable, [sys.executable, "-m", "worker", *sys.argv[1:]])
    # Everything is stored and closed; TensorFlow would need another second or two to shut down.
    os._exit(code)


def serve(
    settings: Settings,
    queues: str,
    concurrency: int,
    log_level: str,
    metrics: str | None = None,
    *,
    until_empty: bool = False,
) -> None:
    """Serve Celery queues until told to stop, or until nothing waits.

    Raises:
        StoreUnreachable: the database is not there.
        StoreVersionError: the store was made by another version.
        BrokerUnreachable: Redis is not there.
    """
    from celery.signals import setup_logging

    from store.delivery.queue import make_app, ping

    temporary_folder()
    share_cores(concurrency)
    if metrics:
        _measure(metrics)
    open_store(settings.database_url).close()  # a store of another version is reported at once
    app = make_app(settings.broker_url)
    ping(app)
    heartbeat.start(app)
    if as_json():
        setup_logging.connect(_keep_logging)
    if until_empty:
        _end_when_empty(settings, queues.split(","))
    for task in entry_points(group="repeats.tasks"):
        task.load()(app, settings)
    worker = app.Worker(
        queues=queues.split(","),
        concurrency=concurrency,
        pool="prefork",
        loglevel=log_level.upper(),
        without_gossip=True,  # workers need not know of each other; the store does
        without_mingle=True,
        quiet=True,
    )
    interrupted = note_interrupt()
    worker.start()
    sys.exit(INTERRUPTED if interrupted else worker.exitcode)


def note_interrupt() -> list[str]:
    """Return a list that gets an entry when Ctrl-C ends the worker, which Celery calls a failure."""
    from celery.signals import worker_shutting_down

    noted: list[str] = []

    def note(sig: str, **_: object) -> None:
        if sig == "SIGINT":
            noted.append(sig)

    worker_shutting_down.connect(note, weak=False)
    return noted


def _keep_logging(**_: object) -> None:
    """Keep the logging of this command: Celery sets up its own unless somebody answers its signal."""


def _end_when_empty(settings: Settings, queues: Sequence[str]) -> None:
    """Look for waiting jobs once the children have been forked."""
    from celery.signals import worker_ready

    from worker.delivery.until_empty import end_when_empty

    worker_ready.connect(lambda **_: end_when_empty(settings, queues), weak=False)


def _measure(address: str) -> None:
    """Measure the packs of Celery's children, and answer from this process once they have been forked."""
    from celery.signals import worker_process_shutdown, worker_ready

    from worker.delivery.metrics import Metrics, forget

    if callable(signal.getsignal(signal.SIGINT)):  # the folder of what is measured is to be removed first
        signal.signal(signal.SIGINT, signal.default_int_handler)
    metrics = Metrics(address, children=True)
    main_process = os.getpid()
    worker_ready.connect(lambda **_: metrics.serve(), weak=False)
    worker_process_shutdown.connect(lambda pid, **_: forget(pid), weak=False)
    atexit.register(lambda: metrics.close() if os.getpid() == main_process else None)
