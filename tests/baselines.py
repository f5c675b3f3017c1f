"""Baselines that are not done before Ctrl-C."""

from __future__ import annotations

from scheduler.lifecycle.aggregate import Ahead


class EndlessBaselines(Ahead):
    """What is computed ahead when Ctrl-C is pressed, once it has been waited for."""

    def __init__(self) -> None:
        self.progress, self.waited, self.stopped = "baselines: ARIMA, 40% done", 0, False

    def join(self, seconds: float | None = None) -> bool:
        """Wait once; the second time Ctrl-C is pressed."""
        self.waited += 1
        if self.waited > 1:
            raise KeyboardInterrupt
        return False

    def stop(self) -> None:
        """Remember that they are not wanted."""
        self.stopped = True
