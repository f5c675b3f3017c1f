"""One pack, from claimed jobs to stored results, for Celery and for local workers alike."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

from store import Job, Result, Store
from worker.delivery.closer import Closer
from worker.delivery.lease_keeper import Claim, LeaseKeeper
from worker.delivery.measures import Measured, Outcome, chosen
from worker.delivery.provenance import provenance
from worker.delivery.retry import retry
from worker.lane import Lane, Together, Trainable

logger = logging.getLogger(__name__)


class Train(Protocol):
    """Trains a pack: `worker.engine.train.train`, or a stand-in with which the delivery is tested and timed."""

    def __call__(
        self, lanes: Sequence[Lane], series: Trainable, *, progress: Callable[[int, int], None]
    ) -> list[Result]: ...


class TrainingStopped(Exception):
    """Raised through `progress` to abandon a training whose results are no longer wanted."""


def series_of(store: Store, jobs: Sequence[Job], lanes: Sequence[Lane]) -> Trainable:
    """Return the series of a pack, read once: one for all jobs, of an experiment with several splits each job's.

    Jobs of a panel, which are results of the same trainings, have all series of it.
    """
    if (panel := lanes[0].configuration.panel) is not None:
        members = store.panels.get(panel.content)
        return Together(members=members, series=tuple(store.series.get(one.series.content_hash) for one in members))
    if not lanes[0].configuration.window.apart:
        return store.series.get(jobs[0].series_hash)
    known = {one: store.series.get(one) for one in dict.fromkeys(job.series_hash for job in jobs)}
    return [known[job.series_hash] for job in jobs]


@dataclass(frozen=True, kw_only=True, slots=True)
class PackOutcome:
    """What became of a pack."""

    saved: int = 0
    #: ids of the jobs that wait again: handed back, or to be tried again
    requeued: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PackRunner:
    """Trains the packs of one worker and stores their results, exactly once."""

    store: Store
    #: keeps a claim alive during the training
    lease_keeper: LeaseKeeper
    #: closes experiments that end with a pack
    closer: Closer
    train: Train
    #: returns whether this worker was asked to stop
    stopping: Callable[[], bool]
    #: this worker's name, for the provenance of its results
    worker: str

    def run(self, jobs: Sequence[Job], *, owner: str) -> PackOutcome:
        """Train claimed jobs side by side and store their results.

        A pack that fails is requeued in halves until the failing job is alone. A pack that was cancelled, or whose
        worker is asked to stop, is abandoned within seconds.

        Args:
            jobs: jobs of one program, claimed by `owner`.
            owner: the name of the claim; results are saved only while it holds.
        """
        with chosen().pack(len(jobs)) as measured:
            return self._run(jobs, owner, measured)

    def _run(self, jobs: Sequence[Job], owner: str, measured: Measured) -> PackOutcome:
        ids = [job.id for job in jobs]
        with self.lease_keeper.hold(owner, ids) as claim:
            started = perf_counter()
            try:
                results = self._train(jobs, claim)
            except TrainingStopped:
                requeued = tuple(retry(lambda: self.store.jobs.release(ids, owner=owner)))
                measured.outcome, measured.lost = Outcome.HANDED_BACK, len(ids) - len(requeued)
                return PackOutcome(requeued=requeued)
            except Exception as problem:
                return self._failed(ids, owner=owner, problem=problem)
            trained = perf_counter()
            saved = retry(lambda: self.store.results.save(results, owner=owner, provenance=provenance(self.worker)))
            measured.train_seconds, measured.save_seconds = trained - started, perf_counter() - trained
        measured.outcome, measured.saved, measured.lost = Outcome.SAVED, len(saved), len(ids) - len(saved)
        times = (measured.train_seconds, measured.save_seconds)
        logger.info("a pack of %d was trained in %.3f s and saved in %.3f s", len(ids), *times)
        self.closer.jobs_ended(saved)
        return PackOutcome(saved=len(saved))

    def _train(self, jobs: Sequence[Job], claim: Claim) -> list[Result]:
        def progress(done: int, total: int) -> None:
            logger.debug("epoch %d of %d", done, total, extra={"owner": claim.owner})
            claim.progress = done / total
            if self.stopping() or not claim.owned:
                raise TrainingStopped

        lanes = [Lane.of(job) for job in jobs]
        series = retry(lambda: series_of(self.store, jobs, lanes))
        return self.train(lanes, series, progress=progress)

    def _failed(self, ids: Sequence[int], *, owner: str, problem: Exception) -> PackOutcome:
        """Store why a pack failed, and requeue the jobs that may be tried again."""
        logger.warning("pack of %d failed: %s: %s", len(ids), type(problem).__name__, problem)
        # Postgres' text holds no NUL.
        error = f"{type(problem).__name__}: {problem}"[:2000].replace("\0", "\\0")
        trace = "".join(traceback.format_exception(problem))[-20_000:].replace("\0", "\\0")
        requeued = tuple(retry(lambda: self.store.jobs.fail(ids, owner=owner, error=error, traceback=trace)))
        self.closer.jobs_ended(set(ids) - set(requeued))
        return PackOutcome(requeued=requeued)
