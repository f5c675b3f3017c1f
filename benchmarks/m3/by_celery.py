"""The same study by Celery: two workers, Redis and Postgres from the tests' wheels, its bits held against `run`'s."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.m3.data import Floats, Kind, M3Series
from benchmarks.m3.study import forecasts
from store import open_store
from tests.servers import Postgres, Valkey

ROOT = Path(__file__).parents[2]
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the study took by Celery, and how it compares."""

    #: until the last training was stored; summaries and baselines come after it
    seconds: float
    trainings: int
    #: trainings that the other store has, too, and those of them with other forecasts
    compared: int
    different: int


def deliver(grids: Sequence[Path], series: Mapping[Kind, Sequence[M3Series]], other: str, logs: Path) -> Delivered:
    """Train the grids by two workers of Celery, and compare all forecasts with those of another store.

    Args:
        grids: one of each frequency.
        series: what is in them.
        other: the URL of the store that `scheduler run` filled.
        logs: where the workers log.
    """
    with _servers(logs) as env:
        started = time.perf_counter()
        command = [sys.executable, "-m", "scheduler", "submit", *map(str, grids)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env)
        _wait(env["DATABASE_URL"], seconds=4 * 3600)
        seconds = time.perf_counter() - started
        trainings, compared, different = 0, 0, 0
        with open_store(env["DATABASE_URL"]) as mine, open_store(other) as theirs:
            for kind in series:
                expected = dict(forecasts(theirs, kind))
                for name, found in forecasts(mine, kind):
                    trainings += len(found)
                    if name in expected:
                        compared += len(found)
                        different += _different(found, expected[name])
    return Delivered(seconds, trainings, compared, different)


def _wait(url: str, *, seconds: float) -> None:
    """Wait until all is trained.

    Raises:
        TimeoutError: it takes longer than that.
    """
    until = time.monotonic() + seconds
    with open_store(url) as store:
        ids = [one.id for one in store.experiments.list()]
        while left := store.jobs.unfinished(ids):
            if time.monotonic() > until:
                raise TimeoutError(f"{left} trainings are left")
            time.sleep(0.5)


def _different(one: Floats, other: Floats) -> int:
    """Count the repeats whose forecasts are not the same to the last bit."""
    same = (one == other[: len(one)]) | (np.isnan(one) & np.isnan(other[: len(one)]))
    return int((~same.all(axis=-1)).sum())


@contextmanager
def _servers(logs: Path) -> Iterator[dict[str, str]]:
    """Start the servers and the workers; yield the environment of a client."""
    postgres, valkey = Postgres(), Valkey()
    workers: list[subprocess.Popen[bytes]] = []
    try:
        postgres.start()
        valkey.start()
        url = postgres.create("m3")
        open_store(url, create=True).close()
        env = os.environ | {"DATABASE_URL": url, "BROKER_URL": valkey.url, "PYTHONPATH": str(ROOT)}
        env.setdefault("TF_NUM_INTRAOP_THREADS", "1")  # each worker takes itself for the only one
        for number in range(WORKERS):
            with (logs / f"worker-{number}.log").open("wb") as log:
                command = [sys.executable, "-m", "worker"]
                own = {"stdout": log, "stderr": log, "start_new_session": True}
                workers.append(subprocess.Popen(command, env=env, cwd=logs, **own))  # type: ignore[call-overload]
        yield env
    finally:
        for worker in workers:  # asked to stop, they would first compute the baselines
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(60)
        valkey.close()
        postgres.close()
