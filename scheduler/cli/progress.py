"""How far the repeats are: a bar in a terminal, plain lines in a log. Everything goes to stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from scheduler.lifecycle.estimate import readable
from store import JobState

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from store import ExperimentStatus

#: seconds between two lines in a log
LINE_EVERY = 5.0
#: seconds of training after which its pace says how long the rest takes
LEARN = 3.0


class Display(Protocol):
    """Something that shows how far experiments are."""

    def show(self, statuses: Sequence[ExperimentStatus]) -> None:
        """Show the experiments as they stand."""

    def say(self, text: str) -> None:
        """Say something else, once."""


@dataclass(slots=True)
class Outlook:
    """How long the rest of one experiment takes, at the pace since its training began."""

    began: float | None = None
    had: float = 0.0

    def __call__(self, status: ExperimentStatus) -> str:
        """Say it of an experiment that stands like this; empty while nobody can tell."""
        now, have = time.monotonic(), status.ended + status.trained
        if self.began is None and status.running:
            self.began, self.had = now, have
        took, gained = 0.0 if self.began is None else now - self.began, have - self.had
        if not status.running or took < LEARN or gained <= 0:
            return ""
        return f"about {readable(took * (status.total - have) / gained)} left"


@dataclass(slots=True)
class Outlooks:
    """What is to come of several experiments: how long the rest of each takes, and before it that workers start."""

    #: what to say until the first of them is trained
    starting: str = ""
    each: dict[int, Outlook] = field(default_factory=dict)

    def __call__(self, statuses: Sequence[ExperimentStatus]) -> list[str]:
        """Say what is to come of each experiment; empty where there is nothing to say."""
        if any(status.running for status in statuses):
            self.starting = ""
        said = [self.each.setdefault(status.id, Outlook())(status) for status in statuses]
        return [
            words or (self.starting if status.ended < status.total else "")
            for words, status in zip(said, statuses, strict=True)
        ]


@dataclass(slots=True)
class Bars:
    """One bar an experiment, in a terminal."""

    progress: Progress
    outlooks: Outlooks = field(default_factory=Outlooks)
    tasks: dict[int, TaskID] = field(default_factory=dict)

    def show(self, statuses: Sequence[ExperimentStatus]) -> None:
        """Move the bars."""
        for status, outlook in zip(statuses, self.outlooks(statuses), strict=True):
            key = status.id
            if key not in self.tasks:
                self.tasks[key] = self.progress.add_task(status.name, total=status.total, ended=0, note="")
            parts = [note(status, color=True), outlook]
            # The bar moves with the training, the count with what is stored.
            self.progress.update(
                self.tasks[key],
                completed=status.ended + status.trained,
                total=status.total,
                ended=status.ended,
                note=", ".join(filter(None, parts)),
            )

    def say(self, text: str) -> None:
        """Print it above the bars."""
        self.progress.console.print(text, style="yellow", markup=False, highlight=False, soft_wrap=True)


@dataclass(slots=True)
class Lines:
    """A line now and then, and one at the end, for logs."""

    outlooks: Outlooks = field(default_factory=Outlooks)
    last: float = 0.0
    shown: dict[int, tuple[int, str]] = field(default_factory=dict)

    def show(self, statuses: Sequence[ExperimentStatus]) -> None:
        """Print a line for each experiment that moved, at most every few seconds; always when one ends."""
        now = time.monotonic()
        for status, outlook in zip(statuses, self.outlooks(statuses), strict=True):
            key = status.id
            state = (status.ended, note(status))
            moved = self.shown.get(key) != state
            if moved and (now - self.last >= LINE_EVERY or status.ended == status.total or key not in self.shown):
                self.shown[key] = state
                self.last = now
                clock = time.strftime("%H:%M:%S")
                parts = [f"{status.ended} of {status.total} repeats", note(status), outlook]
                line = f"{clock} {status.name}: {', '.join(filter(None, parts))}"
                print(line, file=sys.stderr, flush=True)

    def say(self, text: str) -> None:
        """Print a line."""
        print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


@dataclass(slots=True)
class Silence:
    """Finds out that nothing happens to experiments that are not done."""

    #: seconds of it after which something is said
    after: float = 15.0
    began: float = field(default_factory=time.monotonic)
    ended: int = -1

    def lasts(self, statuses: Sequence[ExperimentStatus]) -> bool:
        """Return whether for so many seconds no job was running and none has ended."""
        ended = sum(status.ended for status in statuses)
        if ended != self.ended or any(status.running for status in statuses):
            self.begin()
            self.ended = ended
        return time.monotonic() - self.began >= self.after

    def begin(self) -> None:
        """Count from now on: something happened, or nobody could tell."""
        self.began = time.monotonic()

    def end(self) -> None:
        """Something was said of it: nothing is again, before something happens."""
        self.began = float("inf")


def note(status: ExperimentStatus, *, color: bool = False) -> str:
    """Say what is not as hoped, and what is being trained now; empty where there is nothing to say."""
    share = f" ({status.trained / status.running:.0%} done)" if status.running and status.trained else ""
    parts = [
        (status.running, f"training{share}", "cyan"),
        (status.counts[JobState.FAILED], "failed", "red"),
        (status.counts[JobState.CANCELLED], "cancelled", "yellow"),
        (status.diverged, "diverged", "yellow"),
    ]
    shown = [(f"{count} {word}", style) for count, word, style in parts if count]
    return ", ".join(f"[{style}]{text}[/]" if color else text for text, style in shown)


@contextmanager
def display(starting: str = "") -> Iterator[Display]:
    """Return what fits where stderr goes; `starting` is said until training begins."""
    if not sys.stderr.isatty():
        yield Lines(Outlooks(starting))
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
        console=Console(stderr=True),
        refresh_per_second=5,
    ) as progress:
        yield Bars(progress, Outlooks(starting))
