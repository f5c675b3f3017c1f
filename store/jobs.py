"""The jobs of a store: claimed under a lease, renewed, handed back, failed, tried again.

A claim has an owner of its own, which is the fencing token: whoever is not the owner any more changes nothing. All
leases are measured by the database's clock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Text, and_, case, cast, func, literal, or_, select, update

from store import choice, submission
from store.dialects import among, from_now
from store.records import Failure, Job, JobState, Waiting
from store.tables import configurations, experiment_jobs, jobs

if TYPE_CHECKING:
    from store.engine import Store

#: what a job is that nobody holds
IDLE: dict[str, Any] = {"owner": None, "lease_until": None, "pack_size": None, "sent_at": None}
#: how often `claim_next` looks again when others were faster
_TRIES = 5


class Jobs:
    """The jobs of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def claim(self, ids: Collection[int], *, owner: str, lease: float) -> list[Job]:
        """Take those of the jobs that wait, or whose lease ran out, by one statement; each goes to one caller.

        Never more than the smallest `pack_limit` of those taken: the others go on waiting.

        Args:
            ids: the jobs of one message.
            owner: unique to this claim: `host:pid:uuid`.
            lease: seconds until others may take the jobs, unless it is renewed.

        Returns:
            The jobs that are now the owner's, by id.
        """
        with self._store.write() as connection:
            _lose(connection, and_(among(jobs.c.id, ids), _expired()))
            return _claim(connection, among(jobs.c.id, ids), owner=owner, lease=lease)

    def claim_next(
        self,
        *,
        owner: str,
        lease: float,
        workers: int,
        experiments: Sequence[int] | None = None,
        queue: str | None = None,
    ) -> list[Job]:
        """Take a pack of waiting jobs of one program, so that `workers` like this one share what waits.

        A program that nobody is running goes first, then the oldest. Workers that would have nothing to do get a share
        of it.

        Args:
            owner: unique to this claim: `host:pid:uuid`.
            lease: seconds until others may take the jobs, unless it is renewed.
            workers: how many there are in all.
            experiments: ids to take jobs of; None means any.
            queue: to take jobs of; None means any.

        Returns:
            The jobs that are now the owner's; none when none waits.
        """
        scope = choice.scope(experiments, queue)
        for _ in range(_TRIES):
            with self._store.write() as connection:
                _lose(connection, _expired())
                chosen = choice.choose(connection, scope, workers)
                if chosen is None:
                    return []
                pack = and_(scope, jobs.c.program == chosen.program, jobs.c.pack_limit >= chosen.pack_limit)
                taken = _claim(connection, pack, owner=owner, lease=lease, most=chosen.count)
                if taken:
                    return taken
        return []

    def renew(self, ids: Collection[int], *, owner: str, lease: float) -> set[int]:
        """Keep a claim for `lease` seconds from now, and return the jobs that are still the owner's."""
        with self._store.write() as connection:
            return set(change(connection, owned(ids, owner), lease_until=from_now(lease)))

    def release(self, ids: Collection[int], *, owner: str) -> list[int]:
        """Hand jobs back as if they had never been claimed, and return which were the owner's."""
        with self._store.write() as connection:
            return change(
                connection, owned(ids, owner), state=JobState.QUEUED, attempts=jobs.c.attempts - 1, worker=None, **IDLE
            )

    def release_worker(self, prefix: str) -> list[int]:
        """Take all jobs from a worker that is dead, without waiting for its leases.

        Args:
            prefix: what its owners begin with: `host:pid:`.

        Returns:
            The jobs that wait again; one that was alone on its last attempt has failed.
        """
        with self._store.write() as connection:
            running = jobs.c.state == choice.RUNNING
            return _lose(connection, and_(running, jobs.c.owner.startswith(prefix, autoescape=True)))

    def fail(self, ids: Collection[int], *, owner: str, error: str, traceback: str) -> list[int]:
        """Record that a pack failed. Several jobs are split and none is blamed; one alone has used up an attempt.

        Returns:
            The jobs that wait again; the others failed for good, or were not the owner's.
        """
        with self._store.write() as connection:
            return _give_up(connection, owned(ids, owner), literal(error, Text), traceback)

    def expire(self) -> list[int]:
        """Take jobs from workers whose lease ran out, and return the jobs that wait again."""
        with self._store.write() as connection:
            return _lose(connection, _expired())

    def waiting(
        self, experiment_id: int | None = None, *, unsent_for: float | None = None, ids: Collection[int] | None = None
    ) -> list[Waiting]:
        """Return the queued jobs, by id.

        Args:
            experiment_id: only those of one experiment.
            unsent_for: only those that were not sent in the last so many seconds.
            ids: only these.
        """
        where = [jobs.c.state == choice.QUEUED, choice.scope(None if experiment_id is None else [experiment_id], None)]
        if unsent_for is not None:
            where.append(or_(jobs.c.sent_at.is_(None), jobs.c.sent_at <= from_now(-unsent_for)))
        if ids is not None:
            where.append(among(jobs.c.id, ids))
        columns = (jobs.c.id, jobs.c.program, jobs.c.queue, jobs.c.pack_limit)
        with self._store.read() as connection:
            rows = connection.execute(select(*columns).where(*where).order_by(jobs.c.id)).all()
        return [Waiting(id=row.id, program=row.program, queue=row.queue, pack_limit=row.pack_limit) for row in rows]

    def mark_sent(self, ids: Collection[int]) -> None:
        """Note that messages for these jobs were sent just now; those already claimed are left alone."""
        with self._store.write() as connection:
            change(connection, and_(among(jobs.c.id, ids), jobs.c.state == JobState.QUEUED), sent_at=from_now())

    def unfinished(self, experiments: Sequence[int]) -> int:
        """Count the jobs of these experiments that are queued or running."""
        open_ = jobs.c.state.in_([choice.QUEUED, choice.RUNNING])
        with self._store.read() as connection:
            count = select(func.count()).select_from(jobs).where(open_, choice.scope(experiments, None))
            return connection.execute(count).scalar_one()

    def known(self, keys: Collection[str]) -> set[str]:
        """Return which of these keys have a job already, so that a submission would share it."""
        with self._store.read() as connection:
            return set(submission.job_ids(connection, keys))

    def failures(self, experiment_id: int) -> list[Failure]:
        """Return the failed jobs of an experiment and why they failed, in the order of the grid."""
        columns = (
            jobs.c.id,
            configurations.c.label,
            experiment_jobs.c.repeat,
            *jobs.c["attempts", "worker", "error", "traceback"],
        )
        failed = (
            select(*columns)
            .join(experiment_jobs, experiment_jobs.c.job_id == jobs.c.id)
            .join(configurations, configurations.c.id == experiment_jobs.c.configuration_id)
            .where(experiment_jobs.c.experiment_id == experiment_id, jobs.c.state == JobState.FAILED)
            .order_by(configurations.c.position, experiment_jobs.c.repeat)
        )
        with self._store.read() as connection:
            return [
                Failure(
                    job_id=row.id,
                    label=row.label,
                    repeat=row.repeat,
                    attempts=row.attempts,
                    worker=row.worker or "",
                    error=row.error or "",
                    traceback=row.traceback or "",
                )
                for row in connection.execute(failed)
            ]


