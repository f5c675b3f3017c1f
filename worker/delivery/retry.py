"""Retries while the store is unreachable: results that took minutes to compute outlast a database that restarts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from store import StoreUnreachable

logger = logging.getLogger(__name__)
T = TypeVar("T")


def retry(action: Callable[[], T], *, seconds: float = 60.0, pause: float = 0.2) -> T:
    """Call `action` until the store can be reached, and return what it returns.

    Each action of the store is one transaction that may be repeated: a result that was saved just before the
    connection broke is not saved twice.

    Raises:
        StoreUnreachable: the store was unreachable for `seconds`.
    """
    give_up = time.monotonic() + seconds
    while True:
        try:
            return action()
        except StoreUnreachable as problem:
            if time.monotonic() > give_up:
                raise
            logger.warning("store unreachable, trying again: %s", problem)
        time.sleep(pause)
        pause = min(pause * 2, 2.0)
