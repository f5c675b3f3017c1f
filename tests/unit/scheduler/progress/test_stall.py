"""Detecting that nothing happens."""

from __future__ import annotations

import time

import pytest

from scheduler.progress.stall import StallDetector
from store import ExperimentStatus
from tests.unit.scheduler.progress.statuses import status


def test_a_stall_lasts_while_nothing_runs_and_nothing_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack that trains is no stall, however long; a reported stall is detected again after a sign of life."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    stall = StallDetector(after=15.0, began=0.0, ended=0)

    def detects(second: float, one: ExperimentStatus) -> bool:
        now[0] = second
        return stall.detects([one])

    assert [detects(14, status()), detects(15, status())] == [False, True]
    assert detects(16, status()), "it lasts until somebody has spoken of it"
    stall.silence()
    assert [detects(99, status()), detects(100, status(running=5)), detects(114, status())] == [False, False, False]
    assert detects(115, status())
    assert [detects(116, status(done=5)), detects(131, status(done=5))] == [False, True]
    stall.restart()
    assert not detects(132, status(done=5)), "while servers were away nobody could tell"
