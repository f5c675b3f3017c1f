"""The heartbeat of a Celery worker: a file whose age shows whether its event loop runs, or waits for Redis."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.writable import touch

if TYPE_CHECKING:
    from celery import Celery

#: touched every few seconds; the container's health check reads its age
HEARTBEAT = Path(os.environ.get("WORKER_HEARTBEAT", "/tmp/worker-heartbeat"))
#: seconds between two beats
PAUSE = 5.0
#: seconds without a turn of the event loop after which it hangs
HANGS = 25.0
#: seconds after which a worker whose file was not touched is taken to be dead
DEAD = 30.0


class Pulse:
    """Touches the file while the event loop turns, or while it has no connection and waits for one.

    A restart would not bring Redis back, and would lose what is being trained.
    """

    def __init__(self) -> None:
        self.connected = False
        self._turned = time.monotonic()

    def turn(self) -> None:
        """Note that the event loop runs."""
        self._turned = time.monotonic()

    def is_alive(self) -> bool:
        """Return whether the loop runs or waits for Redis."""
        return not self.connected or time.monotonic() - self._turned < HANGS

    def beat(self) -> None:
        """Touch the file for as long as the process lives."""
        while True:
            if self.is_alive():
                HEARTBEAT.touch()
            time.sleep(PAUSE)


def start(app: Celery) -> None:
    """Beat from now on, and follow the connection of the worker to come.

    Raises:
        PipelineError: the file cannot be written.
    """
    from celery import bootsteps  # the health check needs only the file

    touch(HEARTBEAT, "WORKER_HEARTBEAT")
    pulse = Pulse()

    class Beating(bootsteps.StartStopStep):  # type: ignore[misc]
        """Notes when the worker is connected and when it is not; then the event loop does not turn."""

        requires = ("celery.worker.consumer.connection:Connection",)

        def start(self, parent: Any) -> None:
            pulse.turn()
            pulse.connected = True
            parent.timer.call_repeatedly(PAUSE, pulse.turn)

        def stop(self, parent: Any) -> None:
            pulse.connected = False

    app.steps["consumer"].add(Beating)
    threading.Thread(target=pulse.beat, name="heartbeat", daemon=True).start()


def is_alive() -> bool:
    """Return whether this container's worker is alive."""
    return HEARTBEAT.exists() and time.time() - HEARTBEAT.stat().st_mtime < DEAD
