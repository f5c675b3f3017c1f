"""Baselines of many splits are what one process computes, and nothing outlives the computation."""

import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scheduler.lifecycle import baseline_pool
from scheduler.lifecycle.baseline_pool import compute_many
from scheduler.statistics.baselines import compute_baselines

ASKED: list[dict[str, Any]] = [
    {"values": np.arange(20.0) ** power, "test": 3, "horizon": 2, "seasons": (4,), "names": ("persistence", "drift")}
    for power in (1.0, 1.1, 0.5)
]


class _Stopped(Exception):
    pass


def _same(found: dict[int, pd.DataFrame]) -> None:
    assert sorted(found) == [0, 1, 2]
    for place, table in found.items():
        pd.testing.assert_frame_equal(table, compute_baselines(**ASKED[place]))


def test_each_table_is_that_of_one_process() -> None:
    told: list[int] = []
    _same(dict(compute_many(ASKED, told.append, processes=2)))
    assert set(told) == {0, 1, 2}


def test_what_a_dead_process_owes_is_computed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was killed, for the memory that it took, loses no table."""
    ended = [sys.executable, "-c", ""]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    monkeypatch.setattr(baseline_pool, "_start", lambda: subprocess.Popen(ended, **pipes))  # type: ignore[call-overload]
    _same(dict(compute_many(ASKED, lambda done: None, processes=1)))


def test_a_dead_process_leaves_the_rest_to_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller computes what it owes, and waits for all else."""
    answer = (
        "while True: pickle.load(sys.stdin.buffer); sys.stdout.buffer.write(pickle.dumps('there')); sys.stdout.flush()"
    )
    codes = iter(["", f"import pickle, sys\n{answer}"])
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}

    def start() -> Any:
        return subprocess.Popen([sys.executable, "-c", next(codes)], **pipes)  # type: ignore[call-overload]

    monkeypatch.setattr(baseline_pool, "_start", start)
    found: list[Any] = [table for _, table in compute_many(ASKED, lambda done: None, processes=2)]
    assert len(found) == len(ASKED)
    assert sum(isinstance(one, str) for one in found) >= len(ASKED) - 1


def test_an_interrupt_ends_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = baseline_pool._start

    def remember() -> subprocess.Popen[bytes]:
        started.append(start())
        return started[-1]

    def stop(done: int) -> None:
        raise _Stopped

    monkeypatch.setattr(baseline_pool, "_start", remember)
    with pytest.raises(_Stopped):
        list(compute_many(ASKED, stop, processes=2))
    assert len(started) == 2
    assert all(child.returncode is not None for child in started)
