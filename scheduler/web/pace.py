"""How fast an experiment goes, from what was seen of it, and how long the rest takes."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store import ExperimentStatus

#: seconds that are looked back
WINDOW = 90.0
#: seconds from which there is a rate
LEARN = 3.0


@dataclass(frozen=True, slots=True)
class Speed:
    """Repeats a second, and the seconds that the rest takes; None where nobody knows."""

    rate: float | None = None
    left: float | None = None


@dataclass(slots=True)
class Pace:
    """Remembers how far an experiment was in the last minute and a half."""

    seen: deque[tuple[float, float]] = field(default_factory=deque)

    def __call__(self, status: ExperimentStatus) -> Speed:
        """Note how far the experiment is, and return its speed."""
        now, have = time.monotonic(), status.ended + status.trained
        if self.seen and have < self.seen[-1][1] - 1:  # repeats were tried again: what was learnt is of no use
            self.seen.clear()
        self.seen.append((now, have))
        while len(self.seen) > 2 and self.seen[1][0] < now - WINDOW:
            self.seen.popleft()
        took, gained = now - self.seen[0][0], have - self.seen[0][1]
        if took < LEARN or not status.running:
            return Speed()
        rate = gained / took
        return Speed(rate, (status.total - have) / rate if rate > 0 else None)


def rate_in_words(rate: float) -> str:
    """Write a rate in the unit in which it is above one."""
    units = (("a second", 1), ("a minute", 60), ("an hour", 3600))
    unit, seconds = next((one for one in units if rate * one[1] >= 1), units[-1])
    value = rate * seconds
    return f"{value:,.{1 if value < 10 else 0}f} repeats {unit}"
