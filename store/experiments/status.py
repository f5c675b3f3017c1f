"""Progress of experiments: their jobs, counted by state and configuration."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from store.database.tables import configurations, experiment_jobs, experiments, jobs, scores
from store.experiments.counts import ConfigurationStatus, ExperimentStatus
from store.jobs.states import RUNNING
from store.records import ExperimentState, JobState


def statuses(connection: Connection, experiment_id: int | None) -> list[ExperimentStatus]:
    """Return the progress of all experiments, or of the one with this id, oldest first."""
    heads, parts = _heads(), _parts()
    if experiment_id is not None:
        heads = heads.where(experiments.c.id == experiment_id)
        parts = parts.where(configurations.c.experiment_id == experiment_id)
    by_experiment = defaultdict(list)
    for part in connection.execute(parts):
        by_experiment[part.experiment_id].append(part)
    return [_status(head, by_experiment[head.id]) for head in connection.execute(heads)]


def _heads() -> Select[Any]:
    return select(*experiments.c["id", "name", "state", "created_at", "note"]).order_by(experiments.c.id)


def _parts() -> Select[Any]:
    """Count the jobs of each configuration by state."""
    return (
        select(
            configurations.c.experiment_id,
            configurations.c.label,
            jobs.c.state,
            func.count(jobs.c.id).label("jobs"),
            func.count(scores.c.job_id).filter(scores.c.diverged).label("diverged"),
            func.min(jobs.c.started_at).label("started"),
            func.max(jobs.c.finished_at).label("finished"),
            func.sum(jobs.c.progress).filter(jobs.c.state == RUNNING).label("trained"),
        )
        .outerjoin(experiment_jobs, experiment_jobs.c.configuration_id == configurations.c.id)
        .outerjoin(jobs, jobs.c.id == experiment_jobs.c.job_id)
        .outerjoin(scores, scores.c.job_id == jobs.c.id)
        .group_by(configurations.c.experiment_id, configurations.c.position, configurations.c.label, jobs.c.state)
        .order_by(configurations.c.experiment_id, configurations.c.position)
    )


def _status(head: Row[Any], parts: Sequence[Row[Any]]) -> ExperimentStatus:
    by_label: dict[str, dict[JobState, int]] = {}
    diverged: Counter[str] = Counter()
    for part in parts:
        counts = by_label.setdefault(part.label, dict.fromkeys(JobState, 0))
        if part.state is not None:
            counts[JobState(part.state)] = part.jobs
        diverged[part.label] += part.diverged
    total = {state: sum(counts[state] for counts in by_label.values()) for state in JobState}
    unfinished = total[JobState.QUEUED] + total[JobState.RUNNING]
    return ExperimentStatus(
        id=head.id,
        name=head.name,
        state=ExperimentState(head.state),
        counts=total,
        diverged=diverged.total(),
        configurations=tuple(
            ConfigurationStatus(label=label, counts=counts, diverged=diverged[label])
            for label, counts in by_label.items()
        ),
        created=head.created_at,
        note=head.note,
        started=min((part.started for part in parts if part.started), default=None),
        trained=sum(part.trained or 0.0 for part in parts),
        finished=None if unfinished else max((part.finished for part in parts if part.finished), default=None),
    )
