"""How long the rest of an experiment takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scheduler.lifecycle.estimate import readable

if TYPE_CHECKING:
    from store import ExperimentStatus

#: seconds of training from which the pace is estimated
LEARN = 3.0


@dataclass(slots=True)
class TimeLeft:
    """Estimates the rest of one experiment from the pace since its training began."""

    began: float | None = None
    had: float = 0.0

    def __call__(self, status: ExperimentStatus) -> str:
        """Return the estimate in words; empty while there is none."""
        now, have = time.monotonic(), status.ended + status.trained
        if self.began is None and status.running:
            self.began, self.had = now, have
        took, gained = 0.0 if self.began is None else now - self.began, have - self.had
        if not status.running or took < LEARN or gained <= 0:
            return ""
        return f"about {readable(took * (status.total - have) / gained)} left"


@dataclass(slots=True)
class TimesLeft:
    """Estimates the rest of several experiments; before training begins, says what the workers are doing."""

    #: shown until the first experiment trains
    starting: str = ""
    each: dict[int, TimeLeft] = field(default_factory=dict)

    def __call__(self, statuses: Sequence[ExperimentStatus]) -> list[str]:
        """Return a phrase for each experiment; empty where nothing is known."""
        if any(status.running for status in statuses):
            self.starting = ""
        phrases = [self.each.setdefault(status.id, TimeLeft())(status) for status in statuses]
        return [
            phrase or (self.starting if status.ended < status.total else "")
            for phrase, status in zip(phrases, statuses, strict=True)
        ]
