"""The rules that hold of a store's rows, whatever becomes of workers, brokers and clients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, Text, and_, cast, exists, func, or_, select

from store.database.future_tables import future_interval_rows, future_rows, futures
from store.database.tables import configurations, experiment_jobs, experiments, jobs, scores
from store.experiments.deletion import OF_CONFIGURATION, OF_EXPERIMENT, OF_JOB
from store.jobs.numerics_version import numerics
from store.jobs.states import QUEUED, RUNNING
from store.records import ExperimentState, JobState
from store.schema.own_kinds import missing_kind
from store.schema.reading import read_configurations

#: rows that a message names
_SHOWN = 3

_HAS_SCORES = exists().where(scores.c.job_id == jobs.c.id)
_HELD = or_(jobs.c.owner.is_not(None), jobs.c.lease_until.is_not(None))
#: what no repeat of an experiment may be
RULES: dict[str, ColumnElement[bool]] = {
    "done without a result": and_(jobs.c.state == JobState.DONE, ~_HAS_SCORES),
    "not done, and there is a result": and_(jobs.c.state != JobState.DONE, _HAS_SCORES),
    "running, and no claim holds it": and_(
        jobs.c.state == RUNNING, or_(jobs.c.owner.is_(None), jobs.c.lease_until.is_(None))
    ),
    "not running, and a claim holds it": and_(jobs.c.state != RUNNING, _HELD),
    "waiting with all its attempts used up": and_(
        jobs.c.state == QUEUED, jobs.c.attempts - jobs.c.losses >= jobs.c.max_attempts
    ),
    "waiting for a pack of no jobs": and_(jobs.c.state == QUEUED, jobs.c.pack_limit < 1),
    "waiting or running, and the experiment is closed as done": and_(
        jobs.c.state.in_([QUEUED, RUNNING]), experiments.c.state == ExperimentState.DONE
    ),
}

_OF_CONFIGURATION = (*OF_CONFIGURATION, experiment_jobs, future_rows, future_interval_rows)


def _repeats(experiment_id: int, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(experiment_jobs)
        .join(configurations, configurations.c.id == experiment_jobs.c.configuration_id)
        .join(experiments, experiments.c.id == configurations.c.experiment_id)
        .join(jobs, jobs.c.id == experiment_jobs.c.job_id)
        .where(configurations.c.experiment_id == experiment_id)
        .order_by(configurations.c.position, experiment_jobs.c.repeat)
    )


def broken_rules(connection: Connection, experiment_id: int) -> Iterator[str]:
    """Yield what is wrong with the states of an experiment's repeats and with their numbers."""
    for words, wrong in RULES.items():
        rows = _repeats(experiment_id, configurations.c.label, experiment_jobs.c.repeat).where(wrong)
        found = [f"repeat {repeat} of {label}" for label, repeat in connection.execute(rows)]
        if found:
            yield f"{_some(found)} {'is' if len(found) == 1 else 'are'} {words}"
    yield from _not_numbered(connection, experiment_id)
    yield from _for_no_worker(connection, experiment_id)


def _not_numbered(connection: Connection, experiment_id: int) -> Iterator[str]:
    """Yield the configurations whose repeats are not numbered 0, 1, 2, ..."""
    count, last = func.count(experiment_jobs.c.repeat), func.max(experiment_jobs.c.repeat)
    rows = (
        select(configurations.c.label, count, last)
        .outerjoin(experiment_jobs, experiment_jobs.c.configuration_id == configurations.c.id)
        .where(configurations.c.experiment_id == experiment_id)
        .group_by(configurations.c.id, configurations.c.label, configurations.c.position)
        .order_by(configurations.c.position)
    )
    for label, number, highest in connection.execute(rows):
        if number != (-1 if highest is None else highest) + 1:
            yield f"{label} has {number} repeats, the last with the number {highest}: one is lost"
        elif not number:
            yield f"{label} has no repeats"


def _for_no_worker(connection: Connection, experiment_id: int) -> Iterator[str]:
    """Yield which repeats wait that no worker of this version may train."""
    waiting = _repeats(experiment_id, jobs.c.numerics, func.count()).where(jobs.c.state == QUEUED).order_by(None)
    for version, number in connection.execute(waiting.group_by(jobs.c.numerics)):
        if version != numerics():
            waits = "1 waiting repeat is" if number == 1 else f"{number} waiting repeats are"
            ours = f"and this is version {numerics()}, which leaves them alone; submit the grid again"
            yield f"{waits} of version {version} of the numerics, {ours}"
    params = _repeats(experiment_id, cast(configurations.c.params, Text)).where(jobs.c.state == QUEUED).order_by(None)
    kinds = {missing_kind(text) for (text,) in connection.execute(params.distinct())}
    yield from sorted(reason for reason in kinds if reason)


def broken_keys(connection: Connection, experiment_id: int) -> Iterator[str]:
    """Yield the repeats whose key is not that of their configuration and seed, which decide their numbers."""
    mine = configurations.c.experiment_id == experiment_id
    texts = connection.execute(select(configurations.c.label, cast(configurations.c.params, Text)).where(mine)).all()
    read = read_configurations({row[0]: row[1] for row in texts})
    columns = (configurations.c.label, experiment_jobs.c.repeat, jobs.c.key, jobs.c.seed)
    ours = _repeats(experiment_id, *columns).where(jobs.c.numerics == numerics())
    wrong = [
        f"repeat {repeat} of {label}"
        for label, repeat, key, seed in connection.execute(ours)
        if key != read[label].key(seed)
    ]
    if wrong:
        yield f"the key of {_some(wrong)} is not that of its configuration and seed"


def orphans(connection: Connection) -> list[str]:
    """Return which rows of the store belong to nothing."""
    parents = [
        *((table, table.c.job_id, jobs.c.id) for table in (*OF_JOB, experiment_jobs)),
        *((table, table.c.configuration_id, configurations.c.id) for table in _OF_CONFIGURATION),
        *((table, table.c.experiment_id, experiments.c.id) for table in (*OF_EXPERIMENT, configurations, futures)),
        (jobs, jobs.c.id, experiment_jobs.c.job_id),
    ]
    return [words for table, child, parent in parents if (words := _orphans_of(connection, table, child, parent))]


def _orphans_of(connection: Connection, table: Table, child: Any, parent: Any) -> str:
    count = select(func.count()).select_from(table).where(~exists().where(parent == child))
    number = connection.execute(count).scalar_one()
    rows = "1 row of {} has" if number == 1 else f"{number} rows of {{}} have"
    return f"{rows.format(table.name)} no row of {parent.table.name}" if number else ""


def _some(found: list[str]) -> str:
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more
