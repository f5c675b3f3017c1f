"""Writing a new experiment: its configurations, the jobs that are new, and the ones that are there and shared."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, insert, select, text, update

from store.database.dialects import among, from_now, insert_rows
from store.database.tables import configurations, experiment_jobs, experiments, jobs, series
from store.errors import NotFound, StoreError
from store.jobs.transitions import IDLE, Change
from store.records import Experiment, ExperimentState, JobState, NewConfiguration, NewExperiment, NewJob

#: any number that no one else locks
_LOCK = 7_316_402_052
_PLAIN = ("description", "grid_text", "grid_file", "repeats", "seed", "queue", "pack", "max_attempts", "git_commit")
_IDENTITY = ("id", "key", "generation", "configuration_id", "repeat", "seed", "program", "numerics", "queue")
_CLAIMS = ("state", "attempts", "max_attempts", "max_pack", "pack_limit")
#: so many new jobs are not left to Postgres' own time of taking statistics
ANALYZE_FROM = 1000


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a submission."""

    id: int
    new: int
    reused: int
    created: bool


def write(connection: Connection, new: NewExperiment, *, fresh: bool) -> Written:
    """Write an experiment, or find the same one; jobs that are there are shared, unless `fresh`.

    Raises:
        StoreError: a series that it needs is not in the store.
    """
    _take_turns(connection)
    _require_series(connection, new)
    digest = digest_of(new)
    known = {} if fresh else _known(connection, new)
    same = None if fresh else _same(connection, new.name, digest)
    if same is not None:
        requeue(connection, sorted(known.values()), new)
        if unfinished(connection, same):
            reopen(connection, [same])
        return Written(same, 0, len(known), created=False)
    experiment_id = _insert_experiment(connection, new, digest)
    ids = _insert_configurations(connection, experiment_id, new)
    wanted = [(ids[position], job) for position, _, job in _each(new)]
    added = _insert_jobs(connection, new, wanted, known, generation=_generation(connection, new) if fresh else 0)
    requeue(connection, sorted(known.values()), new)
    _use(connection, experiment_id, wanted, known | added)
    if connection.dialect.name == "postgresql" and len(added) > ANALYZE_FROM:
        connection.execute(text("ANALYZE jobs, experiment_jobs"))
    return Written(experiment_id, len(added), len(known), created=True)


def extend(connection: Connection, experiment: Experiment, jobs: Mapping[str, Sequence[NewJob]]) -> Written:
    """Add repeats to configurations of an experiment; those that are there are left alone, known jobs are shared.

    Raises:
        NotFound: the experiment has no such configuration.
    """
    _take_turns(connection)
    mine = select(configurations.c.label, configurations.c.id).where(configurations.c.experiment_id == experiment.id)
    ids = {row.label: row.id for row in connection.execute(mine)}
    if unknown := sorted(set(jobs) - set(ids)):
        raise NotFound(f"Experiment {experiment.name!r} has no configuration {', '.join(unknown)}.")
    used = select(experiment_jobs.c.configuration_id, experiment_jobs.c.repeat)
    mine_used = used.where(among(experiment_jobs.c.configuration_id, ids.values()))
    there = {tuple(row) for row in connection.execute(mine_used)}
    wanted = [
        (ids[label], job) for label, more in jobs.items() for job in more if (ids[label], job.repeat) not in there
    ]
    if not wanted:
        return Written(experiment.id, 0, 0, created=False)
    known = job_ids(connection, {job.key for _, job in wanted})
    added = _insert_jobs(connection, experiment, wanted, known, generation=0)
    requeue(connection, sorted(known.values()), experiment)
    _use(connection, experiment.id, wanted, known | added)
    reopen(connection, [experiment.id])
    return Written(experiment.id, len(added), len(known), created=False)


