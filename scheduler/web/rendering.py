"""What the process that makes reports does: from the store to bytes that a browser takes as they are."""

from __future__ import annotations

import gzip
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData
    from store import Store


@dataclass(frozen=True, slots=True)
class Rendered:
    """A piece of HTML, compressed by gzip, and the seconds of computing that it took."""

    body: bytes
    seconds: float


def render_report(address: str, experiment_id: int) -> Rendered:
    """Make the report of an experiment as a piece of HTML."""
    from scheduler.report.page.document import fragment

    started = time.process_time()
    text = fragment(read_report(_opened(address), experiment_id))
    body = gzip.compress(text.encode(), 5, mtime=0)
    return Rendered(body, time.process_time() - started)


def read_report(store: Store, experiment_id: int, *, curves: bool = True) -> ReportData:
    """Read the report of an experiment; while repeats are to come, as far as its planned looks allow."""
    from scheduler.report.gather import gather
    from store import ExperimentState

    experiment = store.experiments.with_id(experiment_id)
    early = experiment.state is ExperimentState.RUNNING
    return gather(store, experiment, curves=curves, early=early, brief=True)


@lru_cache(1)
def _opened(address: str) -> Store:
    from store import open_store

    return open_store(address)
