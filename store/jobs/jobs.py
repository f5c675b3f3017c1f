"""The jobs of a store: claimed under a lease, renewed, handed back, failed, tried again.

A claim has an owner of its own, which is the fencing token: whoever is not the owner any more changes nothing. All
leases are measured by the database's clock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, func, or_, select

from store.database.dialects import among, from_now, later
from store.database.tables import configurations, experiment_jobs, jobs
from store.errors import StoreVersionError
from store.jobs import transitions
from store.jobs.missing_kinds import check_kinds, leave, why_not
from store.jobs.new_jobs import job_ids
from store.jobs.next_pack import Scope, choose
from store.jobs.numerics_version import another_version, check_version, numerics
from store.jobs.states import QUEUED, RUNNING
from store.records import Failure, Job, JobState, Waiting

if TYPE_CHECKING:
    from store.database.database import Database

#: how often `claim_next` tries again when others were faster
_TRIES = 5


class Jobs:
    """The jobs of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, ids: Collection[int], *, owner: str, lease: float) -> list[Job]:
        """Claim those of the jobs that are waiting, in one statement; each goes to one caller.

        Where none waits, those whose lease ran out are taken. Never more than the smallest `pack_limit` of those taken:
        the others go on waiting.

        Args:
            ids: the jobs of one message.
            owner: a name for this claim alone (`new_owner`).
            lease: seconds until others may take the jobs, unless it is renewed.

        Returns:
            The jobs that are now the owner's, by id.

        Raises:
            StoreVersionError: those that wait were made by another version of the numerics, or have models of a kind
                that this installation does not have; they go on waiting, and `waiting_errors` has the reason.
        """
        take = partial(transitions.claim, ids=ids, owner=owner, lease=lease, numerics=numerics())
        with self._database.single() as connection:
            taken = take(connection)
        if taken:  # as nearly always
            return self._trainable(taken, owner)
        with self._database.write() as connection:
            lost = transitions.LOSE_THESE(connection, ids=ids)
            taken = take(connection) if lost else []
        if not taken:
            self._refuse(ids)
        return self._trainable(taken, owner)

    def _trainable(self, taken: list[Job], owner: str) -> list[Job]:
        """Return claimed jobs; hand them back, with the reason, and raise it where their kind of model is not here."""
        if reason := why_not(taken):
            with self._database.write() as connection:
                leave(connection, taken, owner=owner, reason=reason)
            raise StoreVersionError(reason)
        return taken

    def _refuse(self, ids: Collection[int]) -> None:
        """Record the reason with the jobs of another version, for whoever waits for them, and raise it."""
        try:
            with self._database.read() as connection:
                check_version(connection, among(jobs.c.id, ids))
        except StoreVersionError as problem:
            with self._database.single() as connection:
                transitions.REFUSE(connection, ids=ids, ours=numerics(), reason=str(problem))
            raise

    def claim_next(
        self,
        *,
        owner: str,
        lease: float,
        workers: int,
        experiments: Sequence[int] | None = None,
        queue: str | None = None,
    ) -> list[Job]:
        """Claim a pack of waiting jobs of one program, sized so that `workers` like this one share what waits.

        A program that nobody is running goes first, then the oldest. Workers that would have nothing to do get a share
        of it. When nothing waits, jobs whose lease ran out are looked for.

        Args:
            owner: a name for this claim alone (`new_owner`).
            lease: seconds until others may take the jobs, unless it is renewed.
            workers: how many there are in all.
            experiments: ids to take jobs of; None means any.
            queue: to take jobs of; None means any.

        Returns:
            The jobs that are now the owner's; none when none waits.

        Raises:
            StoreVersionError: those that come next were made by another version of the numerics, or have models of a
                kind that this installation does not have; they go on waiting.
        """
        scope = Scope(experiments, queue)
        for _ in range(_TRIES):
            with self._database.write() as connection:
                chosen = choose(connection, scope, workers)
                if chosen is None:
                    if transitions.lose_expired(connection):
                        continue
                    return []
                if chosen.numerics != numerics():
                    raise another_version(chosen.numerics)
                taken = transitions.claim_some(connection, scope, chosen, owner=owner, lease=lease)
            if taken:
                return self._trainable(taken, owner)
        return []

    def renew(self, ids: Collection[int], *, owner: str, lease: float, progress: float | None = None) -> set[int]:
        """Extend a claim to `lease` seconds from now, and return the jobs that are still the owner's.

        Args:
            ids: the jobs.
            owner: of the claim.
            lease: seconds until others may take the jobs.
            progress: the share of them that is trained, from 0 to 1, to be shown; None where nobody knows.
        """
        with self._database.single() as connection:
            return set(transitions.RENEW(connection, ids=ids, holder=owner, lease=lease, share=progress))

    def release(self, ids: Collection[int], *, owner: str) -> list[int]:
        """Return jobs to the queue as if they had never been claimed; the result lists those that were the owner's."""
        with self._database.single() as connection:
            return transitions.RELEASE(connection, ids=ids, holder=owner)

    def release_worker(self, worker: str) -> list[int]:
        """Requeue all jobs of a dead worker without waiting for its leases.

        Args:
            worker: its name (`worker_name`).

        Returns:
            The jobs that wait again; one that was alone and has lost too many workers has failed.
        """
        with self._database.write() as connection:
            return transitions.waiting_of(connection, transitions.LOSE_WORKER(connection, of_worker=worker))

    def fail(self, ids: Collection[int], *, owner: str, error: str, traceback: str) -> list[int]:
        """Record that a pack failed. Several jobs are split and none is blamed; one alone has used up an attempt.

        Returns:
            The jobs that wait again; the others failed for good, or were not the owner's.
        """
        with self._database.write() as connection:
            ended = transitions.FAIL(connection, ids=ids, holder=owner, reason=error, trace=traceback)
            return transitions.waiting_of(connection, ended)

    def expire(self) -> list[int]:
        """Requeue the jobs whose lease ran out, and return those that wait again."""
        with self._database.write() as connection:
            return transitions.waiting_of(connection, transitions.lose_expired(connection))

    def waiting(
        self,
        experiment_id: int | None = None,
        *,
        unsent_for: float | None = None,
        queues: Collection[str] | None = None,
        ids: Collection[int] | None = None,
    ) -> list[Waiting]:
        """Return the queued jobs, by id.

        Args:
            experiment_id: only those of one experiment.
            unsent_for: only those that were not sent in the last so many seconds.
            queues: only those of these.
            ids: only these.
        """
        scope = Scope(None if experiment_id is None else [experiment_id])
        where = [scope.where]
        if unsent_for is not None:
            went_back = jobs.c.sent_at > from_now(60.0)  # the clock: two machines differ by less
            long_ago = or_(jobs.c.sent_at <= from_now(-unsent_for), went_back)
            where.append(or_(jobs.c.sent_at.is_(None), long_ago))
        if queues is not None:
            where.append(among(jobs.c.queue, queues))
        if ids is not None:
            where.append(among(jobs.c.id, ids))
        return self._waiting(where, scope.parameters)

    def overtaken(self, seconds: float) -> list[Waiting]:
        """Return the queued jobs, by id, that were sent so much earlier than one of their queue that runs already.

        A queue is served in order: their messages are taken to be lost. A second one does no harm. Those that went to
        the head of the queue are lost if another job was started so much later than they were sent.
        """
        runs = jobs.alias("runs")
        latest = (func.max(runs.c[name]).label(name) for name in ("sent_at", "started_at"))
        in_order = select(runs.c.queue, *latest).where(runs.c.state == RUNNING, runs.c.sent_first.is_(False))
        last = in_order.group_by(runs.c.queue).subquery()
        passed = case((jobs.c.sent_first, last.c.started_at), else_=last.c.sent_at)
        return self._waiting([jobs.c.queue == last.c.queue, jobs.c.sent_at < later(passed, -seconds)], {})

    def _waiting(self, where: Sequence[ColumnElement[bool]], parameters: dict[str, Any]) -> list[Waiting]:
        columns = jobs.c["id", "program", "queue", "pack_limit"]
        statement = select(*columns).where(jobs.c.state == QUEUED, *where).order_by(jobs.c.id)
        with self._database.read() as connection:
            rows = connection.execute(statement, parameters)
            return [Waiting(id=id_, program=name, queue=queue, pack_limit=limit) for id_, name, queue, limit in rows]

    def queues(self, experiments: Sequence[int] | None = None) -> list[str]:
        """Return the queues for which jobs wait, of these experiments or of all, by name."""
        scope = Scope(experiments)
        names = select(jobs.c.queue).where(jobs.c.state == QUEUED, scope.where).distinct()
        with self._database.read() as connection:
            return sorted(connection.execute(names, scope.parameters).scalars())

    def running(self, queues: Collection[str]) -> int:
        """Count the jobs that are running, of any experiment, of these queues."""
        count = select(func.count()).select_from(jobs).where(jobs.c.state == RUNNING, among(jobs.c.queue, queues))
        with self._database.read() as connection:
            return connection.execute(count).scalar_one()

    def mark_sent(self, ids: Collection[int], *, first: bool = False) -> None:
        """Record that messages for these jobs were sent just now, to the head of their queue if `first`."""
        with self._database.single() as connection:
            transitions.MARK_SENT(connection, ids=ids, at_head=first)

    def check_version(self, experiments: Sequence[int] | None = None) -> None:
        """Check that this version may train what waits of these experiments, or of all.

        Raises:
            StoreVersionError: jobs were made by another version of the numerics, and would get other numbers, or have
                models of a kind that this installation does not have.
        """
        scope = Scope(experiments)
        with self._database.read() as connection:
            check_version(connection, scope.where, **scope.parameters)
            check_kinds(connection, scope.where, **scope.parameters)

    def unfinished(self, experiments: Sequence[int]) -> int:
        """Count the jobs of these experiments that are queued or running."""
        scope = Scope(experiments)
        count = select(func.count()).select_from(jobs).where(jobs.c.state.in_([QUEUED, RUNNING]), scope.where)
        with self._database.read() as connection:
            return connection.execute(count, scope.parameters).scalar_one()

    def known(self, keys: Collection[str], *, with_weights: bool = False) -> set[str]:
        """Return which of these keys have a job (one that keeps weights) that a submission would share."""
        with self._database.read() as connection:
            return set(job_ids(connection, keys, with_weights=with_weights))

    def waiting_errors(self, experiments: Sequence[int]) -> list[str]:
        """Return why waiting jobs were refused or failed before, each reason once, the most frequent first."""
        scope = Scope(experiments)
        count = func.count()
        reasons = select(jobs.c.error).where(jobs.c.state == QUEUED, jobs.c.error.is_not(None), scope.where)
        with self._database.read() as connection:
            return list(
                connection.execute(
                    reasons.group_by(jobs.c.error).order_by(count.desc(), jobs.c.error), scope.parameters
                ).scalars()
            )

    def failures(self, experiment_id: int) -> list[Failure]:
        """Return the failed jobs of an experiment and why they failed, in the order of the grid."""
        reason = jobs.c["attempts", "worker", "error", "traceback"]
        columns = (jobs.c.id, configurations.c.label, experiment_jobs.c.repeat, *reason)
        failed = (
            select(*columns)
            .join(experiment_jobs, experiment_jobs.c.job_id == jobs.c.id)
            .join(configurations, configurations.c.id == experiment_jobs.c.configuration_id)
            .where(configurations.c.experiment_id == experiment_id, jobs.c.state == JobState.FAILED)
            .order_by(configurations.c.position, experiment_jobs.c.repeat)
        )
        with self._database.read() as connection:
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
