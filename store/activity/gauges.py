"""The numbers of a whole store, for a monitoring system that asks every few seconds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, select

from store.activity.records import Gauges, QueueGauge
from store.database.dialects import from_now
from store.database.tables import configurations, experiments, jobs, scores
from store.jobs.states import QUEUED, RUNNING
from store.records import JobState


def gauges(connection: Connection) -> Gauges:
    """Count jobs, packs and leases."""
    now = connection.execute(select(from_now())).scalar_one()
    queues = [
        QueueGauge(queue=row.queue, state=row.state, jobs=row.jobs, attempts=row.attempts)
        for row in connection.execute(_QUEUES)
    ]
    seconds, diverged = connection.execute(_SCORES).one()
    ages = {row.queue: (now - row.since).total_seconds() for row in connection.execute(_OLDEST) if row.since}
    return Gauges(
        queues=queues,
        packs=_by_queue(connection, _PACKS),
        expired=_by_queue(connection, _EXPIRED),
        oldest={queue: max(0.0, age) for queue, age in ages.items()},
        finished_last_minute=connection.execute(_LAST_MINUTE).scalar_one(),
        training_seconds=float(seconds or 0.0),
        diverged=diverged,
    )


def _by_queue(connection: Connection, statement: Select[Any]) -> dict[str, int]:
    return {row.queue: row.jobs for row in connection.execute(statement)}


_QUEUES = select(
    jobs.c.queue, jobs.c.state, func.count().label("jobs"), func.sum(jobs.c.attempts).label("attempts")
).group_by(jobs.c.queue, jobs.c.state)
_HELD = jobs.c.state == RUNNING
_PACKS = select(jobs.c.queue, func.count(jobs.c.owner.distinct()).label("jobs")).where(_HELD).group_by(jobs.c.queue)
_EXPIRED = (
    select(jobs.c.queue, func.count().label("jobs"))
    .where(_HELD, jobs.c.lease_until < from_now())
    .group_by(jobs.c.queue)
)
_OLDEST = (
    select(jobs.c.queue, func.min(func.coalesce(jobs.c.sent_at, experiments.c.created_at)).label("since"))
    .join(configurations, configurations.c.id == jobs.c.configuration_id)
    .join(experiments, experiments.c.id == configurations.c.experiment_id)
    .where(jobs.c.state == QUEUED)
    .group_by(jobs.c.queue)
)
_LAST_MINUTE = select(func.count()).where(jobs.c.state == JobState.DONE, jobs.c.finished_at > from_now(-60.0))
_SCORES = select(func.sum(scores.c.seconds), func.count().filter(scores.c.diverged))
