"""Progress of experiments: their jobs, counted by state and configuration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from store.database.future_tables import futures
from store.database.tables import configurations, experiment_jobs, experiments, jobs, scores
from store.experiments.counts import ConfigurationStatus, ExperimentStatus
from store.jobs.states import RUNNING
from store.records import ExperimentState, JobState


def statuses(connection: Connection, experiment_id: int | None) -> list[ExperimentStatus]:
    """Return the progress of all experiments but forecasts, or of the one with this id, oldest first."""
    heads, labels, parts, lost = _heads(), _labels(), _parts(), _lost()
    if experiment_id is None:
        heads = heads.where(experiments.c.id.not_in(select(futures.c.experiment_id)))
    else:
        heads = heads.where(experiments.c.id == experiment_id)
        labels, parts, lost = (
            one.where(configurations.c.experiment_id == experiment_id) for one in (labels, parts, lost)
        )
    named, counted = defaultdict(list), defaultdict(list)
    for row in connection.execute(labels):
        named[row.experiment_id].append(row.point)
    for part in connection.execute(parts):
        counted[part.experiment_id, part.point].append(part)
    diverged = {(row.experiment_id, row.point): row.diverged for row in connection.execute(lost)}
    return [_status(head, named[head.id], counted, diverged) for head in connection.execute(heads)]


def _heads() -> Select[Any]:
    return select(*experiments.c["id", "name", "state", "created_at", "note"]).order_by(experiments.c.id)


def _labels() -> Select[Any]:
    """Name the configurations, each once for all of its splits, in the order of the grid."""
    points = configurations.c["experiment_id", "point"]
    return select(*points).group_by(*points).order_by(func.min(configurations.c.position))


def _parts() -> Select[Any]:
    """Count the jobs of each configuration by state, on all splits at once: there may be thousands of them."""
    return (
        select(
            *configurations.c["experiment_id", "point"],
            jobs.c.state,
            func.count().label("jobs"),
            func.min(jobs.c.started_at).label("started"),
            func.max(jobs.c.finished_at).label("finished"),
            func.sum(jobs.c.progress).filter(jobs.c.state == RUNNING).label("trained"),
        )
        .join(experiment_jobs, experiment_jobs.c.configuration_id == configurations.c.id)
        .join(jobs, jobs.c.id == experiment_jobs.c.job_id)
        .group_by(*configurations.c["experiment_id", "point"], jobs.c.state)
    )


def _lost() -> Select[Any]:
    """Count the repeats of each configuration that diverged; one query for all would take twice as long."""
    return (
        select(*configurations.c["experiment_id", "point"], func.count().label("diverged"))
        .join(experiment_jobs, experiment_jobs.c.configuration_id == configurations.c.id)
        .join(scores, scores.c.job_id == experiment_jobs.c.job_id)
        .where(scores.c.diverged)
        .group_by(*configurations.c["experiment_id", "point"])
    )


def _status(
    head: Row[Any],
    points: Sequence[str],
    counted: Mapping[tuple[int, str], Sequence[Any]],
    diverged: Mapping[tuple[int, str], int],
) -> ExperimentStatus:
    parts = [part for point in points for part in counted.get((head.id, point), ())]
    each = [
        ConfigurationStatus(
            label=point,
            counts=_counts(counted.get((head.id, point), ())),
            diverged=diverged.get((head.id, point), 0),
        )
        for point in points
    ]
    total = {state: sum(one.counts[state] for one in each) for state in JobState}
    unfinished = total[JobState.QUEUED] + total[JobState.RUNNING]
    return ExperimentStatus(
        id=head.id,
        name=head.name,
        state=ExperimentState(head.state),
        counts=total,
        diverged=sum(one.diverged for one in each),
        configurations=tuple(each),
        created=head.created_at,
        note=head.note,
        started=min((part.started for part in parts if part.started), default=None),
        trained=sum(part.trained or 0.0 for part in parts),
        finished=None if unfinished else max((part.finished for part in parts if part.finished), default=None),
    )


def _counts(parts: Sequence[Any]) -> dict[JobState, int]:
    counts = dict.fromkeys(JobState, 0)
    for part in parts:
        counts[JobState(part.state)] += part.jobs
    return counts
