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

from scheduler import __main__
from scheduler.lifecycle import local_workers
from store import Store
from store.jobs.owners import new_owner, worker_name
from worker.delivery.pack import Train, series_of
from worker.delivery.provenance import provenance
from worker.lane import Lane

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


def scheduler(*args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command and return what `subprocess.run` does; an exception that the command lets through is raised."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    before, sys.argv = sys.argv, ["scheduler", *map(str, args)]
    code = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            __main__.main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.argv = before
    out.flush()
    assert isinstance(out.buffer, io.BytesIO)
    return subprocess.CompletedProcess(args, code, out.buffer.getvalue().decode(), err.getvalue())
