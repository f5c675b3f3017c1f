"""Closes experiments whose last job has ended, in a thread of its own, so that training need not wait for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from typing import Self

from store import Store, StoreUnreachable

logger = logging.getLogger(__name__)

#: seconds between two checks at least: a single pack is checked at once, a hundred short ones share a check
PAUSE = 0.1
#: seconds until an unreachable store is tried again
RETRY_PAUSE = 2.0


class Closer:
    """Closes the experiments that end with this worker's jobs.

    If a worker dies before it checks, the experiment is closed by `watch`, by a command that waits for it, or by the
    next report.
    """

    def __init__(self, store: Store, on_closed: Callable[[Sequence[int]], None] = lambda _: None) -> None:
        """Start the thread.

        Args:
            store: the results store.
            on_closed: called with the experiments that this worker closed, and no other; it sees to their summaries.
        """
        self._store = store
        self._on_closed = on_closed
        self._lock = threading.Lock()
        self._ended: set[int] = set()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="closer", daemon=True)
        self._thread.start()

    def jobs_ended(self, jobs: Collection[int]) -> None:
        """Note that these jobs have ended; the thread soon checks whether their experiments have."""
        with self._lock:
            self._ended.update(jobs)
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait()
            self._wake.clear()
            self._stopping.wait(PAUSE if self._check() else RETRY_PAUSE)
        self._check()

    def _check(self) -> bool:
        """Close the experiments that have ended; return whether the store could be asked."""
        with self._lock:
            jobs, self._ended = self._ended, set()
        if not jobs:
            return True
        try:
            closed = self._store.experiments.close_if_done(having_jobs=jobs)
            if closed:
                self._on_closed(closed)
        except StoreUnreachable as problem:
            logger.warning("experiments not checked yet: %s", problem)
            self.jobs_ended(jobs)
            return False
        except Exception:  # the thread must live as long as its worker
            logger.exception("experiments not checked; `scheduler watch` will do it")
        return True

    def close(self) -> None:
        """Check a last time, and end the thread."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
