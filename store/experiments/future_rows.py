"""The rows of forecasts beyond the end of the data: written, kept and deleted."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sqlalchemy import Connection, Select, delete, select

from store.database.future_tables import future_interval_rows, future_rows, futures
from store.database.tables import configurations


def of_study(study_id: int) -> Select[int]:
    """Select the forecasts of a study."""
    return select(futures.c.experiment_id).where(futures.c.study_id == study_id)


def first_configuration(connection: Connection, experiment_id: int) -> int:
    """Return the configuration that forecasts from the end; another one may have the errors of its test rows."""
    mine = select(configurations.c.id).where(configurations.c.experiment_id == experiment_id)
    return int(connection.execute(mine.order_by(configurations.c.position).limit(1)).scalar_one())


def delete_rows(connection: Connection, experiment_id: int) -> None:
    """Delete what a forecast says, and that it is one."""
    mine = select(configurations.c.id).where(configurations.c.experiment_id == experiment_id)
    clear(connection, list(connection.execute(mine).scalars()))
    connection.execute(delete(futures).where(futures.c.experiment_id == experiment_id))


def clear(connection: Connection, numbers: Sequence[int]) -> None:
    """Delete the rows of configurations."""
    for table in (future_rows, future_interval_rows):
        connection.execute(delete(table).where(table.c.configuration_id.in_(numbers)))


def observed(connection: Connection, number: int) -> dict[tuple[str, int], float]:
    """Return what has been observed of a configuration's forecast, by target and step."""
    columns = future_rows.c["target", "step", "observed"]
    rows = select(*columns).where(future_rows.c.configuration_id == number, future_rows.c.observed.is_not(None))
    return {(target, step): value for target, step, value in connection.execute(rows)}


def plain(value: object) -> object:
    """Return NumPy's numbers as Python's, and NaN as NULL."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and math.isnan(value) else value
