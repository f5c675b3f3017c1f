"""Cancelling experiments: their jobs end, but for those that another running experiment wants."""

from __future__ import annotations

from sqlalchemy import Connection, and_, exists, select, update

from store.database.dialects import from_now
from store.database.tables import experiment_jobs, experiments, jobs
from store.experiments.finding import jobs_of
from store.jobs.states import QUEUED, RUNNING
from store.jobs.transitions import IDLE, Change
from store.records import ExperimentState, JobState


def cancel(connection: Connection, experiment_id: int) -> int | None:
    """Implement `Experiments.cancel`; return how many jobs that stops, or None if no experiment has this id."""
    ended = {"state": ExperimentState.CANCELLED, "finished_at": from_now()}
    if not connection.execute(update(experiments).where(experiments.c.id == experiment_id).values(ended)).rowcount:
        return None
    other = experiment_jobs.alias("other")
    wanted_elsewhere = exists(
        select(other.c.job_id)
        .join(experiments, experiments.c.id == other.c.experiment_id)
        .where(other.c.job_id == jobs.c.id, experiments.c.state == ExperimentState.RUNNING)
    )
    mine = and_(jobs.c.id.in_(jobs_of(experiment_id)), jobs.c.state.in_([QUEUED, RUNNING]))
    stop = Change(and_(mine, ~wanted_elsewhere), state=JobState.CANCELLED, finished_at=from_now(), **IDLE)
    return len(stop(connection))
