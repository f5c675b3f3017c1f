"""Inserting jobs, looking them up by key, and queueing ended ones again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, select, text

from store.database.dialects import among, insert_rows
from store.database.ids import next_id
from store.database.tables import jobs
from store.delivery.packs import is_whole
from store.jobs.transitions import IDLE, Change
from store.records import Experiment, JobState, NewExperiment, NewJob

_IDENTITY = ("id", "key", "generation", "configuration_id", "repeat", "seed", "program", "numerics", "queue")
_CLAIMS = ("state", "attempts", "max_attempts", "max_pack", "pack_limit", "keeps_weights")

#: So many new jobs make the planners' statistics wrong: they would read all waiting jobs to claim one.
ANALYZE_FROM = 500


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an experiment's jobs are delivered: settings that do not affect their numbers."""

    queue: str
    max_attempts: int
    #: most jobs of a pack; None leaves it to the jobs
    pack: int | None
    #: whether results have the weights of their models
    keeps_weights: bool

    @classmethod
    def of(cls, experiment: NewExperiment | Experiment) -> Delivery:
        """Return that of an experiment."""
        return cls(experiment.queue, experiment.max_attempts, experiment.pack, experiment.keeps_weights)


def job_ids(connection: Connection, keys: Collection[str], *, with_weights: bool = False) -> dict[str, int]:
    """Return the id of the job with each key that has one; of several generations the newest.

    Args:
        connection: of the store.
        keys: of the jobs.
        with_weights: whether to find those alone that keep the weights of their models.
    """
    found = select(jobs.c.key, jobs.c.id).where(among(jobs.c.key, keys)).order_by(jobs.c.generation)
    found = found.where(jobs.c.keeps_weights) if with_weights else found
    return {row.key: row.id for row in connection.execute(found)}


def next_generation(connection: Connection, keys: Collection[str]) -> int:
    """Return the first generation in which none of these keys has a job."""
    highest = connection.execute(select(func.max(jobs.c.generation)).where(among(jobs.c.key, keys))).scalar()
    return 0 if highest is None else int(highest) + 1


def insert_jobs(
    connection: Connection, wanted: Iterable[tuple[int, NewJob]], delivery: Delivery, *, generation: int = 0
) -> dict[str, int]:
    """Insert jobs and return their ids by key. Two configurations may share a repeat, which is inserted once.

    Submissions take turns, so the ids are assigned here: asking the database for 100,000 of them takes longer.

    Args:
        connection: of a transaction in which no other one inserts jobs.
        wanted: jobs with the id of their configuration.
        delivery: how they are sent.
        generation: of all of them.
    """
    from store.schema import configuration  # which loads pydantic

    rows: dict[str, tuple[int | str, ...]] = {}
    first = next_id(connection, jobs)
    for configuration_id, job in wanted:
        if job.key not in rows:
            identity = (first + len(rows), job.key, generation, configuration_id, job.repeat, job.seed, job.program)
            rows[job.key] = (*identity, configuration.NUMERICS, delivery.queue, *_unclaimed(job, delivery))
    insert_rows(connection, jobs, _IDENTITY + _CLAIMS, list(rows.values()))
    return {key: int(row[0]) for key, row in rows.items()}


def _unclaimed(job: NewJob, delivery: Delivery) -> tuple[int | str, ...]:
    limit = None if is_whole(job.program) else delivery.pack  # what it is for, their jobs count in
    most = min(job.max_pack, limit or job.max_pack)
    return (JobState.QUEUED.value, 0, delivery.max_attempts, most, most, delivery.keeps_weights)


def queue_again(connection: Connection, ids: Sequence[int], delivery: Delivery | None = None) -> list[int]:
    """Queue those of the jobs that failed or were cancelled, with all attempts, and return their ids.

    Args:
        connection: of a transaction that writes.
        ids: the jobs.
        delivery: how they are sent from now on; None leaves it as it was.
    """
    values = {"queue": delivery.queue, "max_attempts": delivery.max_attempts} if delivery else {}
    ended = and_(among(jobs.c.id, ids), among(jobs.c.state, [JobState.FAILED, JobState.CANCELLED]))
    change = Change(
        ended,
        state=JobState.QUEUED,
        attempts=0,
        losses=0,
        pack_limit=jobs.c.max_pack,
        finished_at=None,
        **IDLE,
        **values,
    )
    return change(connection)


def analyze_after(connection: Connection, inserted: int) -> None:
    """Refresh the planner's statistics of jobs where so many were inserted that they are out of date."""
    if inserted >= ANALYZE_FROM:
        for table in ("jobs", "experiment_jobs"):
            connection.execute(text(f"ANALYZE {table}"))
