"""A small cluster for tests and benchmarks: real workers in processes of their own, training by the stand-in."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
from celery import Celery

from scheduler.grid.expand import seeds
from scheduler.lifecycle.aggregate import aggregate_finished
from scheduler.lifecycle.submission import sweep
from scheduler.series.source import bundled
from scheduler.statistics.summary import summarise
from store import Experiment, NewConfiguration, NewExperiment, NewJob, Store, StoreUnreachable
from store.errors import BrokerUnreachable
from store.schema.configuration import BatchTransfer, Configuration, SeriesChoice
from tests import standin
from worker.lane import Lane

ROOT = Path(__file__).parents[2]


def experiment(
    store: Store, *, configurations: int = 4, repeats: int = 25, pack: int = 8, name: str = "e"
) -> Experiment:
    """Store an experiment whose configurations are made up; the stand-in looks at seeds only."""
    series = bundled("shampoo")
    store.series.put(series)
    drawn = seeds(7, configurations * repeats)
    # Of this protocol there are no baselines, which would take longer than all the rest.
    params = Configuration(
        series=SeriesChoice(name=series.name, content_hash=series.content_hash),
        test=0,
        protocol=BatchTransfer(kind="batch_transfer"),
    ).canonical()
    made = [
        NewConfiguration(
            label=f"c={number}",
            axes={"c": number},
            params=params,
            series_hash=series.content_hash,
            jobs=tuple(
                NewJob(
                    repeat=repeat,
                    seed=drawn[number * repeats + repeat],
                    key=hashlib.sha256(f"{name}:{number}:{repeat}".encode()).hexdigest(),
                    program=f"program {number % 2}",
                    max_pack=pack,
                )
                for repeat in range(repeats)
            ),
        )
        for number in range(configurations)
    ]
    new = NewExperiment(
        name=name,
        description="",
        grid_text="",
        grid_file="",
        repeats=repeats,
        seed=7,
        queue="default",
        pack=pack,
        max_attempts=3,
        git_commit=None,
        configurations=tuple(made),
    )
    return store.experiments.create(new).experiment


@contextmanager
def worker(*words: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a stand-in worker until the block ends; `worker("celery", "2")` has two children."""
    process = start(*words, **env)
    try:
        yield process
    finally:
        end(process)


def start(*words: str, **env: str) -> subprocess.Popen[bytes]:
    """Start a stand-in worker in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.standin", *words],
        cwd=ROOT,
        env={**os.environ, "LEASE_SECONDS": "2", "STANDIN_LOG": "WARNING", **env},
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a worker with all its children, and let go of its pipe."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(60)
    if process.stdin:
        process.stdin.close()


def finish(
    store: Store,
    app: Celery | None,
    experiment_id: int,
    *,
    seconds: float = 240,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """Do what `submit --wait` does until an experiment is done, and `meanwhile` something else."""
    give_up = time.monotonic() + seconds
    while True:
        meanwhile()
        try:
            if store.jobs.unfinished([experiment_id]) == 0:
                break
            if app is not None:
                sweep(store, app, lost_after=1.0)
        except (BrokerUnreachable, StoreUnreachable):
            pass
        assert time.monotonic() < give_up, store.experiments.status(experiment_id)
        time.sleep(0.1)
    aggregate_finished(store)


def assert_whole(store: Store, experiment_id: int) -> None:
    """Check that every result is there once, is the one its seed makes, and that the summaries are right."""
    frame = store.results.frame(experiment_id)
    assert set(frame["state"]) == {"done"}
    for row in frame.itertuples():
        expected = standin.result(Lane(job_id=0, configuration=None, seed=row.seed))  # type: ignore[arg-type]
        assert row.test_rmse == expected.test_rmse
    curves = store.results.trajectories(experiment_id)
    assert sum(len(one.repeats) for one in curves.values()) == len(frame)
    for label, one in curves.items():
        scores = frame[frame["configuration"] == label].set_index("repeat")["test_rmse"].astype(np.float32)
        assert (one.test[:, -1] == scores.loc[list(one.repeats)].to_numpy()).all()
    pd.testing.assert_frame_equal(
        store.results.summaries(experiment_id).reset_index(drop=True),
        summarise(frame),
        check_dtype=False,
        check_exact=True,
    )


def forked_workers() -> list[psutil.Process]:
    """Return the living local workers of this test: they are children of what forks them, which is no worker itself."""
    found: list[psutil.Process] = []
    for server in [one for one in psutil.Process().children() if _is_standin(one)]:
        with suppress(psutil.NoSuchProcess):
            found += [one for one in server.children() if _is_standin(one)]
    return found


def _is_standin(process: psutil.Process) -> bool:
    """Return whether a process trains, or starts those that do, and is not a killed one or another test's server."""
    try:
        return "tests.standin" in process.cmdline()
    except psutil.Error:
        return False
