"""Which pack a local worker takes next: jobs of one program, and its share of what waits.

Everything here is found by the index of waiting jobs, a few rows at a time: 100,000 of them cost no more than 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    select,
    true,
)

from store.database.dialects import among
from store.database.raw_statements import RawStatement
from store.database.tables import experiment_jobs, jobs
from store.delivery.packs import is_whole, largest
from store.jobs.states import QUEUED, RUNNING

#: First come, first served; no index but that of the waiting jobs has this order, so none is mistaken for it.
ORDER = (jobs.c.configuration_id, jobs.c.repeat)

#: No statistics keep up with a queue: believing that few jobs wait, Postgres would read and sort them all. And a claim
#: that a crash of the server forgets need not be waited for: the fence refuses what comes of it.
_LIKE_A_QUEUE = "; ".join(
    f"SET LOCAL {name} = off"
    for name in ("enable_sort", "enable_bitmapscan", "enable_seqscan", "jit", "synchronous_commit")
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which jobs may be taken; None means any."""

    experiments: Sequence[int] | None = None
    queue: str | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """What the statements with `where` need."""
        return {"experiments": self.experiments, "from_queue": self.queue}

    @property
    def where(self) -> ColumnElement[bool]:
        """The condition."""
        return _where(self.experiments is not None, self.queue is not None)


@dataclass(frozen=True, slots=True)
class Choice:
    """The pack to take."""

    program: str
    #: jobs that allow fewer are left for another pack
    pack_limit: int
    count: int
    #: the version of the numerics that made its jobs
    numerics: int

    @property
    def parameters(self) -> dict[str, Any]:
        """What the statements with `same_pack` need."""
        return {"of_program": self.program, "allowing": self.pack_limit, "most": self.count}


@cache
def _where(some: bool, queue: bool) -> ColumnElement[bool]:
    mine = among(experiment_jobs.c.experiment_id, "experiments")
    wanted = exists().where(experiment_jobs.c.job_id == jobs.c.id, mine).correlate(jobs)
    return and_(true(), *[wanted] * some, *[jobs.c.queue == bindparam("from_queue")] * queue)


def choose(connection: Connection, scope: Scope, workers: int) -> Choice | None:
    """Choose a program and how many of its jobs to take.

    Every worker that has nothing to do gets a share: with fewer programs than free workers a program is cut up, with
    more each is taken whole, as far as its jobs allow.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_LIKE_A_QUEUE)
    programs = _programs(scope.where)(connection, scope.parameters)
    if not programs:
        return None
    program, limit, numerics, busy = programs[0]
    if limit == 1:
        return Choice(program, 1, 1, numerics)
    shares = 1 if is_whole(program) else max(1, max(1, workers - busy) // len(programs))
    some = Choice(program, limit, limit * shares, numerics)
    waiting = connection.execute(_count(scope.where), scope.parameters | some.parameters).scalar_one()
    return replace(some, count=largest(waiting, limit, workers=shares))


def same_pack(allowed: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition for jobs that fit into the pack of a choice."""
    alike = (jobs.c.program == bindparam("of_program"), jobs.c.pack_limit >= bindparam("allowing"))
    return and_(jobs.c.state == QUEUED, *alike, allowed)


@cache
def _count(allowed: ColumnElement[bool]) -> Select[int]:
    some = select(jobs.c.id).where(same_pack(allowed)).limit(bindparam("most")).subquery()
    return select(func.count()).select_from(some)


@cache
def _programs(allowed: ColumnElement[bool]) -> RawStatement:
    """Select the waiting programs, the best first, with the `pack_limit` of their first job and the number of workers.

    A program that nobody runs goes before the others. The index is jumped through: one look a program, not a job.
    """
    waiting = select(jobs.c.id).where(jobs.c.state == QUEUED, allowed).order_by(jobs.c.program, *ORDER).limit(1)
    oldest = select(waiting.scalar_subquery().label("id")).cte("oldest", recursive=True)
    last = jobs.alias("last")
    following = waiting.where(jobs.c.program > last.c.program).correlate(last).scalar_subquery()
    oldest = oldest.union_all(select(following).select_from(oldest.join(last, last.c.id == oldest.c.id)))
    others = jobs.alias("others")
    running = others.c.state == RUNNING
    busy = select(func.count(others.c.owner.distinct())).where(running).scalar_subquery().label("busy")
    taken = exists().where(running, others.c.program == jobs.c.program).correlate(jobs)
    found = select(*jobs.c["program", "pack_limit", "numerics"], busy).join(oldest, oldest.c.id == jobs.c.id)
    return RawStatement(found.order_by(taken, *ORDER))
