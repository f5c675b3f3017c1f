"""Keeps a worker's claim alive while it trains: one thread for the life of the worker."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from store import Settings, Store, StoreUnreachable

logger = logging.getLogger(__name__)

#: seconds between two renewals at most: a renewal also finds out that the jobs were cancelled
LONGEST_PAUSE = 2.0


@dataclass(slots=True)
class Claim:
    """The jobs of a pack that the worker still owns."""

    owner: str
    owned: set[int]
    #: the finished share of the training, from 0 to 1; None until it is known
    progress: float | None = None


class LeaseKeeper:
    """Renews the lease of the jobs that the worker holds, and reports their progress with it."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._lease = settings.lease
        self._pause = min(settings.heartbeat, LONGEST_PAUSE)
        self._claim: Claim | None = None
        self._closed = threading.Event()
        threading.Thread(target=self._renew_until_closed, name="lease-keeper", daemon=True).start()

    @property
    def claim(self) -> Claim | None:
        """What is held now."""
        return self._claim

    @contextmanager
    def hold(self, owner: str, ids: Sequence[int]) -> Iterator[Claim]:
        """Renew the owner's lease of these jobs until the block ends; lost or cancelled jobs leave `owned`."""
        self._claim = Claim(owner, set(ids))
        try:
            yield self._claim
        finally:
            self._claim = None

    def _renew_until_closed(self) -> None:
        while not self._closed.wait(self._pause):
            claim = self._claim
            if claim is None or not claim.owned:
                continue
            try:
                claim.owned &= self._store.jobs.renew(
                    sorted(claim.owned), owner=claim.owner, lease=self._lease, progress=claim.progress
                )
            except StoreUnreachable as problem:
                logger.warning("lease not renewed: %s", problem)

    def close(self) -> None:
        """End the thread; nothing is renewed any more."""
        self._closed.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
