"""Finding experiments: by name, by id, and what belongs to one."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, select

from store.commands import command
from store.database.tables import configurations, experiment_jobs, experiments
from store.errors import NotFound
from store.records import Experiment, ExperimentState
from store.schema.spelling import similar

_LISTS = ("looks", "series_notes")
_SHOWN = [
    cast(experiments.c[name], Text).label(name) if name in _LISTS else experiments.c[name]
    for name in Experiment.__dataclass_fields__
]


def find(connection: Connection, where: ColumnElement[bool]) -> Experiment | None:
    """Return the experiment that meets a condition that at most one does."""
    row = connection.execute(select(*_SHOWN).where(where)).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    lists = {name: None if values[name] is None else tuple(json.loads(values[name])) for name in _LISTS}
    return Experiment(**values | {"state": ExperimentState(values["state"]), **lists})


def by_name_or_id(connection: Connection, name_or_id: str) -> Experiment | None:
    """Return the experiment with this id, or else with this name, so that every experiment can be reached by its id."""
    if name_or_id.isdecimal() and len(name_or_id) < 19:
        found = find(connection, experiments.c.id == int(name_or_id))
        if found is not None:
            return found
    return find(connection, experiments.c.name == name_or_id)


def with_id(connection: Connection, experiment_id: int, url: str) -> Experiment:
    """Return the experiment with this id, and lock nothing.

    Raises:
        NotFound: there is none.
    """
    experiment = find(connection, experiments.c.id == experiment_id)
    if experiment is None:
        raise no_such_id(experiment_id, url)
    return experiment


def no_such_id(experiment_id: int, url: str) -> NotFound:
    """Return the error that names the store and what to do."""
    return NotFound(f"No experiment with the id {experiment_id} in {url}. {command('list', store=url)} shows all.")


def no_such_name(connection: Connection, name: str, url: str) -> NotFound:
    """Return the error that suggests the closest names."""
    names = list(connection.execute(select(experiments.c.name)).scalars())
    return NotFound(f"No experiment {name!r} in {url}. {_closest(name, names, url)}")


def _closest(name: str, names: Sequence[str], url: str) -> str:
    if not names:
        return f"The store has no experiments yet: {command('run', 'GRID', store=url)} creates one."
    near = similar(name, names)
    hint = f"Nearest: {', '.join(near)}. " if near else ""
    return f"{hint}{command('list', store=url)} shows all {len(names)}."


def jobs_of(experiment_id: int) -> Select[int]:
    """Select the ids of an experiment's jobs."""
    mine = configurations.c.experiment_id == experiment_id
    return select(experiment_jobs.c.job_id).join(configurations).where(mine)
