"""The progress, as a log, a terminal and a notebook show it."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from rich.console import Console
from rich.progress import Progress

from scheduler.progress import display as display_module
from scheduler.progress.display import Bars, Hidden, Lines, display, in_notebook, note
from scheduler.progress.remaining import TimesLeft
from tests.unit.scheduler.progress.statuses import status


def test_the_bar_moves_while_one_large_pack_trains() -> None:
    """The count says what is stored, the bar how much of the training is done."""
    bars = Bars(Progress())
    bars.show([status()])
    bars.show([status(done=10, running=60, trained=15.0)])
    (task,) = bars.progress.tasks
    assert (task.completed, task.total, task.fields["ended"]) == (25.0, 100, 10)


def test_the_note_says_how_far_the_running_ones_are() -> None:
    """Nothing is shown of it before a worker has reported."""
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


def test_a_log_says_what_is_to_come(capsys: pytest.CaptureFixture[str]) -> None:
    """Behind what is."""
    Lines(TimesLeft("loading TensorFlow")).show([status()])
    assert capsys.readouterr().err.endswith(" e: 0 of 100 repeats, loading TensorFlow\n")


def test_what_is_said_besides(capsys: pytest.CaptureFixture[str]) -> None:
    """As it is: a log has the time before it, and a terminal takes no bracket for a style."""
    Lines().say("is there a worker?")
    Bars(Progress(console=Console(stderr=True, width=20))).say("a [red] worker, which says more than a line holds")
    said = capsys.readouterr().err.splitlines()
    assert said[0].endswith(" is there a worker?")
    assert said[1:] == ["a [red] worker, which says more than a line holds"]


class ZMQInteractiveShell:
    """What IPython's shell is called in a notebook."""


class TestNotebook:
    """In a notebook the bars are drawn by rich, which needs ipywidgets; elsewhere there are lines."""

    @pytest.mark.parametrize(
        ("shell", "widgets", "expected"),
        [(ZMQInteractiveShell(), True, True), (ZMQInteractiveShell(), False, False), (None, True, False)],
    )
    def test_it_is_recognized(
        self, monkeypatch: pytest.MonkeyPatch, *, shell: object, widgets: bool, expected: bool
    ) -> None:
        """By IPython's shell; a terminal's IPython is none."""
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
        monkeypatch.setattr(display_module, "find_spec", lambda _name: object() if widgets else None)
        assert in_notebook() is expected

    def test_without_ipython_there_are_lines(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As in a log."""
        monkeypatch.delitem(sys.modules, "IPython", raising=False)
        assert not in_notebook()
        with display() as shown:
            assert isinstance(shown, Lines)

    def test_rich_draws_the_bars(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With the name of the experiment, into what IPython displays."""
        drawn: list[str] = []
        ipython = SimpleNamespace(get_ipython=ZMQInteractiveShell, display=None)
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        shower = SimpleNamespace(display=lambda one: drawn.append(str(getattr(one, "text", ""))))
        monkeypatch.setitem(sys.modules, "IPython.display", shower)
        monkeypatch.setitem(sys.modules, "ipywidgets", SimpleNamespace(Output=MagicMock))
        monkeypatch.setattr(display_module, "find_spec", lambda _name: object())
        with display("loading TensorFlow") as shown:
            assert isinstance(shown, Bars)
            shown.show([status()])
            shown.progress.refresh()
        assert any("loading TensorFlow" in one and "0/100" in one for one in drawn), drawn


def test_hidden_progress_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """`progress=False` from Python."""
    Hidden().show([status()])
    Hidden().say("anything")
    assert capsys.readouterr() == ("", "")
