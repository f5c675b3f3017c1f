"""Closes experiments behind the training's back: of many packs that end together, one look is enough."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from typing import Self

from store import Store, StoreUnreachable

logger = logging.getLogger(__name__)

#: seconds between two looks at least: the first pack after a while causes one at once, a hundred short ones share one
PAUSE = 0.1
#: seconds until a store that is away is asked again
AWAY = 2.0


class Closer:
    """Finds out which experiments have ended with the jobs that this worker has ended: one thread for its life.

    A worker that dies before it looks leaves the experiment to `watch`, to whoever waits for it, or to the next report.
    """

    def __init__(self, store: Store, tell: Callable[[Sequence[int]], None] = lambda _: None) -> None:
        """Begin.

        Args:
            store: the results store.
            tell: called with experiments that nobody else gets; whoever is told sees to their summaries.
        """
        self._store = store
        self._tell = tell
        self._lock = threading.Lock()
        self._ended: set[int] = set()
        self._wake = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="closer", daemon=True)
        self._thread.start()

    def ended(self, jobs: Collection[int]) -> None:
        """Note that these jobs have ended; whether their experiments have is looked up soon."""
        with self._lock:
            self._ended.update(jobs)
        self._wake.set()

    def _run(self) -> None:
        while not self._over.is_set():
            self._wake.wait()
            self._wake.clear()
            self._over.wait(PAUSE if self._look() else AWAY)
        self._look()

    def _look(self) -> bool:
        """Return whether nothing is left to be looked up."""
        with self._lock:
            jobs, self._ended = self._ended, set()
        if not jobs:
            return True
        try:
            done = self._store.experiments.close_if_done(having_jobs=jobs)
            if done:
                self._tell(done)
        except StoreUnreachable as problem:
            logger.warning("whether an experiment has ended is not known yet: %s", problem)
            self.ended(jobs)
            return False
        except Exception:  # this thread serves the worker for as long as it lives
            logger.exception("whether an experiment has ended is not known, `watch` will see")
        return True

    def close(self) -> None:
        """Look a last time, and end the thread."""
        self._over.set()
        self._wake.set()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
