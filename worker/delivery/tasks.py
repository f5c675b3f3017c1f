"""The task that Celery calls: claim the jobs of a message, train them, send what waits again.

Celery's main process and this module stay free of TensorFlow; a child imports it with its first pack, since TensorFlow
hangs after a fork.
"""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from celery import Celery
from celery.signals import worker_process_shutdown, worker_shutting_down

from store import BrokerUnreachable, Result, Series, Store, StoreVersionError, open_store
from store.delivery.packs import packs
from store.delivery.queue import TRAIN, ask_for_summaries, send
from store.settings import Settings
from worker.delivery.closer import Closer
from worker.delivery.lease_keeper import Keeper
from worker.delivery.pack import Train, new_owner, run_pack, worker_name
from worker.delivery.provenance import provenance
from worker.delivery.retry import patiently
from worker.lane import Lane

logger = logging.getLogger(__name__)

#: Set in Celery's main process when it is asked to stop, seen by its children: they hand their packs back.
_stopping = multiprocessing.get_context("fork").Event()


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def _stop(**_: Any) -> None:
    _stopping.set()


def engine(lanes: Sequence[Lane], series: Series, *, progress: Callable[[int, int], None]) -> list[Result]:
    """Train with TensorFlow, imported here and not before."""
    from worker.engine.train import train

    return train(lanes, series, progress=progress)


class Trainer:
    """What a worker child keeps between packs: its store and two threads. None of it would survive a fork."""

    def __init__(self, app: Celery, settings: Settings, train: Train = engine) -> None:
        self.app = app
        self.settings = settings
        self.train = train

    @cached_property
    def store(self) -> Store:
        """The store, opened by the child itself."""
        return patiently(lambda: open_store(self.settings.database_url))

    @cached_property
    def keeper(self) -> Keeper:
        """The thread that keeps this child's claims."""
        return Keeper(self.store, self.settings.lease)

    @cached_property
    def closer(self) -> Closer:
        """The thread that sees what has ended, and asks for its summaries."""
        closer = Closer(self.store, self._ask_for_summaries)
        worker_process_shutdown.connect(lambda **_: closer.close(), weak=False)
        return closer

    def __call__(self, ids: Sequence[int]) -> None:
        """Train the jobs of one message. A message that comes twice, or too late, finds nothing to claim."""
        if _stopping.is_set():
            self._send(ids)
            return
        worker = worker_name()
        owner = new_owner(worker)
        try:
            jobs = patiently(lambda: self.store.jobs.claim(ids, owner=owner, lease=self.settings.lease))
        except StoreVersionError as problem:
            logger.error("message refused: %s", problem)  # noqa: TRY400 - the line says it all
            return
        if not jobs:
            logger.info("nothing to claim", extra={"jobs": len(ids)})
            return
        outcome = run_pack(
            self.store,
            jobs,
            owner=owner,
            keeper=self.keeper,
            closer=self.closer,
            train=self.train,
            provenance=lambda: provenance(worker),
            stopping=_stopping.is_set,
        )
        logger.info("pack of %d: %d saved, %d wait again", len(jobs), outcome.saved, len(outcome.again))
        if outcome.again:
            self._send(outcome.again)

    def _ask_for_summaries(self, experiments: Sequence[int]) -> None:
        try:
            ask_for_summaries(self.app, experiments)
        except Exception as problem:
            logger.warning("summaries not asked for, `watch` will: %s", problem)

    def _send(self, ids: Sequence[int]) -> None:
        waiting = patiently(lambda: self.store.jobs.waiting(ids=ids))
        try:
            send(self.app, packs(waiting))
        except BrokerUnreachable as problem:
            logger.warning("%d jobs not sent again, `watch` will: %s", len(waiting), problem)
            return
        patiently(lambda: self.store.jobs.mark_sent([job.id for job in waiting]))


def register(app: Celery, settings: Settings, train: Train = engine) -> Trainer:
    """Give the app the task that trains; benchmarks pass a stand-in for the engine."""
    trainer = Trainer(app, settings, train)

    def train_jobs(ids: list[int]) -> None:
        trainer(ids)

    app.task(train_jobs, name=TRAIN, shared=False)
    return trainer
