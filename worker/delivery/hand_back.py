"""Hands a pack back while its program is compiled: a worker that is asked to stop does not wait for that."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence

from store import Store, StoreUnreachable
from worker.delivery.lease_keeper import LeaseKeeper

logger = logging.getLogger(__name__)

#: seconds between two looks whether the worker is asked to stop
PAUSE = 0.25
#: seconds in which the training itself, which stops at its next report of progress, may hand the pack back
GRACE = 2.0


class HandBack:
    """Ends this process with its pack handed back if the training does not react to a request to stop.

    XLA compiles for up to half a minute and answers to nothing meanwhile.
    """

    def __init__(
        self,
        store: Store,
        lease_keeper: LeaseKeeper,
        *,
        stopping: Callable[[], bool],
        on_released: Callable[[Sequence[int]], object] = lambda _: None,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        """Start the thread.

        Args:
            store: the results store.
            lease_keeper: knows what this process has claimed.
            stopping: returns whether this worker was asked to stop.
            on_released: called with the jobs that wait again.
            leave: ends the process.
        """
        self._store, self._lease_keeper = store, lease_keeper
        self._stopping, self._on_released, self._leave = stopping, on_released, leave
        threading.Thread(target=self._watch, name="hand-back", daemon=True).start()

    def _watch(self) -> None:
        while not self._stopping():
            time.sleep(PAUSE)
        time.sleep(GRACE)
        claim = self._lease_keeper.claim
        if claim is None:
            return
        try:
            released = self._store.jobs.release(sorted(claim.owned), owner=claim.owner)
        except StoreUnreachable as problem:
            logger.warning("pack not handed back; its lease runs out: %s", problem)
            return
        if released:  # else its results were just saved
            logger.info("pack of %d handed back while it was compiled", len(released))
            self._on_released(released)
            self._leave(0)
