"""Failed jobs by their error: 100,000 of them have as many tracebacks, of which nobody reads more than a few."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from store.activity.records import FailureGroup
from store.database.dialects import among
from store.database.tables import configurations, experiment_jobs, jobs
from store.records import Failure, JobState

_FAILED = jobs.c.state == JobState.FAILED.value


def failure_groups(connection: Connection, experiment_id: int, most: int) -> tuple[list[FailureGroup], int]:
    """Return the most frequent errors of an experiment, each with its first job, and how many errors there are."""
    grouped = (
        select(jobs.c.error, func.count().label("jobs"), func.min(jobs.c.id).label("first"))
        .join(experiment_jobs, experiment_jobs.c.job_id == jobs.c.id)
        .where(_FAILED, experiment_jobs.c.experiment_id == experiment_id)
        .group_by(jobs.c.error)
    )
    rows = connection.execute(grouped).all()
    chosen = sorted(rows, key=lambda row: (-row.jobs, row.first))[:most]
    examples = _failures(connection, experiment_id, [row.first for row in chosen]) if chosen else {}
    groups = [FailureGroup(count=row.jobs, example=examples[row.first]) for row in chosen if row.first in examples]
    return groups, len(rows)


def _failures(connection: Connection, experiment_id: int, ids: list[int]) -> dict[int, Failure]:
    columns = (
        configurations.c.label,
        experiment_jobs.c.repeat,
        *jobs.c["id", "attempts", "worker", "error", "traceback"],
    )
    found = (
        select(*columns)
        .join(experiment_jobs, experiment_jobs.c.job_id == jobs.c.id)
        .join(configurations, configurations.c.id == experiment_jobs.c.configuration_id)
        .where(among(jobs.c.id, ids), configurations.c.experiment_id == experiment_id)
    )
    return {
        row.id: Failure(
            job_id=row.id,
            label=row.label,
            repeat=row.repeat,
            attempts=row.attempts,
            worker=row.worker or "",
            error=row.error or "",
            traceback=row.traceback or "",
        )
        for row in connection.execute(found)
    }
