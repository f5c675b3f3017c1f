"""Which pack a worker takes next when it is sent none: one program, and its share of what waits.

Everything here is found by the index of waiting jobs, a few rows at a time: 100,000 of them cost no more than 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, literal_column, select, true

from store.dialects import among
from store.tables import experiment_jobs, jobs

#: literals, not parameters: the indexes of waiting and of running jobs are chosen by them
QUEUED: ColumnElement[str] = literal_column("'queued'")
RUNNING: ColumnElement[str] = literal_column("'running'")


@dataclass(frozen=True, slots=True)
class Choice:
    """The pack to take."""

    program: str
    #: jobs that allow fewer are left for another pack
    pack_limit: int
    count: int


def scope(experiments: Sequence[int] | None, queue: str | None) -> ColumnElement[bool]:
    """Say which jobs may be taken."""
    parts: list[ColumnElement[bool]] = [true()]
    if experiments is not None:
        mine = among(experiment_jobs.c.experiment_id, experiments)
        parts.append(exists().where(experiment_jobs.c.job_id == jobs.c.id, mine).correlate(jobs))
    if queue is not None:
        parts.append(jobs.c.queue == queue)
    return and_(*parts)


def choose(connection: Connection, allowed: ColumnElement[bool], workers: int) -> Choice | None:
    """Choose a program and how many of its jobs to take.

    Every worker that has nothing to do gets a share: with fewer programs than free workers a program is cut up, with
    more each is taken whole, as far as its jobs allow.
    """
    programs = connection.execute(_programs(allowed)).all()
    if not programs:
        return None
    first = programs[0]
    busy = connection.execute(select(func.count(jobs.c.owner.distinct())).where(jobs.c.state == RUNNING)).scalar_one()
    shares = max(1, max(1, workers - busy) // len(programs))
    same = and_(jobs.c.state == QUEUED, jobs.c.program == first.program, jobs.c.pack_limit >= first.pack_limit, allowed)
    some = select(jobs.c.id).where(same).limit(first.pack_limit * shares).subquery()
    waiting = connection.execute(select(func.count()).select_from(some)).scalar_one()
    return Choice(first.program, first.pack_limit, min(first.pack_limit, ceil(waiting / shares)))


def _programs(allowed: ColumnElement[bool]) -> Any:
    """Select the waiting programs, the best first. The index is jumped through: one look a program, not a job."""
    waiting = and_(jobs.c.state == QUEUED, allowed)
    first = select(jobs.c.program).where(waiting).order_by(jobs.c.program).limit(1).scalar_subquery()
    found = select(first.label("program")).cte("found", recursive=True)
    later = select(jobs.c.program).where(waiting, jobs.c.program > found.c.program).order_by(jobs.c.program).limit(1)
    found = found.union_all(select(later.correlate(found).scalar_subquery()).where(found.c.program.is_not(None)))
    oldest = select(jobs.c.id).where(waiting, jobs.c.program == found.c.program).order_by(jobs.c.id).limit(1)
    rows = (
        select(
            found.c.program,
            exists().where(jobs.c.state == RUNNING, jobs.c.program == found.c.program).correlate(found).label("busy"),
            oldest.correlate(found).scalar_subquery().label("oldest"),
        )
        .where(found.c.program.is_not(None))
        .subquery()
    )
    return (
        select(rows.c.program, jobs.c.pack_limit)
        .join(jobs, jobs.c.id == rows.c.oldest)
        .order_by(rows.c.busy, rows.c.oldest)
    )
