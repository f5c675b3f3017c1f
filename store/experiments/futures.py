"""Forecasts beyond the end of the data: each is an experiment of its own, which belongs to a study."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, Text, bindparam, cast, delete, insert, select, update

from store.database.dialects import insert_rows
from store.database.future_tables import future_interval_rows, future_rows, futures
from store.database.ids import ids_by_label
from store.database.tables import configurations, experiments
from store.errors import NotFound
from store.experiments import writing
from store.experiments.finding import find
from store.experiments.future_rows import clear, observed, of_study, plain
from store.records import NewExperiment, Submitted

if TYPE_CHECKING:
    import pandas as pd

    from store.database.database import Database

ROWS = ("target", "step", "time", "median")
INTERVALS = ("target", "step", "level", "low", "high", "basis")


class Futures:
    """The forecasts of a store that reach beyond the end of the data."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, new: NewExperiment, *, study_id: int, notes: Sequence[str] = (), fresh: bool = False) -> Submitted:
        """Store a forecast of a study, in one transaction; see `Experiments.create`.

        Args:
            new: an experiment with one configuration, or one for each series, and maybe as many for their errors.
            study_id: the study.
            notes: how the configuration was chosen, in sentences.
            fresh: create new jobs, whatever exists.

        Raises:
            StoreError: a series that it needs is not in the store.
        """
        with self._database.write() as connection:
            done = writing.write(connection, new, fresh=fresh)
            row = {"experiment_id": done.id, "study_id": study_id, "notes": json.dumps(list(notes))}
            connection.execute(delete(futures).where(futures.c.experiment_id == done.id))
            connection.execute(insert(futures).values(row))
            experiment = find(connection, experiments.c.id == done.id)
        if experiment is None:
            raise NotFound(f"The forecast {new.name!r} was deleted while it was being written.")
        return Submitted(experiment=experiment, new=done.new, reused=done.reused, created=done.created)

    def study_of(self, experiment_id: int) -> int | None:
        """Return the study that an experiment forecasts for; None where it is a study itself."""
        mine = select(futures.c.study_id).where(futures.c.experiment_id == experiment_id)
        with self._database.read() as connection:
            return connection.execute(mine).scalar()

    def notes(self, experiment_id: int) -> tuple[str, ...]:
        """Return how the configuration of a forecast was chosen, in sentences."""
        mine = select(cast(futures.c.notes, Text)).where(futures.c.experiment_id == experiment_id)
        with self._database.read() as connection:
            return tuple(json.loads(connection.execute(mine).scalar() or "[]"))

    def of(self, study_id: int) -> list[int]:
        """Return the forecasts of a study that are written, the newest first."""
        with self._database.read() as connection:
            written = select(configurations.c.experiment_id).join(future_rows).distinct()
            mine = of_study(study_id).where(futures.c.experiment_id.in_(written))
            return sorted(connection.execute(mine).scalars(), reverse=True)

    def write(self, experiment_id: int, rows: pd.DataFrame, intervals: pd.DataFrame) -> None:
        """Replace what a forecast says; what has been observed meanwhile is kept.

        Args:
            experiment_id: the forecast.
            rows: configuration (of several series, that of each), target, step, time and median.
            intervals: configuration, target, step, level in percent, low, high and basis.
        """
        with self._database.write() as connection:
            numbers = ids_by_label(connection, experiment_id)
            seen = observed(connection, experiment_id)
            clear(connection, experiment_id)
            values = [
                (number, *map(plain, row), seen.get((number, row[0], row[1])))
                for number, row in _numbered(rows, ROWS, numbers)
            ]
            insert_rows(connection, future_rows, ("configuration_id", *ROWS, "observed"), values)
            bounds = [(number, *map(plain, row)) for number, row in _numbered(intervals, INTERVALS, numbers)]
            insert_rows(connection, future_interval_rows, ("configuration_id", *INTERVALS), bounds)

    def observe(self, experiment_id: int, values: Mapping[str, Mapping[tuple[str, int], float]]) -> None:
        """Write what was observed since, by configuration, then by target and step."""
        change = update(future_rows).where(
            future_rows.c.configuration_id == bindparam("of"),
            future_rows.c.target == bindparam("of_target"),
            future_rows.c.step == bindparam("of_step"),
        )
        with self._database.write() as connection:
            numbers = ids_by_label(connection, experiment_id)
            rows = [
                {"of": numbers[label], "of_target": target, "of_step": step, "seen": value}
                for label, found in values.items()
                for (target, step), value in found.items()
            ]
            if rows:
                connection.execute(change.values(observed=bindparam("seen")), rows)

    def rows(self, experiment_id: int) -> pd.DataFrame:
        """Return what a forecast says: configuration, target, step, time, median and observed, in order."""
        return self._frame(experiment_id, future_rows, (*ROWS, "observed"))

    def intervals(self, experiment_id: int) -> pd.DataFrame:
        """Return the intervals of a forecast: configuration, target, step, level in percent, low, high and basis."""
        return self._frame(experiment_id, future_interval_rows, INTERVALS)

    def _frame(self, experiment_id: int, table: Table, names: Sequence[str]) -> pd.DataFrame:
        import pandas as pd

        rows = select(configurations.c.label, *(table.c[name] for name in names)).join(configurations)
        rows = rows.where(configurations.c.experiment_id == experiment_id).order_by(configurations.c.position)
        with self._database.read() as connection:
            frame = pd.DataFrame(connection.execute(rows).all(), columns=["configuration", *names])
        numbers = [name for name in ("median", "observed", "level", "low", "high") if name in names]
        order = [name for name in ("target", "level", "step") if name in names]
        place = frame["configuration"].map({label: at for at, label in enumerate(frame["configuration"].unique())})
        ordered = frame.assign(place=place).sort_values(["place", *order], kind="stable", ignore_index=True)
        return ordered.drop(columns="place").astype(dict.fromkeys(numbers, "float64"))


def _numbered(
    frame: pd.DataFrame, names: Sequence[str], numbers: Mapping[str, int]
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the id of the configuration of each row, and the row's values."""
    rows = frame[list(names)].itertuples(index=False, name=None)
    for label, row in zip(frame["configuration"], rows, strict=True):
        yield numbers[label], row
