"""The command line and the training in this process: a whole pipeline in a fraction of a second.

No worker process is started. Packs are claimed, trained by a stand-in and saved as a local worker does.
"""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from scheduler import command
from scheduler.lifecycle import local_workers
from store import Store
from store.jobs.owners import new_owner, worker_name
from worker.delivery.closer import Closer
from worker.delivery.lease_keeper import LeaseKeeper
from worker.delivery.pack import PackRunner, Train, series_of
from worker.delivery.provenance import provenance
from worker.lane import Lane

ROOT = Path(__file__).parents[1]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def train_in_process(monkeypatch: pytest.MonkeyPatch, train: Train) -> None:
    """Let this process train instead of local workers."""

    def run_workers(
        store: Store, settings: Any, experiments: Sequence[int], *, look: Callable[[], int], **_: Any
    ) -> None:
        name = worker_name()
        owner = new_owner(name)
        while jobs := store.jobs.claim_next(owner=owner, lease=60.0, workers=1, experiments=experiments):
            lanes = [Lane.of(job) for job in jobs]
            results = train(lanes, series_of(store, jobs, lanes), progress=lambda done, total: None)
            store.results.save(results, owner=owner, provenance=provenance(name))
        look()

    monkeypatch.setattr(local_workers, "run_workers", run_workers)


def deliver_in_process(monkeypatch: pytest.MonkeyPatch, train: Train) -> None:
    """Let this process be the only local worker, with leases, failures and all that belongs to the delivery."""

    def run_workers(
        store: Store, settings: Any, experiments: Sequence[int], *, look: Callable[[], int], **_: Any
    ) -> None:
        store.jobs.check_version(experiments)
        name = worker_name()
        with LeaseKeeper(store, settings) as keeper, Closer(store) as closer:
            runner = PackRunner(
                store=store, lease_keeper=keeper, closer=closer, train=train, stopping=lambda: False, worker=name
            )
            owner = new_owner(name)
            while jobs := store.jobs.claim_next(owner=owner, lease=60.0, workers=1, experiments=experiments):
                runner.run(jobs, owner=owner)
                owner = new_owner(name)
        look()

    monkeypatch.setattr(local_workers, "run_workers", run_workers)


def scheduler(*args: str | Path, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command and return what `subprocess.run` does; an exception that the command lets through is raised.

    Args:
        args: the words of the command line.
        cwd: the folder to run it in, with only `env` as settings of the pipeline; as things are, if none is named.
        env: further variables of the environment.
    """
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    code = 0
    try:
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            patch.setattr(sys, "argv", ["scheduler", *map(str, args)])
            if cwd is not None:
                _move(patch, cwd)
            for name, value in env.items():
                patch.setenv(name, value)
            code = command.run_command()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    out.flush()
    assert isinstance(out.buffer, io.BytesIO)
    return subprocess.CompletedProcess(args, code, out.buffer.getvalue().decode(), err.getvalue())


def _move(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Go to a folder, with no settings of the pipeline in the environment."""
    patch.chdir(folder)
    patch.setenv("COLUMNS", "200")
    patch.setenv("PYTHONPATH", str(ROOT))
    for name in ("DATABASE_URL", "BROKER_URL"):
        patch.delenv(name, raising=False)