def _take_turns(connection: Connection) -> None:
    """Let one submission in at a time, as on SQLite: two with the same keys would collide half-way."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def digest_of(new: NewExperiment) -> str:
    """Return what two experiments with the same configurations and jobs have in common."""
    content = [[one.label, one.series_hash, sorted(job.key for job in one.jobs)] for one in new.configurations]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def requeue(connection: Connection, ids: Sequence[int], new: NewExperiment | Experiment | None = None) -> list[int]:
    """Let failed and cancelled jobs start over, and return their ids; what `new` says of queue and pack counts now."""
    values = {"queue": new.queue, "max_attempts": new.max_attempts} if new else {}
    ended = and_(among(jobs.c.id, ids), among(jobs.c.state, [JobState.FAILED, JobState.CANCELLED]))
    again = Change(
        ended, state=JobState.QUEUED, attempts=0, pack_limit=jobs.c.max_pack, finished_at=None, **IDLE, **values
    )
    queued = again(connection)
    if queued:  # another experiment that has them is not done any more, either
        shared = select(experiment_jobs.c.experiment_id).where(among(experiment_jobs.c.job_id, queued))
        done = select(experiments.c.id).where(experiments.c.id.in_(shared), experiments.c.state == ExperimentState.DONE)
        reopen(connection, list(connection.execute(done).scalars()))
    return queued


def reopen(connection: Connection, ids: Sequence[int]) -> None:
    """Let experiments run again, to be summarised anew."""
    running = {"state": ExperimentState.RUNNING, "finished_at": None, "summarised_at": None}
    connection.execute(update(experiments).where(among(experiments.c.id, ids)).values(running))


def _each(new: NewExperiment) -> Iterator[tuple[int, NewConfiguration, NewJob]]:
    for position, configuration in enumerate(new.configurations):
        for job in configuration.jobs:
            yield position, configuration, job


def _require_series(connection: Connection, new: NewExperiment) -> None:
    wanted = {configuration.series_hash for configuration in new.configurations}
    there = set(connection.execute(select(series.c.content_hash).where(among(series.c.content_hash, wanted))).scalars())
    if wanted - there:
        missing = ", ".join(sorted(wanted - there))
        raise StoreError(
            f"Experiment {new.name!r} needs series that are not in the store: {missing}. Put them there first."
        )


def _known(connection: Connection, new: NewExperiment) -> dict[str, int]:
    return job_ids(connection, {job.key for _, _, job in _each(new)})


def job_ids(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    """Return the job of each key that is there; the newest where there are several."""
    found = select(jobs.c.key, jobs.c.id).where(among(jobs.c.key, keys)).order_by(jobs.c.generation)
    return {row.key: row.id for row in connection.execute(found)}


def _generation(connection: Connection, new: NewExperiment) -> int:
    keys = {job.key for _, _, job in _each(new)}
    highest = connection.execute(select(func.max(jobs.c.generation)).where(among(jobs.c.key, keys))).scalar()
    return 0 if highest is None else int(highest) + 1


def _same(connection: Connection, name: str, digest: str) -> int | None:
    same = select(func.max(experiments.c.id)).where(experiments.c.base_name == name, experiments.c.digest == digest)
    return connection.execute(same).scalar()


def unfinished(connection: Connection, experiment_id: int) -> bool:
    """Return whether an experiment has a job that is queued or running."""
    waiting = (
        select(jobs.c.id)
        .join(experiment_jobs, experiment_jobs.c.job_id == jobs.c.id)
        .join(configurations, configurations.c.id == experiment_jobs.c.configuration_id)
        .where(configurations.c.experiment_id == experiment_id)
        .where(jobs.c.state.in_([JobState.QUEUED, JobState.RUNNING]))
    )
    return connection.execute(waiting.limit(1)).first() is not None


def destined(connection: Connection, new: NewExperiment) -> tuple[str, bool]:
    """Return the name that `write` would give an experiment, and whether that is one that is there."""
    same = _same(connection, new.name, digest_of(new))
    if same is None:
        return _free_name(connection, new.name), False
    return str(connection.execute(select(experiments.c.name).where(experiments.c.id == same)).scalar_one()), True


def _free_name(connection: Connection, wanted: str) -> str:
    near = select(experiments.c.name).where(experiments.c.name.startswith(wanted, autoescape=True))
    taken = set(connection.execute(near).scalars())
    names = itertools.chain([wanted], (f"{wanted}-{number}" for number in itertools.count(2)))
    return next(name for name in names if name not in taken)


def _insert_experiment(connection: Connection, new: NewExperiment, digest: str) -> int:
    row = {name: getattr(new, name) for name in _PLAIN}
    row |= {"name": _free_name(connection, new.name), "base_name": new.name, "digest": digest}
    row |= {"state": ExperimentState.RUNNING, "created_at": from_now()}
    return int(connection.execute(insert(experiments).values(row).returning(experiments.c.id)).scalar_one())


def _insert_configurations(connection: Connection, experiment_id: int, new: NewExperiment) -> list[int]:
    """Write the configurations and return their ids in the order of the grid."""
    insert_rows(
        connection,
        configurations,
        ("experiment_id", "position", "label", "axes", "params", "series_hash"),
        [
            (experiment_id, position, one.label, json.dumps(dict(one.axes)), one.params, one.series_hash)
            for position, one in enumerate(new.configurations)
        ],
    )
    ids = select(configurations.c.id).where(configurations.c.experiment_id == experiment_id)
    return list(connection.execute(ids.order_by(configurations.c.position)).scalars())


def _insert_jobs(
    connection: Connection,
    new: NewExperiment | Experiment,
    wanted: Sequence[tuple[int, NewJob]],
    known: Mapping[str, int],
    *,
    generation: int,
) -> dict[str, int]:
    """Write the jobs whose key is not known and return their ids. Two configurations may mean the same repeat.

    The ids are given here, since nobody else can insert jobs now: asking for 100,000 of them takes longer.
    """
    from store.schema import configuration  # which loads pydantic

    rows: dict[str, tuple[int | str, ...]] = {}
    last = connection.execute(select(func.max(jobs.c.id))).scalar() or 0
    for configuration_id, job in wanted:
        if job.key not in known and job.key not in rows:
            most = min(job.max_pack, new.pack or job.max_pack)
            claims = (JobState.QUEUED.value, 0, new.max_attempts, most, most)
            job_id = last + len(rows) + 1
            identity = (job_id, job.key, generation, configuration_id, job.repeat, job.seed, job.program)
            rows[job.key] = (*identity, configuration.NUMERICS, new.queue, *claims)
    insert_rows(connection, jobs, _IDENTITY + _CLAIMS, list(rows.values()))
    return {key: int(row[0]) for key, row in rows.items()}


def _use(
    connection: Connection, experiment_id: int, wanted: Sequence[tuple[int, NewJob]], of_key: Mapping[str, int]
) -> None:
    """Note which job is which repeat of the experiment."""
    insert_rows(
        connection,
        experiment_jobs,
        ("experiment_id", "configuration_id", "repeat", "job_id"),
        [(experiment_id, configuration_id, job.repeat, of_key[job.key]) for configuration_id, job in wanted],
    )
