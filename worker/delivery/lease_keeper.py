"""Keeps a worker's claim alive while it trains: one thread for the life of the worker."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from store import Store, StoreUnreachable

logger = logging.getLogger(__name__)

#: seconds between two renewals at most: a cancelled pack is left after about as many
LONGEST_PAUSE = 2.0


@dataclass(slots=True)
class Claim:
    """The jobs of a pack, as far as they are still ours."""

    owner: str
    owned: set[int]
    #: the share of the training that is done, from 0 to 1; None while nobody knows
    progress: float | None = None


class Keeper:
    """Renews the lease of whatever the worker holds, a few times in the time that it lasts, and tells how far it is."""

    def __init__(self, store: Store, lease: float) -> None:
        self._store = store
        self._lease = lease
        self._claim: Claim | None = None
        self._over = threading.Event()
        threading.Thread(target=self._keep, name="keeper", daemon=True).start()

    @contextmanager
    def hold(self, owner: str, ids: Sequence[int]) -> Iterator[Claim]:
        """Keep these jobs the owner's until the block ends; what was lost or cancelled leaves `owned`."""
        self._claim = Claim(owner, set(ids))
        try:
            yield self._claim
        finally:
            self._claim = None

    def _keep(self) -> None:
        while not self._over.wait(min(self._lease / 4, LONGEST_PAUSE)):
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
        self._over.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
