"""Training on this machine: how many workers, what they are told, and what is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from scheduler.lifecycle import local_training, local_workers
from scheduler.lifecycle.local_training import check_workers, train
from store import ExperimentStatus, Settings, UsageError, open_store
from tests.baselines import EndlessBaselines
from tests.examples import experiment, run_all, submit


@pytest.mark.parametrize("workers", [0, -1, 257, 1.5, "two", True])
def test_what_is_no_number_of_workers(workers: Any) -> None:
    """The message has what was given and what is allowed."""
    with pytest.raises(UsageError, match="allowed: a whole number from 1 to 256, or None"):
        check_workers(workers)


@pytest.mark.parametrize(("wanted", "jobs", "started"), [(None, 99, 7), (None, 3, 3), (2, 3, 2), (5, 3, 3)])
def test_as_many_workers_as_cores_and_never_more_than_jobs(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, wanted: int | None, jobs: int, started: int
) -> None:
    """Unless another number is asked for."""
    seen: list[int] = []

    def run(*_: object, workers: int, look: Callable[[], int]) -> None:
        seen.append(workers)
        assert look() == 0

    monkeypatch.setattr("scheduler.lifecycle.local_training.cores", lambda: 7)
    monkeypatch.setattr(local_workers, "run_workers", run)
    monkeypatch.setattr(local_training, "compute_ahead", lambda *_, **__: SimpleThread())
    shown: list[Sequence[ExperimentStatus]] = []
    with open_store(sqlite_url) as store:
        made = submit(store, experiment("e", ["a"], repeats=jobs)).experiment
        train(store, Settings(), [made], workers=wanted, show=shown.append)
        assert seen == [started]
        assert [status.name for status in shown[0]] == ["e"]
        run_all(store)
        train(store, Settings(), [made], workers=wanted, show=shown.append)
        assert seen == [started], "nothing waits, and no worker starts"


class SimpleThread:
    """What is computed ahead, and is done."""

    def wait(self, say: object) -> bool:
        """Return that all is done."""
        return True


def test_ctrl_c_leaves_the_baselines_out(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once all is trained, their progress is told, and an interruption ends them alone."""
    ahead, told = EndlessBaselines(), list[str]()
    monkeypatch.setattr(local_workers, "run_workers", lambda *_, **__: None)
    monkeypatch.setattr(local_training, "compute_ahead", lambda *_, **__: ahead)
    with open_store(sqlite_url) as store:
        made = submit(store, experiment("e", ["a"])).experiment
        assert not train(store, Settings(), [made], workers=1, show=lambda _: None, say=told.append)
    assert told == ["baselines: ARIMA, 40% done; Ctrl-C leaves them out"]
    assert ahead.stopped
