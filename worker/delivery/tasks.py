"""The task that Celery calls: claim the jobs of a message, train them, send again what was requeued.

Celery's main process and this module do not load TensorFlow, which hangs after a fork; a child loads it with its first
pack.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from celery import Celery
from celery.signals import worker_process_shutdown, worker_shutting_down

from store import BrokerUnreachable, Result, Store, StoreVersionError, open_store
from store.delivery.queue import TRAIN, ask_for_summaries, send_jobs
from store.jobs.owners import new_owner, worker_name
from store.settings import Settings
from worker.delivery.closer import Closer
from worker.delivery.hand_back import HandBack
from worker.delivery.lease_keeper import LeaseKeeper
from worker.delivery.pack import PackRunner, Train
from worker.delivery.retry import retry
from worker.delivery.stop_flag import SharedFlag
from worker.lane import Lane, Trainable

logger = logging.getLogger(__name__)

#: Set in Celery's main process when it is asked to stop; its children see it and hand their packs back.
_stopping = SharedFlag()


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Leave out the loss of a child that has just handed its pack back, with the traceback that Celery adds."""
    return not (_stopping.is_set() and "WorkerLostError" in record.getMessage())


logging.getLogger("celery.worker.request").addFilter(_worth_a_line)


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def _stop(**_: Any) -> None:
    _stopping.set()


def train_with_engine(
    lanes: Sequence[Lane], series: Trainable, *, progress: Callable[[int, int], None]
) -> list[Result]:
    """Train with the engine, which loads TensorFlow at the first call."""
    from worker.engine.train import train

    return train(lanes, series, progress=progress)


class Trainer:
    """A Celery child's store and threads, opened with its first message since they would not survive the fork."""

    def __init__(self, app: Celery, settings: Settings, train: Train = train_with_engine) -> None:
        self.app = app
        self.settings = settings
        self.train = train

    @cached_property
    def store(self) -> Store:
        """The store, opened by the child itself."""
        return retry(lambda: open_store(self.settings.database_url))

    @cached_property
    def runner(self) -> PackRunner:
        """What runs this child's packs."""
        closer = Closer(self.store, self._ask_for_summaries)
        lease_keeper = LeaseKeeper(self.store, self.settings)
        HandBack(self.store, lease_keeper, stopping=_stopping.is_set, on_released=self._send)
        worker_process_shutdown.connect(lambda **_: closer.close(), weak=False)
        return PackRunner(
            store=self.store,
            lease_keeper=lease_keeper,
            closer=closer,
            train=self.train,
            stopping=_stopping.is_set,
            worker=worker_name(),
        )

    def __call__(self, ids: Any) -> None:
        """Train the jobs of one message. A message that comes twice or too late finds nothing to claim."""
        if not isinstance(ids, list) or not all(type(one) is int and 0 < one < 2**63 for one in ids):
            logger.error("message refused: its argument is no list of ids of jobs: %.100r", ids)
            return
        if _stopping.is_set():
            self._send(ids)
            return
        owner = new_owner(worker_name())
        try:
            jobs = retry(lambda: self.store.jobs.claim(ids, owner=owner, lease=self.settings.lease))
        except StoreVersionError as problem:
            logger.error("message refused: %s", problem)  # noqa: TRY400 - the line says it all
            return
        if not jobs:
            logger.info("none of the %d jobs of a message is waiting", len(ids))
            return
        outcome = self.runner.run(jobs, owner=owner)
        logger.info("pack of %d: %d saved, %d requeued", len(jobs), outcome.saved, len(outcome.requeued))
        if outcome.requeued:
            self._send(outcome.requeued)

    def _ask_for_summaries(self, experiments: Sequence[int]) -> None:
        try:
            ask_for_summaries(self.app, experiments)
        except Exception as problem:
            logger.warning("summaries not requested; `scheduler watch` will do it: %s", problem)

    def _mark_sent(self, ids: list[int], *, first: bool = False) -> None:
        retry(lambda: self.store.jobs.mark_sent(ids, first=first))

    def _send(self, ids: Sequence[int]) -> None:
        waiting = retry(lambda: self.store.jobs.waiting(ids=ids))
        try:
            send_jobs(self.app, waiting, self._mark_sent, first=True)
        except BrokerUnreachable as problem:
            logger.warning("%d jobs not sent again; `scheduler watch` will do it: %s", len(waiting), problem)


def register(app: Celery, settings: Settings, train: Train = train_with_engine) -> Trainer:
    """Add the task that trains to the app; tests and benchmarks pass a stand-in for the engine."""
    trainer = Trainer(app, settings, train)

    def train_jobs(ids: Any = None) -> None:
        trainer(ids)

    app.task(train_jobs, name=TRAIN, shared=False)
    return trainer
