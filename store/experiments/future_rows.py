"""The rows of forecasts beyond the end of the data: written, kept and deleted."""

from __future__ import annotations

import math

from sqlalchemy import Connection, Select, delete, select

from store.database.future_tables import future_interval_rows, future_rows, futures
from store.database.tables import configurations


def of_study(study_id: int) -> Select[int]:
    """Select the forecasts of a study."""
    return select(futures.c.experiment_id).where(futures.c.study_id == study_id)


def delete_rows(connection: Connection, experiment_id: int) -> None:
    """Delete what a forecast says, and that it is one."""
    clear(connection, experiment_id)
    connection.execute(delete(futures).where(futures.c.experiment_id == experiment_id))


def clear(connection: Connection, experiment_id: int) -> None:
    """Delete what a forecast says."""
    mine = select(configurations.c.id).where(configurations.c.experiment_id == experiment_id)
    for table in (future_rows, future_interval_rows):
        connection.execute(delete(table).where(table.c.configuration_id.in_(mine)))


def observed(connection: Connection, experiment_id: int) -> dict[tuple[int, str, int], float]:
    """Return what has been observed since a forecast, by the id of the configuration, target and step."""
    rows = select(*future_rows.c["configuration_id", "target", "step", "observed"]).join(configurations)
    rows = rows.where(configurations.c.experiment_id == experiment_id, future_rows.c.observed.is_not(None))
    return {(number, target, step): value for number, target, step, value in connection.execute(rows)}


def plain(value: object) -> object:
    """Return NumPy's numbers as Python's, and NaN as NULL."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and math.isnan(value) else value
