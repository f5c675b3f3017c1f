"""Waiting for a database that restarts: what was computed is worth more than a minute."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from store import StoreUnreachable

logger = logging.getLogger(__name__)
T = TypeVar("T")


def patiently(action: Callable[[], T], *, seconds: float = 60.0, pause: float = 0.2) -> T:
    """Do `action`, again and again while the store cannot be reached.

    Every action of the store is one transaction that may be repeated: a result that was saved before the connection
    broke is not saved twice.

    Raises:
        StoreUnreachable: it could not be reached for `seconds`.
    """
    give_up = time.monotonic() + seconds
    while True:
        try:
            return action()
        except StoreUnreachable as problem:
            if time.monotonic() > give_up:
                raise
            logger.warning("the store is away, trying again: %s", problem)
        time.sleep(pause)
        pause = min(pause * 2, 2.0)
