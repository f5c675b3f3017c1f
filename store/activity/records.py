"""What a watcher of a store is told, as plain records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.records import ExperimentState, Failure

if TYPE_CHECKING:
    from datetime import datetime

    from store.results.version import ResultsVersion


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """An experiment without what takes time to count; where nothing of it trains, equal heads have equal counts."""

    id: int
    name: str
    state: ExperimentState
    note: str
    created: datetime
    finished: datetime | None
    summarised: datetime | None
    #: the planned looks, as stored
    looks: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportVersion:
    """Decides what the report of an experiment says."""

    results: ResultsVersion
    summarised: datetime | None
    baselines: int
    name: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PackInTraining:
    """The jobs of an experiment that one worker trains at the moment."""

    worker: str
    queue: str
    #: how many jobs of this experiment it has
    jobs: int
    #: how many jobs it trains side by side, those of other experiments included
    size: int
    #: of the job with the most attempts, without those in which its worker was lost
    attempts: int
    max_attempts: int
    #: seconds since the claim
    seconds: float
    #: seconds until the lease runs out; negative where it has
    lease: float
    #: the share of the training that is done, from 0 to 1; None before it is known
    progress: float | None
    #: the configurations that it trains, at most a few
    labels: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class FailureGroup:
    """The failed jobs of an experiment that have the same error."""

    count: int
    #: the first of them
    example: Failure


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueGauge:
    """The jobs of one queue in one state."""

    queue: str
    state: str
    jobs: int
    attempts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Gauges:
    """The numbers of a whole store."""

    queues: Sequence[QueueGauge]
    #: claims that workers hold, by queue
    packs: dict[str, int]
    #: running jobs whose lease ran out, by queue
    expired: dict[str, int]
    #: seconds since the oldest waiting job was sent or, if it never was, its experiment was submitted; by queue
    oldest: dict[str, float]
    #: repeats that were finished in the last minute
    finished_last_minute: int
    #: seconds of training of all results
    training_seconds: float
    diverged: int
