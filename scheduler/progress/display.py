"""The progress of experiments: bars in a terminal and in notebooks, plain lines in a log, all on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from scheduler.progress.remaining import TimesLeft
from store import JobState

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from store import ExperimentStatus

#: seconds between two lines in a log
LINE_EVERY = 5.0


class Display(Protocol):
    """Shows the progress of experiments."""

    def show(self, statuses: Sequence[ExperimentStatus]) -> None:
        """Show the current state of the experiments."""

    def say(self, text: str) -> None:
        """Print a message beside the progress."""


@dataclass(slots=True)
class Bars:
    """One bar per experiment, in a terminal or a notebook."""

    progress: Progress
    times_left: TimesLeft = field(default_factory=TimesLeft)
    tasks: dict[int, TaskID] = field(default_factory=dict)

    def show(self, statuses: Sequence[ExperimentStatus]) -> None:
        """Move the bars."""
        for status, left in zip(statuses, self.times_left(statuses), strict=True):
            key = status.id
            if key not in self.tasks:
                self.tasks[key] = self.progress.add_task(status.name, total=status.total, ended=0, note="")
            parts = [note(status, color=True), left]
            # The bar moves with the training, the count with what is stored.
            self.progress.update(
                self.tasks[key],
                completed=status.ended + status.trained,
                total=status.total,
                ended=status.ended,
                note=", ".join(filter(None, parts)),
            )

    def say(self, text: str) -> None:
        """Print above the bars."""
        self.progress.console.print(text, style="yellow", markup=False, highlight=False, soft_wrap=True)


@dataclass(slots=True)
class Lines:
    """A line every few seconds and one at the end, for logs."""

    times_left: TimesLeft = field(default_factory=TimesLeft)
    last: float = 0.0
    shown: dict[int, tuple[int, str]] = field(default_factory=dict)

    def show(self, statuses: Sequence[ExperimentStatus]) -> None:
        """Print a line for each experiment that moved, at most every few seconds; always when one ends."""
        now = time.monotonic()
        for status, left in zip(statuses, self.times_left(statuses), strict=True):
            key = status.id
            state = (status.ended, note(status))
            moved = self.shown.get(key) != state
            if moved and (now - self.last >= LINE_EVERY or status.ended == status.total or key not in self.shown):
                self.shown[key] = state
                self.last = now
                clock = time.strftime("%H:%M:%S")
                parts = [f"{status.ended} of {status.total} repeats", note(status), left]
                line = f"{clock} {status.name}: {', '.join(filter(None, parts))}"
                print(line, file=sys.stderr, flush=True)

    def say(self, text: str) -> None:
        """Print a line."""
        print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Hidden:
    """Shows nothing."""

    def show(self, statuses: Sequence[ExperimentStatus]) -> None:
        """Do nothing."""

    def say(self, text: str) -> None:
        """Do nothing."""


def note(status: ExperimentStatus, *, color: bool = False) -> str:
    """Return the numbers of jobs that train, failed, were cancelled or diverged; empty if there are none."""
    share = f" ({status.trained / status.running:.0%} done)" if status.running and status.trained else ""
    parts = [
        (status.running, f"training{share}", "cyan"),
        (status.counts[JobState.FAILED], "failed", "red"),
        (status.counts[JobState.CANCELLED], "cancelled", "yellow"),
        (status.diverged, "diverged", "yellow"),
    ]
    shown = [(f"{count} {word}", style) for count, word, style in parts if count]
    return ", ".join(f"[{style}]{text}[/]" if color else text for text, style in shown)


def in_notebook() -> bool:
    """Return whether this runs in a notebook that can show rich's bars, for which it needs ipywidgets."""
    if "IPython" not in sys.modules or find_spec("ipywidgets") is None:
        return False
    shell = sys.modules["IPython"].get_ipython()
    return type(shell).__name__ == "ZMQInteractiveShell"


@contextmanager
def display(starting: str = "") -> Iterator[Display]:
    """Yield the display that fits: bars in a terminal and in a notebook, lines elsewhere.

    Args:
        starting: what to show until training begins.
    """
    notebook = in_notebook()
    if not notebook and not sys.stderr.isatty():
        yield Lines(TimesLeft(starting))
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[ended]}/{task.total:.0f}"),
        TextColumn("repeats"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
        console=Console(stderr=not notebook, force_jupyter=notebook),
        refresh_per_second=5,
    ) as progress:
        yield Bars(progress, TimesLeft(starting))
