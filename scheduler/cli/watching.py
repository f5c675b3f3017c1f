"""`scheduler watch`: the loop that keeps a cluster running."""

from __future__ import annotations

import logging
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.cli.training import connect
from scheduler.lifecycle.aggregate import aggregate_finished
from scheduler.lifecycle.interrupts import raise_if_interrupted
from scheduler.lifecycle.submission import sweep
from store import open_store
from store.errors import BrokerUnreachable, StoreUnreachable
from store.logs import log_to_stderr
from store.writable import touch

if TYPE_CHECKING:
    from store import Settings

logger = logging.getLogger(__name__)


def watch_store(settings: Settings, *, interval: float) -> None:
    """Resend lost jobs and summarise finished experiments until a signal comes; an outage of a server is tolerated."""
    log_to_stderr()
    touch(heartbeat_file(), "WATCH_HEARTBEAT")
    app = connect(settings)
    stop: list[int] = []  # an event has a lock, which a handler could wait for in vain
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _: stop.append(number))
    raise_if_interrupted()  # a signal that came before these handlers
    with open_store(settings.database_url) as store:
        logger.info("watching")
        while not stop:
            try:
                sweep(store, app)
                aggregate_finished(store)
            except (BrokerUnreachable, StoreUnreachable) as problem:
                logger.warning("%s", problem)
            heartbeat_file().touch()  # also while a server is away: a restart of this process would not help
            _rest(interval, stop)
    logger.info("stopped")


def _rest(seconds: float, stop: list[int]) -> None:
    """Sleep, but not on when a signal has come."""
    until = time.monotonic() + seconds
    while not stop and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 0.2))


def heartbeat_file() -> Path:
    """Return the file whose age shows whether `watch` is alive; the container's health check reads it."""
    return Path(os.environ.get("WATCH_HEARTBEAT", "/tmp/scheduler-watch"))
