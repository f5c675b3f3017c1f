"""How far the repeats are, as a log and a terminal show it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from rich.console import Console
from rich.progress import Progress

from scheduler.progress import Bars, Lines, Silence, note
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


def test_a_silence_is_broken_once_and_begins_anew_with_every_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said while a pack trains, however long, nor twice about the same silence."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    silence = Silence(after=15.0, began=0.0)
    told = []
    for second, seen in [(14, status()), (16, status()), (60, status()), (61, status(running=5)), (99, status(done=5))]:
        now[0] = float(second)
        told.append(silence.broken([seen]))
    now[0] = 115.0
    told.append(silence.broken([status(done=5)]))
    assert told == [False, False, True, False, False, True]


def test_what_is_said_besides(capsys: pytest.CaptureFixture[str]) -> None:
    """As it is: a log has the time before it, and a terminal takes no bracket for a style."""
    Lines().say("is there a worker?")
    Bars(Progress(console=Console(stderr=True, width=20))).say("a [red] worker, which says more than a line holds")
    said = capsys.readouterr().err.splitlines()
    assert said[0].endswith(" is there a worker?")
    assert said[1:] == ["a [red] worker, which says more than a line holds"]
