"""Detecting that nothing happens to experiments that are not done."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store import ExperimentStatus


@dataclass(slots=True)
class StallDetector:
    """Detects that for some seconds no job was running and none has ended."""

    #: seconds
    after: float = 15.0
    began: float = field(default_factory=time.monotonic)
    ended: int = -1

    def detects(self, statuses: Sequence[ExperimentStatus]) -> bool:
        """Return whether the experiments have stalled."""
        ended = sum(status.ended for status in statuses)
        if ended != self.ended or any(status.running for status in statuses):
            self.restart()
            self.ended = ended
        return time.monotonic() - self.began >= self.after

    def restart(self) -> None:
        """Measure from now: something happened, or a server was unreachable."""
        self.began = time.monotonic()

    def silence(self) -> None:
        """Detect nothing until something happens: the user has been told."""
        self.began = float("inf")