def owned(ids: Collection[int], owner: str) -> ColumnElement[bool]:
    """Say which of the jobs are still the owner's: the fence."""
    return and_(among(jobs.c.id, ids), jobs.c.owner == owner, jobs.c.state == choice.RUNNING)


def _expired() -> ColumnElement[bool]:
    return and_(jobs.c.state == choice.RUNNING, jobs.c.lease_until < from_now())


def change(connection: Connection, where: ColumnElement[bool], **values: Any) -> list[int]:
    """Update jobs and return their ids. Locking them in order keeps two such updates from waiting for each other."""
    locked = select(jobs.c.id).where(where).order_by(jobs.c.id).with_for_update().cte("locked")
    change = update(jobs).where(jobs.c.id.in_(select(locked.c.id))).values(values).returning(jobs.c.id)
    return sorted(connection.execute(change).scalars())


def _claim(
    connection: Connection, where: ColumnElement[bool], *, owner: str, lease: float, most: int | None = None
) -> list[Job]:
    """Give queued jobs an owner: the largest pack that each of them allows.

    With `most` any so many will do, and those that another transaction holds are passed over; else they are waited for,
    since they may only be about to be marked as sent.
    """
    free = (
        select(jobs.c.id, jobs.c.pack_limit)
        .where(where, jobs.c.state == choice.QUEUED)
        .order_by(jobs.c.id)
        .limit(most)
        .with_for_update(skip_locked=most is not None)
        .cte("free")
    )
    place = func.row_number().over(order_by=(free.c.pack_limit.desc(), free.c.id))
    placed = select(free.c.id, free.c.pack_limit, place.label("place")).cte("placed")
    pack = (
        select(placed.c.id, func.count().over().label("size")).where(placed.c.place <= placed.c.pack_limit).cte("pack")
    )
    claim = (
        update(jobs)
        .where(jobs.c.id == pack.c.id)
        .values(
            state=JobState.RUNNING,
            owner=owner,
            worker=owner.rpartition(":")[0] or owner,
            lease_until=from_now(lease),
            started_at=from_now(),
            attempts=jobs.c.attempts + 1,
            pack_size=pack.c.size,
        )
        .returning(jobs.c.id)
    )
    return _read(connection, list(connection.execute(claim).scalars()))


def _read(connection: Connection, ids: Collection[int]) -> list[Job]:
    if not ids:
        return []
    names = ("id", "repeat", "seed", "program", "queue", "attempts", "max_attempts")
    params = (cast(configurations.c.params, Text).label("params"), configurations.c.series_hash)
    rows = select(*jobs.c[names], *params).join(configurations).where(among(jobs.c.id, ids)).order_by(jobs.c.id)
    return [Job(**row._mapping) for row in connection.execute(rows)]


def _lose(connection: Connection, where: ColumnElement[bool]) -> list[int]:
    """Take jobs from a worker that died or fell silent."""
    return _give_up(connection, where, "the worker " + jobs.c.worker + " died or fell silent", "")


def _give_up(
    connection: Connection, where: ColumnElement[bool], error: ColumnElement[str], traceback: str
) -> list[int]:
    """End an attempt: split a pack, blame a job that was alone, and return the jobs that wait again."""
    pack = jobs.c.pack_size > 1
    spent = and_(~pack, jobs.c.attempts >= jobs.c.max_attempts)
    ended = change(
        connection,
        where,
        state=case((spent, JobState.FAILED.value), else_=JobState.QUEUED.value),
        attempts=jobs.c.attempts - case((pack, 1), else_=0),
        pack_limit=case((pack, (jobs.c.pack_size + 1) // 2), else_=jobs.c.pack_limit),
        finished_at=case((spent, from_now())),
        error=error,
        traceback=traceback,
        **IDLE,
    )
    if not ended:
        return []
    again = select(jobs.c.id).where(among(jobs.c.id, ended), jobs.c.state == choice.QUEUED).order_by(jobs.c.id)
    return list(connection.execute(again).scalars())
