"""Outages of the store while workers train: waited for, since workers keep their results and try again as well."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from store.errors import StoreUnreachable

logger = logging.getLogger(__name__)

#: seconds for which an outage is waited for
PATIENCE = 600.0
#: seconds between two tries
PAUSE = 1.0


@dataclass(slots=True)
class Outage:
    """Whether the store is away, and since when."""

    #: what a user is told who has waited long enough: how to continue
    advice: str
    began: float | None = None

    def wait(self, problem: StoreUnreachable) -> None:
        """Wait a moment before the next try; the first time, say why.

        Raises:
            StoreUnreachable: the store has been away for `PATIENCE` seconds.
        """
        if self.began is None:
            self.began = time.monotonic()
            logger.warning("%s Waiting for it; the workers go on.", problem)
        elif time.monotonic() - self.began > PATIENCE:
            raise StoreUnreachable(f"{problem} {self.advice}") from problem
        time.sleep(min(PAUSE, PATIENCE))

    def end(self) -> None:
        """Note that the store answers."""
        if self.began is not None:
            logger.warning("The results store answers again, after %.0f s.", time.monotonic() - self.began)
        self.began = None
