"""The packs that workers train at the moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from store.activity.records import PackInTraining
from store.database.dialects import from_now
from store.database.tables import configurations, experiment_jobs, jobs
from store.jobs.owners import worker_of
from store.jobs.states import RUNNING

#: configurations that are named of one pack
MOST_NAMED = 3


def in_training(connection: Connection, experiment_id: int) -> list[PackInTraining]:
    """Return the packs with jobs of an experiment, those that were claimed first at the top."""
    now = connection.execute(select(from_now())).scalar_one()
    packs = [_pack(list(rows), now) for _, rows in groupby(_rows(connection, experiment_id), key=lambda row: row.owner)]
    return sorted(packs, key=lambda pack: -pack.seconds)


def _rows(connection: Connection, experiment_id: int) -> Sequence[Any]:
    claim = jobs.c["owner", "queue", "max_attempts", "pack_size", "started_at", "lease_until", "progress"]
    attempt = (jobs.c.attempts - jobs.c.losses).label("attempt")
    found = (
        select(*claim, attempt, configurations.c.label)
        .join(experiment_jobs, experiment_jobs.c.job_id == jobs.c.id)
        .join(configurations, configurations.c.id == experiment_jobs.c.configuration_id)
        .where(jobs.c.state == RUNNING, experiment_jobs.c.experiment_id == experiment_id)
        .order_by(jobs.c.owner, configurations.c.position, experiment_jobs.c.repeat)
    )
    return connection.execute(found).all()


def _pack(rows: Sequence[Any], now: datetime) -> PackInTraining:
    first = rows[0]
    return PackInTraining(
        worker=worker_of(first.owner or ""),
        queue=first.queue,
        jobs=len(rows),
        size=first.pack_size or len(rows),
        attempts=max(row.attempt for row in rows),
        max_attempts=first.max_attempts,
        seconds=(now - first.started_at).total_seconds() if first.started_at else 0.0,
        lease=(first.lease_until - now).total_seconds() if first.lease_until else 0.0,
        progress=first.progress,
        labels=list(dict.fromkeys(row.label for row in rows))[: MOST_NAMED + 1],
    )
