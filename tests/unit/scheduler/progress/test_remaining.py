"""How long the rest takes."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from scheduler.progress.remaining import TimeLeft, TimesLeft
from store import ExperimentStatus
from tests.unit.scheduler.progress.statuses import status


def test_what_is_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the pace since a worker trained, the rest takes so long."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    left = TimeLeft()

    def says(second: float, one: ExperimentStatus) -> str:
        now[0] = second
        return left(one)

    assert says(0, status(done=20)) == ""
    assert says(5, status(done=20, running=40)) == ""
    assert says(7, status(done=20, running=40, trained=5)) == "", "too early to tell"
    assert says(10, status(done=20, running=40, trained=20)) == "about 15 s left"
    assert says(15, status(done=60, running=40)) == "about 10 s left"
    assert says(16, status(done=60)) == "", "nobody trains"
    assert says(30, status(done=100)) == ""


def test_workers_that_start() -> None:
    """It is said until one of the experiments is trained: the others wait for workers that are there."""
    times_left, other = TimesLeft("loading TensorFlow"), replace(status(), id=2)
    assert times_left([status(), other]) == ["loading TensorFlow"] * 2
    assert times_left([status(done=100), other]) == ["", "loading TensorFlow"]
    assert times_left([status(running=5), other]) == ["", ""]
    assert times_left([status(done=5), other]) == ["", ""]
