"""Arrays of many repeats, as the database sends them, stacked to one record a configuration."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Column, select, type_coerce

from store.database.arrays import FloatArray, FloatBytes
from store.database.dialects import among
from store.database.tables import configurations, experiment_jobs
from store.quantiles import Quantiles
from store.records import ForecastSet, TrajectorySet

if TYPE_CHECKING:
    from store.database.database import Database

#: how arrays are read, many at once
BYTES = {name: FloatBytes(name) for name in ("float32", "float64")}
#: configurations, and rows of them, that are fetched together: all of them may be more than the memory holds
CONFIGURATIONS_AT_ONCE, ROWS_AT_ONCE = 500, 2000

#: the values of one configuration by column, one for each repeat
Parts = dict[str, tuple[Any, ...]]


def read_arrays(
    database: Database, columns: Sequence[Column[Any]], experiment_id: int, labels: Collection[str] | None
) -> Iterator[tuple[str, Parts]]:
    """Read columns of a table of arrays, as the database sends them, configuration by configuration.

    Args:
        database: where they are.
        columns: of one table, and of others that some of its rows have a row in.
        experiment_id: whose.
        labels: which configurations; None for all.
    """
    raw = (
        type_coerce(column, BYTES[column.type.dtype]).label(column.name)
        if isinstance(column.type, FloatArray)
        else column
        for column in columns
    )
    table = columns[0].table
    rows = (
        select(configurations.c.label, experiment_jobs.c.repeat, *raw)
        .select_from(experiment_jobs)
        .join(configurations, configurations.c.id == experiment_jobs.c.configuration_id)
        .join(table, table.c.job_id == experiment_jobs.c.job_id)
        .order_by(configurations.c.position, experiment_jobs.c.repeat)
    )
    for other in dict.fromkeys(column.table for column in columns if column.table is not table):
        rows = rows.outerjoin(other, other.c.job_id == experiment_jobs.c.job_id)
    names = ("label", "repeat", *(column.name for column in columns))
    ids = _configuration_ids(database, experiment_id, labels)
    for start in range(0, len(ids), CONFIGURATIONS_AT_ONCE):
        wanted = among(configurations.c.id, ids[start : start + CONFIGURATIONS_AT_ONCE])
        with database.read() as connection:
            found = chain.from_iterable(connection.execute(rows.where(wanted)).partitions(ROWS_AT_ONCE))
            for name, group in groupby(found, key=itemgetter(0)):
                yield str(name), dict(zip(names, zip(*group, strict=True), strict=True))


def _configuration_ids(database: Database, experiment_id: int, labels: Collection[str] | None) -> list[int]:
    """Return the ids of the configurations with these labels, in the order of the grid."""
    mine = select(configurations.c.id).where(configurations.c.experiment_id == experiment_id)
    if labels is not None:
        mine = mine.where(among(configurations.c.label, labels))
    with database.read() as connection:
        return list(connection.execute(mine.order_by(configurations.c.position)).scalars())


def trajectory_set(parts: Parts, dialect: str) -> TrajectorySet:
    """Stack trajectories, in the units of the series."""
    factors = np.array(parts["factor"], dtype=np.float64)[:, None]

    def read(cells: tuple[Any, ...]) -> Any:
        stored = BYTES["float32"].stacked(cells, dialect=dialect)
        return stored if (factors == 1).all() else stored * factors

    test = read(parts["test_rmse"])
    held_out = parts["validation_rmse"][0] is not None
    epochs = np.arange(1, test.shape[1] + 1, dtype=np.int64) * parts["every"][0]
    return TrajectorySet(
        repeats=np.array(parts["repeat"], dtype=np.int64),
        epochs=np.minimum(epochs, parts["epochs"][0]),
        train=read(parts["train_rmse"]),
        test=test,
        validation=read(parts["validation_rmse"]) if held_out else None,
    )


def forecast_set(parts: Parts, dialect: str) -> ForecastSet:
    """Stack forecasts of the same test rows."""
    shape = (parts["steps"][0], parts["horizon"][0], parts["targets"][0])
    read = partial(BYTES["float64"].stacked, dialect=dialect)
    return ForecastSet(
        repeats=np.array(parts["repeat"], dtype=np.int64),
        observed=read(parts["observed"][:1]).reshape(shape),
        forecast=read(parts["forecast"]).reshape(len(parts["repeat"]), *shape),
        quantiles=_quantiles(parts, shape, read),
    )


def _quantiles(parts: Parts, shape: tuple[int, ...], read: Callable[[tuple[Any, ...]], Any]) -> Quantiles | None:
    """Stack the quantiles of all repeats; None where one of them has none."""
    if any(cell is None for cell in parts.get("shares", (None,))):
        return None
    shares, values = read(parts["shares"][:1]).ravel(), read(parts["quantiles"])
    return Quantiles(shares=tuple(shares.tolist()), values=values.reshape(len(values), *shape, len(shares)))
