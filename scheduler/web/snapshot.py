"""One experiment at one moment, as the page shows it: read from the store by a few quick statements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.lifecycle.waiting import why_it_waits
from scheduler.web.pace import Speed
from store import ConfigurationStatus, ExperimentState, ExperimentStatus, JobState

if TYPE_CHECKING:
    from store import Store
    from store.activity.records import FailureGroup, Head, PackInTraining

#: configurations of which the page shows the progress; the rest is counted
MOST_CONFIGURATIONS = 50
#: different errors that the page shows
MOST_ERRORS = 20
#: packs in training that the page shows
MOST_PACKS = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """How far an experiment is, who trains it, and what went wrong."""

    status: ExperimentStatus
    speed: Speed
    packs: Sequence[PackInTraining]
    failures: Sequence[FailureGroup]
    #: how many different errors there are
    errors: int
    #: why nothing of it trains; empty where something does or nothing waits
    reason: str
    #: the numbers of repeats at which its scores are looked at; None where that is once, at the end
    looks: tuple[int, ...] | None

    @property
    def open(self) -> bool:
        """Whether repeats are still to come."""
        return self.status.state is ExperimentState.RUNNING

    @property
    def configurations(self) -> list[ConfigurationStatus]:
        """The configurations in the order of the grid or, of too many, those that train or failed first."""
        rows = self.status.configurations
        if len(rows) <= MOST_CONFIGURATIONS:
            return list(rows)
        order = (JobState.RUNNING, JobState.FAILED, JobState.CANCELLED, JobState.QUEUED)
        first = sorted(rows, key=lambda row: tuple(not row.counts.get(state, 0) for state in order))
        return first[:MOST_CONFIGURATIONS]


def read_snapshot(store: Store, head: Head, status: ExperimentStatus, speed: Speed) -> Snapshot:
    """Read what a page shows of an experiment beside its counts."""
    packs = store.activity.in_training(head.id) if status.running else []
    failures, errors = store.activity.failure_groups(head.id, most=MOST_ERRORS) if status.failed else ([], 0)
    waits = head.state is ExperimentState.RUNNING and not status.running and status.counts[JobState.QUEUED]
    return Snapshot(
        status=status,
        speed=speed,
        packs=packs[:MOST_PACKS],
        failures=failures,
        errors=errors,
        reason=why_it_waits(store, head.id, head.name) if waits else "",
        looks=None if head.looks is None else tuple(json.loads(head.looks)),
    )
