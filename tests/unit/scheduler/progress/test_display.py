"""How far the repeats are, as a log and a terminal show it."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console
from rich.progress import Progress

from scheduler.progress.display import Bars, Lines, note
from scheduler.progress.remaining import TimeLeft, TimesLeft
from scheduler.progress.stall import StallDetector
from store import ExperimentState, ExperimentStatus, JobState


def status(done: int = 0, running: int = 0, trained: float = 0.0) -> ExperimentStatus:
    """Return an experiment of 100 repeats."""
    counts = dict.fromkeys(JobState, 0) | {JobState.DONE: done, JobState.RUNNING: running}
    counts[JobState.QUEUED] = 100 - done - running
    return ExperimentStatus(
        id=1,
        name="e",
        state=ExperimentState.RUNNING,
        counts=counts,
        diverged=0,
        configurations=(),
        created=datetime(2026, 1, 1, tzinfo=UTC),
        started=None,
        finished=None,
        trained=trained,
    )


def test_the_bar_moves_while_one_large_pack_trains() -> None:
    """The count says what is stored, the bar how much of the training is done."""
    bars = Bars(Progress())
    bars.show([status()])
    bars.show([status(done=10, running=60, trained=15.0)])
    (task,) = bars.progress.tasks
    assert (task.completed, task.total, task.fields["ended"]) == (25.0, 100, 10)


def test_the_note_says_how_far_the_running_ones_are() -> None:
    """Nothing is said of it before a worker has told."""
    assert note(status(running=60)) == "60 training"
    assert note(status(running=60, trained=15.0)) == "60 training (25% done)"


def test_a_log_has_a_line_for_what_moved(capsys: pytest.CaptureFixture[str]) -> None:
    """A pack that goes on training is worth a line; one that stands still is not."""
    lines = Lines()
    for one in (status(running=100, trained=25.0), status(running=100, trained=25.0)):
        lines.show([one])
        lines.last = 0.0
    lines.show([status(running=100, trained=50.0)])
    said = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[2] for line in said] == [
        "0 of 100 repeats, 100 training (25% done)",
        "0 of 100 repeats, 100 training (50% done)",
    ]


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


def test_a_log_says_what_is_to_come(capsys: pytest.CaptureFixture[str]) -> None:
    """Behind what is."""
    Lines(TimesLeft("loading TensorFlow")).show([status()])
    assert capsys.readouterr().err.endswith(" e: 0 of 100 repeats, loading TensorFlow\n")


def test_a_silence_lasts_while_nothing_runs_and_nothing_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack that trains is no silence, however long; one that was spoken of begins anew with a sign of life."""
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


def test_what_is_said_besides(capsys: pytest.CaptureFixture[str]) -> None:
    """As it is: a log has the time before it, and a terminal takes no bracket for a style."""
    Lines().say("is there a worker?")
    Bars(Progress(console=Console(stderr=True, width=20))).say("a [red] worker, which says more than a line holds")
    said = capsys.readouterr().err.splitlines()
    assert said[0].endswith(" is there a worker?")
    assert said[1:] == ["a [red] worker, which says more than a line holds"]
