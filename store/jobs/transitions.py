"""The statements that move jobs from state to state; each is compiled once, which takes longer than running it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Double,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    select,
    update,
)

from store.database.dialects import among, from_now, restarted_since
from store.database.raw_statements import RawStatement
from store.database.tables import configurations, jobs
from store.jobs.next_pack import ORDER, Choice, Scope, same_pack
from store.jobs.owners import worker_of
from store.jobs.states import QUEUED, RUNNING
from store.records import Job, JobState
from store.settings import LONGEST_LEASE

_IDS = among(jobs.c.id, "ids")
#: seconds after a start of the database in which older claims are kept: living workers could not renew theirs before
_GRACE = 5.0
_EXPIRED = and_(jobs.c.state == RUNNING, jobs.c.lease_until < from_now(), ~restarted_since(jobs.c.started_at, _GRACE))
#: the fence: these jobs are still the owner's
_OWNED = and_(jobs.c.owner == bindparam("holder", type_=Text), jobs.c.state == RUNNING)

#: the columns of a job that no worker holds
IDLE: dict[str, Any] = {"owner": None, "lease_until": None, "pack_size": None, "progress": None, "sent_at": None}


class Change:
    """An update of jobs; called, it returns their ids."""

    def __init__(self, where: ColumnElement[bool], **values: Any) -> None:
        # Postgres locks in order, so that two such updates never wait for each other.
        locked = select(jobs.c.id).where(where).order_by(jobs.c.id).with_for_update().cte("locked")
        wheres = {"sqlite": where, "postgresql": jobs.c.id.in_(select(locked.c.id))}
        self._statements = {
            dialect: RawStatement(update(jobs).where(where).values(values).returning(jobs.c.id))
            for dialect, where in wheres.items()
        }

    def __call__(self, connection: Connection, **parameters: Any) -> list[int]:
        """Run it with the parameters that its condition and values name."""
        return sorted(job for (job,) in self._statements[connection.dialect.name](connection, parameters))


def _change_of(where: ColumnElement[bool], **values: Any) -> Change:
    """Return an update of those of the jobs with the parameter `ids` that meet a condition."""
    return Change(and_(_IDS, where), **values)


#: times `max_attempts` for which a job's worker may be lost. A job that kills its worker does so every time; a fault of
#: the surroundings, such as a machine that goes away, seldom meets the same job so often.
LOSSES = 3


def _attempt_over(used_up: ColumnElement[bool], error: ColumnElement[str], traceback: Any) -> dict[str, Any]:
    """Return what ends an attempt: it splits a pack, and fails a job that was alone and has used up its attempts."""
    pack = jobs.c.pack_size > 1
    spent = and_(jobs.c.pack_size == 1, used_up)
    return IDLE | {
        "state": case((spent, JobState.FAILED.value), else_=JobState.QUEUED.value),
        "attempts": jobs.c.attempts - case((pack, 1), else_=0),
        "pack_limit": case((pack, (jobs.c.pack_size + 1) // 2), else_=jobs.c.pack_limit),
        "finished_at": case((spent, from_now())),
        "error": error,
        "traceback": traceback,
    }


RENEW = _change_of(_OWNED, lease_until=from_now(bindparam("lease")), progress=bindparam("share", type_=Double))
RELEASE = _change_of(_OWNED, state=JobState.QUEUED, attempts=jobs.c.attempts - 1, worker=None, **IDLE)
FINISH = _change_of(
    _OWNED,
    **{"state": JobState.DONE, "finished_at": from_now()},
    **dict.fromkeys(("error", "traceback", "owner", "lease_until", "progress")),
)
_REASON: ColumnElement[str] = bindparam("reason", type_=Text)
#: jobs of another version: why they go on waiting
REFUSE = _change_of(
    and_(
        jobs.c.state == QUEUED,
        jobs.c.numerics != bindparam("ours", type_=Integer),
        jobs.c.error.is_distinct_from(_REASON),
    ),
    error=_REASON,
)
#: jobs that wait: why they do
EXPLAIN = _change_of(jobs.c.state == QUEUED, error=_REASON)
MARK_SENT = _change_of(jobs.c.state == QUEUED, sent_at=from_now(), sent_first=bindparam("at_head", type_=Boolean))
_ERRED = jobs.c.attempts - jobs.c.losses >= jobs.c.max_attempts
FAIL = _change_of(_OWNED, **_attempt_over(_ERRED, _REASON, bindparam("trace", type_=Text)))

_losses = jobs.c.losses + case((jobs.c.pack_size > 1, 0), else_=1)
_DIED = {
    **_attempt_over(
        _losses >= LOSSES * jobs.c.max_attempts, "the worker " + jobs.c.worker + " died or stopped responding", ""
    ),
    "losses": _losses,
}
_LOSE_EXPIRED = Change(_EXPIRED, **_DIED)
#: seconds that such a lease still lasts; a worker that lives renews it before
_REST = 60.0
_SHORTEN = Change(
    and_(jobs.c.state == RUNNING, jobs.c.lease_until > from_now(LONGEST_LEASE)), lease_until=from_now(_REST)
)
LOSE_THESE = _change_of(_EXPIRED, **_DIED)
LOSE_WORKER = Change(and_(jobs.c.state == RUNNING, jobs.c.worker == bindparam("of_worker", type_=Text)), **_DIED)


def lose_expired(connection: Connection) -> list[int]:
    """Requeue the jobs whose lease ran out, and return those that were lost, also where the clock was set back."""
    _SHORTEN(connection)
    return _LOSE_EXPIRED(connection)


_WAITING_OF = select(jobs.c.id).where(_IDS, jobs.c.state == QUEUED).order_by(jobs.c.id)


def waiting_of(connection: Connection, ids: Collection[int]) -> list[int]:
    """Return which of the jobs wait."""
    return list(connection.execute(_WAITING_OF, {"ids": ids}).scalars()) if ids else []


def claim(connection: Connection, ids: Collection[int], *, owner: str, lease: float, numerics: int) -> list[Job]:
    """Claim the waiting jobs of this version, as the largest pack that each of them allows."""
    return _jobs(connection, _CLAIM_THESE, {"ids": ids, "of_numerics": numerics}, owner, lease)


def claim_some(connection: Connection, scope: Scope, choice: Choice, *, owner: str, lease: float) -> list[Job]:
    """Claim the jobs of a choice; jobs that another transaction has locked are skipped."""
    return _jobs(connection, _claim_some(scope.where), scope.parameters | choice.parameters, owner, lease)


def _jobs(
    connection: Connection, statement: RawStatement, parameters: dict[str, Any], owner: str, lease: float
) -> list[Job]:
    claim = {"holder": owner, "of_worker": worker_of(owner), "lease": lease}
    rows = statement(connection, parameters | claim)
    return sorted((Job(**dict(zip(_CLAIMED, row, strict=True))) for row in rows), key=lambda job: job.id)


def _claiming(free: Select[Any]) -> RawStatement:
    """Return the one statement that claims: no more of the free jobs than each of them allows, largest packs first."""
    rows = free.cte("free")
    place = func.row_number().over(order_by=(rows.c.pack_limit.desc(), rows.c.id))
    placed = select(rows.c.id, rows.c.pack_limit, place.label("place")).cte("placed")
    size = func.count().over().label("size")
    pack = select(placed.c.id, size).where(placed.c.place <= placed.c.pack_limit).cte("pack")
    return _taking(jobs.c.id == pack.c.id, cast(pack.c.size, Integer))


def _taking(which: ColumnElement[bool], size: ColumnElement[int]) -> RawStatement:
    return RawStatement(
        update(jobs)
        .where(which)
        .values(
            state=JobState.RUNNING,
            owner=bindparam("holder", type_=Text),
            worker=bindparam("of_worker", type_=Text),
            lease_until=from_now(bindparam("lease")),
            started_at=from_now(),
            attempts=jobs.c.attempts + 1,
            pack_size=size,
            progress=None,
        )
        .returning(*(_FROM_CONFIGURATION[name] if name in _FROM_CONFIGURATION else jobs.c[name] for name in _CLAIMED))
    )


#: the columns of a job that a worker receives
_CLAIMED = [field.name for field in fields(Job)]
_MINE = configurations.c.id == jobs.c.configuration_id
_FROM_CONFIGURATION = {
    "params": select(cast(configurations.c.params, Text)).where(_MINE).correlate(jobs).scalar_subquery(),
    "series_hash": select(configurations.c.series_hash).where(_MINE).correlate(jobs).scalar_subquery(),
}
_FREE = select(jobs.c.id, jobs.c.pack_limit)
#: Locked jobs are waited for: they may only be about to be marked as sent.
_OURS = and_(jobs.c.state == QUEUED, jobs.c.numerics == bindparam("of_numerics"))
_CLAIM_THESE = _claiming(_FREE.where(_IDS, _OURS).order_by(jobs.c.id).with_for_update())


@cache
def _claim_some(allowed: ColumnElement[bool]) -> RawStatement:
    some = _FREE.where(same_pack(allowed)).order_by(*ORDER).limit(bindparam("most"))
    return _claiming(some.with_for_update(skip_locked=True))
