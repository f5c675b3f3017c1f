"""The statements that move jobs from state to state, each made once, since making one takes longer than running it."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    Update,
    and_,
    bindparam,
    case,
    cast,
    func,
    select,
    update,
)

from store.choice import ORDER, QUEUED, RUNNING, Choice, Scope, same_pack
from store.dialects import among, from_now
from store.records import Job, JobState
from store.tables import configurations, jobs

_IDS = among(jobs.c.id, "ids")
_EXPIRED = and_(jobs.c.state == RUNNING, jobs.c.lease_until < from_now())
#: the fence: these jobs are still the owner's
_OWNED = and_(_IDS, jobs.c.owner == bindparam("holder"), jobs.c.state == RUNNING)

#: what a job is that nobody holds
IDLE: dict[str, Any] = {"owner": None, "lease_until": None, "pack_size": None, "sent_at": None}


class Change:
    """An update of jobs; called, it returns their ids."""

    def __init__(self, where: ColumnElement[bool], **values: Any) -> None:
        # Postgres locks in order, so that two such updates never wait for each other.
        locked = select(jobs.c.id).where(where).order_by(jobs.c.id).with_for_update().cte("locked")
        wheres = {"sqlite": where, "postgresql": jobs.c.id.in_(select(locked.c.id))}
        self._statements = {
            dialect: update(jobs).where(where).values(values).returning(jobs.c.id) for dialect, where in wheres.items()
        }

    def __call__(self, connection: Connection, **parameters: Any) -> list[int]:
        """Run it with the parameters that its condition and values name."""
        return sorted(connection.execute(self._statements[connection.dialect.name], parameters).scalars())


def _end_attempt(where: ColumnElement[bool], error: ColumnElement[str], traceback: Any) -> Change:
    """End an attempt: split a pack, blame a job that was alone."""
    pack = jobs.c.pack_size > 1
    spent = and_(jobs.c.pack_size == 1, jobs.c.attempts >= jobs.c.max_attempts)
    return Change(
        where,
        state=case((spent, JobState.FAILED.value), else_=JobState.QUEUED.value),
        attempts=jobs.c.attempts - case((pack, 1), else_=0),
        pack_limit=case((pack, (jobs.c.pack_size + 1) // 2), else_=jobs.c.pack_limit),
        finished_at=case((spent, from_now())),
        error=error,
        traceback=traceback,
        **IDLE,
    )


RENEW = Change(_OWNED, lease_until=from_now(bindparam("lease")))
RELEASE = Change(_OWNED, state=JobState.QUEUED, attempts=jobs.c.attempts - 1, worker=None, **IDLE)
FINISH = Change(
    _OWNED, state=JobState.DONE, finished_at=from_now(), error=None, traceback=None, owner=None, lease_until=None
)
MARK_SENT = Change(and_(_IDS, jobs.c.state == QUEUED), sent_at=from_now())
FAIL = _end_attempt(_OWNED, bindparam("reason", type_=Text), bindparam("trace", type_=Text))

_DIED: ColumnElement[str] = "the worker " + jobs.c.worker + " died or fell silent"
LOSE_EXPIRED = _end_attempt(_EXPIRED, _DIED, "")
LOSE_THESE = _end_attempt(and_(_IDS, _EXPIRED), _DIED, "")
_PREFIXED = func.substr(jobs.c.owner, 1, func.length(bindparam("prefix", type_=Text))) == bindparam(
    "prefix", type_=Text
)
LOSE_PREFIX = _end_attempt(and_(jobs.c.state == RUNNING, _PREFIXED), _DIED, "")

_WAITING_OF = select(jobs.c.id).where(_IDS, jobs.c.state == QUEUED).order_by(jobs.c.id)


def waiting_of(connection: Connection, ids: Collection[int]) -> list[int]:
    """Return which of the jobs wait."""
    return list(connection.execute(_WAITING_OF, {"ids": ids}).scalars()) if ids else []


def claim(connection: Connection, ids: Collection[int], *, owner: str, lease: float) -> list[Job]:
    """Give those of the jobs that wait an owner: the largest pack that each of them allows."""
    return _jobs(connection, _CLAIM_THESE, {"ids": ids}, owner, lease)


def claim_some(connection: Connection, scope: Scope, choice: Choice, *, owner: str, lease: float) -> list[Job]:
    """Give the jobs of a choice an owner; those that another transaction holds are passed over."""
    return _jobs(connection, _claim_some(scope.where), scope.parameters | choice.parameters, owner, lease)


def _jobs(connection: Connection, statement: Update, parameters: dict[str, Any], owner: str, lease: float) -> list[Job]:
    worker = owner.rpartition(":")[0] or owner
    rows = connection.execute(statement, parameters | {"holder": owner, "of_worker": worker, "lease": lease})
    return sorted((Job(**row._mapping) for row in rows), key=lambda job: job.id)


def _claiming(free: Select[Any]) -> Update:
    """Return the one statement that claims: no more of the free jobs than each of them allows, largest packs first."""
    rows = free.cte("free")
    place = func.row_number().over(order_by=(rows.c.pack_limit.desc(), rows.c.id))
    placed = select(rows.c.id, rows.c.pack_limit, place.label("place")).cte("placed")
    size = func.count().over().label("size")
    pack = select(placed.c.id, size).where(placed.c.place <= placed.c.pack_limit).cte("pack")
    return (
        update(jobs)
        .where(jobs.c.id == pack.c.id)
        .values(
            state=JobState.RUNNING,
            owner=bindparam("holder", type_=Text),
            worker=bindparam("of_worker", type_=Text),
            lease_until=from_now(bindparam("lease")),
            started_at=from_now(),
            attempts=jobs.c.attempts + 1,
            pack_size=cast(pack.c.size, Integer),
        )
        .returning(
            *jobs.c["id", "repeat", "seed", "program", "queue", "attempts", "max_attempts"], *_FROM_CONFIGURATION
        )
    )


_MINE = configurations.c.id == jobs.c.configuration_id
_FROM_CONFIGURATION = (
    select(cast(configurations.c.params, Text)).where(_MINE).correlate(jobs).scalar_subquery().label("params"),
    select(configurations.c.series_hash).where(_MINE).correlate(jobs).scalar_subquery().label("series_hash"),
)
_FREE = select(jobs.c.id, jobs.c.pack_limit)
#: Locked jobs are waited for: they may only be about to be marked as sent.
_CLAIM_THESE = _claiming(_FREE.where(_IDS, jobs.c.state == QUEUED).order_by(jobs.c.id).with_for_update())


@cache
def _claim_some(allowed: ColumnElement[bool]) -> Update:
    some = _FREE.where(same_pack(allowed)).order_by(*ORDER).limit(bindparam("most"))
    return _claiming(some.with_for_update(skip_locked=True))
