"""Progress of experiments, as plain records without SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.records import ExperimentState, JobState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfigurationStatus:
    """Progress of one configuration."""

    label: str
    #: every state is a key
    counts: Mapping[JobState, int]
    #: of the done ones
    diverged: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ExperimentStatus:
    """Progress of an experiment."""

    id: int
    name: str
    state: ExperimentState
    #: every state is a key
    counts: Mapping[JobState, int]
    #: of the done ones
    diverged: int
    #: in the order of the grid
    configurations: tuple[ConfigurationStatus, ...]
    created: datetime
    #: when a worker first took one of its jobs
    started: datetime | None
    #: when its last job ended; None while one is queued or running
    finished: datetime | None
    #: training done by the running jobs, in repeats, as last reported by their workers
    trained: float
    #: the user's note; empty if there is none
    note: str = ""

    @property
    def total(self) -> int:
        """The number of its jobs."""
        return sum(self.counts.values())

    @property
    def ended(self) -> int:
        """The jobs that are done, failed or cancelled."""
        return self.total - self.counts[JobState.QUEUED] - self.running

    @property
    def stands(self) -> str:
        """Its state; "waiting" where nothing of it is being trained: it was interrupted, or waits for workers."""
        waits = self.state is ExperimentState.RUNNING and not self.running and self.counts[JobState.QUEUED]
        return "waiting" if waits else self.state.value

    @property
    def running(self) -> int:
        """The jobs that a worker has."""
        return self.counts[JobState.RUNNING]

    @property
    def failed(self) -> int:
        """The jobs that used up their attempts."""
        return self.counts[JobState.FAILED]

    @property
    def cancelled(self) -> int:
        """The jobs that were cancelled."""
        return self.counts[JobState.CANCELLED]
