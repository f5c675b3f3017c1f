"""Writing a new experiment: its configurations, its new jobs, and links to the jobs that it shares."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, or_, select, text, update

from store.database.dialects import among, from_now, insert_rows
from store.database.ids import ids_by_label, next_id
from store.database.parameter_rows import insert_parameters
from store.database.scale_rows import insert_scales
from store.database.split_rows import Placed, all_splits, insert_splits, train_of
from store.database.tables import configurations, experiment_jobs, experiments, jobs, series
from store.errors import NotFound, StoreError
from store.jobs.new_jobs import Delivery, analyze_after, insert_jobs, job_ids, next_generation, queue_again
from store.jobs.states import QUEUED, RUNNING
from store.records import Experiment, ExperimentState, NewExperiment, NewJob

#: of advisory locks on Postgres: any number that nothing else locks
_LOCK = 7_316_402_052
_PLAIN = (
    "description",
    "grid_text",
    "grid_file",
    "repeats",
    "seed",
    "queue",
    "pack",
    "max_attempts",
    "git_commit",
    "score",
    "keeps_weights",
)

#: jobs with the id of their configuration
_Wanted = Sequence[tuple[int, NewJob]]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a submission."""

    id: int
    new: int
    reused: int
    created: bool


def write(connection: Connection, new: NewExperiment, *, fresh: bool) -> Written:
    """Write an experiment, or find the same one; existing jobs are shared, unless `fresh`.

    Raises:
        StoreError: a series that it needs is not in the store.
    """
    take_turns(connection)
    _require_series(connection, new)
    digest = digest_of(new)
    known = {} if fresh else job_ids(connection, _keys(new), with_weights=new.keeps_weights)
    same = None if fresh else _same(connection, new.name, digest)
    if same is not None:
        requeue(connection, sorted(known.values()), Delivery.of(new))
        if unfinished(connection, same):
            reopen(connection, [same])
        return Written(same, 0, len(known), created=False)
    experiment_id = _insert_experiment(connection, new, digest)
    ids = _insert_configurations(connection, experiment_id, new)
    places = _places(new)
    firsts = (one for one in zip(ids, new.configurations, places, strict=True) if one[2] == 1)
    insert_parameters(connection, experiment_id, {id_: one.params for id_, one, _ in firsts})
    insert_scales(connection, {id_: one.scales for id_, one in zip(ids, new.configurations, strict=True)})
    wanted = [(id_, job) for id_, one in zip(ids, new.configurations, strict=True) for job in one.jobs]
    added = _add(connection, experiment_id, wanted, known, Delivery.of(new), fresh=fresh)
    return Written(experiment_id, added, len(known), created=True)


def extend(connection: Connection, experiment: Experiment, more: Mapping[str, Sequence[NewJob]]) -> Written:
    """Add repeats to configurations of an experiment; existing repeats are left alone, known jobs are shared.

    Raises:
        NotFound: the experiment has no such configuration.
    """
    take_turns(connection)
    ids = ids_by_label(connection, experiment.id)
    if unknown := sorted(set(more) - set(ids)):
        raise NotFound(f"Experiment {experiment.name!r} has no configuration {', '.join(unknown)}.")
    there = _repeats_of(connection, ids.values())
    wanted = [(ids[label], job) for label, new in more.items() for job in new if (ids[label], job.repeat) not in there]
    if not wanted:
        return Written(experiment.id, 0, 0, created=False)
    known = job_ids(connection, {job.key for _, job in wanted}, with_weights=experiment.keeps_weights)
    added = _add(connection, experiment.id, wanted, known, Delivery.of(experiment))
    reopen(connection, [experiment.id])
    return Written(experiment.id, added, len(known), created=False)


def _add(
    connection: Connection,
    experiment_id: int,
    wanted: _Wanted,
    known: Mapping[str, int],
    delivery: Delivery,
    *,
    fresh: bool = False,
) -> int:
    """Add jobs to an experiment, insert those whose key is not known, and return how many those are.

    A job that is inserted beside one with its key, which is fresh or is to keep its weights, is of another generation.
    """
    unknown = [(id_, job) for id_, job in wanted if job.key not in known]
    again = fresh or delivery.keeps_weights
    generation = next_generation(connection, {job.key for _, job in unknown}) if again else 0
    added = insert_jobs(connection, unknown, delivery, generation=generation)
    requeue(connection, sorted(known.values()), delivery)
    _use(connection, experiment_id, wanted, {**known, **added})
    analyze_after(connection, len(added))
    return len(added)


def take_turns(connection: Connection) -> None:
    """Serialize submissions on Postgres, as SQLite does: two with the same keys would collide half-way."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def digest_of(new: NewExperiment) -> str:
    """Return what two experiments with the same configurations and jobs have in common."""
    content = [
        [one.label, one.series_hash, sorted(job.key for job in one.jobs), *_seasons(one.params)]
        for one in new.configurations
    ]
    more = [*([] if new.score == "rmse" else [new.score]), *(["weights"] if new.keeps_weights else [])]
    return hashlib.sha256(json.dumps([*more, content] if more else content).encode()).hexdigest()


def _seasons(params: str) -> list[int]:
    """Return the seasons that the grid gave: no job depends on them, but the experiment's baselines do."""
    if '"season":' not in params:  # as in nearly all, which need not be parsed
        return []
    return list(json.loads(params)["series"].get("season", []))


