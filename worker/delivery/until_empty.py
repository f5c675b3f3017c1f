"""Ends a worker when nothing waits in its queues: in batch systems an idle worker wastes its allocation."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Collection

from store import Settings, Store, StoreUnreachable, open_store

logger = logging.getLogger(__name__)

#: seconds between two looks; the second one in a row that finds nothing ends the worker
PAUSE = 2.0


def nothing_waits(store: Store, queues: Collection[str]) -> bool:
    """Return whether no job waits for these queues; jobs that other workers train do not wait."""
    return not set(queues) & set(store.jobs.queues())


def end_when_empty(settings: Settings, queues: Collection[str]) -> None:
    """Ask this Celery worker to stop, from a thread, once nothing waits and its children are idle."""
    threading.Thread(target=_watch, args=(settings, queues), name="until-empty", daemon=True).start()


def _watch(settings: Settings, queues: Collection[str]) -> None:
    from celery.worker import state

    empty = 0
    while empty < 2:
        time.sleep(PAUSE)
        try:
            with open_store(settings.database_url) as store:  # no connection stays, which children would inherit
                idle = not state.reserved_requests and nothing_waits(store, queues)
        except StoreUnreachable as problem:
            logger.warning("%s", problem)
            idle = False
        empty = empty + 1 if idle else 0
    logger.info("nothing waits in %s: ending", ", ".join(queues))
    os.kill(os.getpid(), signal.SIGTERM)
