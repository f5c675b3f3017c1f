"""One pack, from claimed jobs to stored results. Celery and the local runner are two thin ways of calling it."""

from __future__ import annotations

import logging
import os
import socket
import traceback
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

from store import Job, Provenance, Result, Series, Store
from worker.delivery.closer import Closer
from worker.delivery.lease_keeper import Keeper
from worker.delivery.retry import patiently
from worker.lane import Lane

logger = logging.getLogger(__name__)


class Train(Protocol):
    """What trains a pack: `worker.engine.train.train`, or a stand-in that benchmarks the delivery."""

    def __call__(
        self, lanes: Sequence[Lane], series: Series, *, progress: Callable[[int, int], None]
    ) -> list[Result]: ...


class Stopped(Exception):
    """Raised through `progress` to leave a training that nobody waits for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PackOutcome:
    """What became of a pack."""

    saved: int = 0
    #: jobs that wait again: handed back, or to be tried again
    again: tuple[int, ...] = ()


def new_owner(worker: str) -> str:
    """Return a name for one claim: `worker` and a fencing token."""
    return f"{worker}:{uuid.uuid4().hex[:12]}"


def worker_name() -> str:
    """Name this process among all workers: host and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"


def run_pack(
    store: Store,
    jobs: Sequence[Job],
    *,
    owner: str,
    keeper: Keeper,
    closer: Closer,
    train: Train,
    provenance: Callable[[], Provenance],
    stopping: Callable[[], bool],
) -> PackOutcome:
    """Train claimed jobs side by side and store what they end with, exactly once.

    A pack that fails is given back in halves until the bad job is alone; one that was cancelled, or whose worker is
    asked to stop, is left within seconds.

    Args:
        store: the results store.
        jobs: jobs of one program, claimed by `owner`.
        owner: the name of the claim; results are saved only while it holds.
        keeper: keeps the claim alive meanwhile.
        closer: sees whether the experiment has ended with these jobs.
        train: the engine.
        provenance: where and with what the results are made, asked when there are some.
        stopping: whether this worker was asked to stop.
    """
    ids = [job.id for job in jobs]
    with keeper.hold(owner, ids) as held:

        def progress(done: int, total: int) -> None:
            logger.debug("epoch %d of %d", done, total, extra={"owner": owner})
            held.progress = done / total
            if stopping() or not held.owned:
                raise Stopped

        started = perf_counter()
        try:
            results = train(lanes(jobs), store.series.get(jobs[0].series_hash), progress=progress)
        except Stopped:
            return PackOutcome(again=tuple(patiently(lambda: store.jobs.release(ids, owner=owner))))
        except Exception as problem:
            return _failed(store, closer, ids, owner=owner, problem=problem)
        trained = perf_counter()
        saved = patiently(lambda: store.results.save(results, owner=owner, provenance=provenance()))
        times = (trained - started, perf_counter() - trained)
    logger.info("a pack of %d was trained in %.3f s and saved in %.3f s", len(ids), *times)
    closer.ended(saved)
    return PackOutcome(saved=len(saved))


def lanes(jobs: Sequence[Job]) -> list[Lane]:
    """Return what the engine needs of each job."""
    return [Lane.of(job) for job in jobs]


def _failed(store: Store, closer: Closer, ids: Sequence[int], *, owner: str, problem: Exception) -> PackOutcome:
    """Record why a pack failed, and let what may be tried again wait."""
    logger.warning("pack of %d failed: %s: %s", len(ids), type(problem).__name__, problem)
    # Postgres' text holds no NUL.
    error = f"{type(problem).__name__}: {problem}"[:2000].replace("\0", "\\0")
    trace = "".join(traceback.format_exception(problem))[-20_000:].replace("\0", "\\0")
    again = tuple(patiently(lambda: store.jobs.fail(ids, owner=owner, error=error, traceback=trace)))
    closer.ended(set(ids) - set(again))
    return PackOutcome(again=again)