def requeue(connection: Connection, ids: Sequence[int], delivery: Delivery | None = None) -> list[int]:
    """Queue failed and cancelled jobs again, reopen other experiments that share them, and return the jobs' ids."""
    queued = queue_again(connection, ids, delivery)
    if queued:
        sharing = select(experiment_jobs.c.experiment_id).where(among(experiment_jobs.c.job_id, queued))
        done = experiments.c.state == ExperimentState.DONE
        ended = select(experiments.c.id).where(experiments.c.id.in_(sharing), done)
        reopen(connection, list(connection.execute(ended).scalars()))
    return queued


def reopen(connection: Connection, ids: Sequence[int]) -> None:
    """Set experiments to running, to be summarised again when they are done."""
    running = {"state": ExperimentState.RUNNING, "finished_at": None, "summarised_at": None}
    connection.execute(update(experiments).where(among(experiments.c.id, ids)).values(running))


def _keys(new: NewExperiment) -> set[str]:
    return {job.key for one in new.configurations for job in one.jobs}


def _repeats_of(connection: Connection, configuration_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Return the configuration and number of each repeat of these configurations."""
    used = select(experiment_jobs.c.configuration_id, experiment_jobs.c.repeat)
    used = used.where(among(experiment_jobs.c.configuration_id, list(configuration_ids)))
    return {(row.configuration_id, row.repeat) for row in connection.execute(used)}


def _require_series(connection: Connection, new: NewExperiment) -> None:
    wanted = {configuration.series_hash for configuration in new.configurations}
    there = set(connection.execute(select(series.c.content_hash).where(among(series.c.content_hash, wanted))).scalars())
    if wanted - there:
        missing = ", ".join(sorted(wanted - there))
        raise StoreError(
            f"Experiment {new.name!r} needs series that are not in the store: {missing}. Store them first."
        )


def _same(connection: Connection, name: str, digest: str) -> int | None:
    named = or_(experiments.c.base_name == name, experiments.c.name == name)  # it may have been renamed
    same = select(func.max(experiments.c.id)).where(named, experiments.c.digest == digest)
    return connection.execute(same).scalar()


def unfinished(connection: Connection, experiment_id: int) -> bool:
    """Return whether an experiment has a job that is queued or running."""
    waiting = (
        select(jobs.c.id)
        .join(experiment_jobs, experiment_jobs.c.job_id == jobs.c.id)
        .join(configurations, configurations.c.id == experiment_jobs.c.configuration_id)
        .where(configurations.c.experiment_id == experiment_id)
        .where(jobs.c.state.in_([QUEUED, RUNNING]))
    )
    return connection.execute(waiting.limit(1)).first() is not None


def planned_name(connection: Connection, new: NewExperiment) -> tuple[str, bool]:
    """Return the name that `write` would give an experiment, and whether the same experiment exists already."""
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
    row |= {"series_notes": json.dumps(new.series_notes)}
    row["id"] = next_id(connection, experiments)
    connection.execute(insert(experiments).values(row))
    return int(row["id"])


def _insert_configurations(connection: Connection, experiment_id: int, new: NewExperiment) -> list[int]:
    """Insert the configurations and return their ids in the order of the grid."""
    from store.schema.splits import Split, split_names  # which loads pydantic

    splits = {one.label: Split.stored(one.params) for one in new.configurations}
    names = split_names(splits)
    together = all_splits(new.configurations, splits, names)
    insert_rows(
        connection,
        configurations,
        (
            "experiment_id",
            "position",
            "label",
            "axes",
            "params",
            "series_hash",
            "split",
            "point",
            "place",
            "all_splits",
        ),
        [
            (
                *(experiment_id, position, one.label, json.dumps(dict(one.axes)), one.params, one.series_hash),
                *(names[one.label], one.point or one.label, place, together[one.point or one.label]),
            )
            for position, (one, place) in enumerate(zip(new.configurations, _places(new), strict=True))
        ],
    )
    insert_splits(
        connection,
        experiment_id,
        (
            Placed(
                split=splits[one.label],
                name=names[one.label],
                series_hash=one.series_hash,
                train=train_of(one.params),
            )
            for one in new.configurations
        ),
    )
    ids = select(configurations.c.id).where(configurations.c.experiment_id == experiment_id)
    return list(connection.execute(ids.order_by(configurations.c.position)).scalars())


def _places(new: NewExperiment) -> list[int]:
    """Return which split of its configuration each is, from 1."""
    seen: Counter[str] = Counter()
    found = []
    for one in new.configurations:
        seen[one.point or one.label] += 1
        found.append(seen[one.point or one.label])
    return found


def _use(connection: Connection, experiment_id: int, wanted: _Wanted, of_key: Mapping[str, int]) -> None:
    """Record which job is which repeat of the experiment."""
    insert_rows(
        connection,
        experiment_jobs,
        ("experiment_id", "configuration_id", "repeat", "job_id"),
        [(experiment_id, configuration_id, job.repeat, of_key[job.key]) for configuration_id, job in wanted],
    )
