"""The scores of ensembles: the forecasts of a configuration's repeats combined to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, Table, delete, select

from store.database.dialects import insert_rows
from store.database.ids import ids_by_label
from store.database.tables import configurations, ensemble_rows, ensemble_step_rows
from store.forecast_scores import SCORES
from store.results import derived

if TYPE_CHECKING:
    import pandas as pd

COMBINED = ("combination", "repeats", *SCORES, "low", "high")
STEPS = ("target", "step", *SCORES)
#: how ensembles are combined, in the order in which they are read
_ORDER = {"median": 0, "mean": 1}


def write_ensembles(
    connection: Connection, experiment_id: int, whole: pd.DataFrame | None, steps: pd.DataFrame | None
) -> None:
    """Replace the ensembles of an experiment that is locked."""
    mine = select(configurations.c.id).where(configurations.c.experiment_id == experiment_id)
    for table, names, frame in ((ensemble_rows, COMBINED, whole), (ensemble_step_rows, STEPS, steps)):
        connection.execute(delete(table).where(table.c.configuration_id.in_(mine)))
        if frame is not None and len(frame):
            _insert(connection, experiment_id, table, names, frame)


def _insert(
    connection: Connection, experiment_id: int, table: Table, names: tuple[str, ...], frame: pd.DataFrame
) -> None:
    ids = frame["configuration"].map(ids_by_label(connection, experiment_id))
    values = frame[list(names)].astype(object).where(frame[list(names)].notna(), None)
    columns = [ids.tolist(), *(values[name].tolist() for name in names)]
    insert_rows(connection, table, ("configuration_id", *names), list(zip(*columns, strict=True)))


def ensembles(connection: Connection, experiment_id: int) -> pd.DataFrame:
    """Read the scores of the ensembles, in the order of the grid, the medians first."""
    frame = derived.to_frame(connection, _of(experiment_id, ensemble_rows, COMBINED))
    frame = frame.astype(dict.fromkeys((*SCORES, "low", "high"), "float64"))
    order = frame["combination"].map(_ORDER).fillna(len(_ORDER))
    place = frame.assign(place=frame["configuration"].factorize()[0], order=order).sort_values(["place", "order"])
    return place.drop(columns=["place", "order"]).reset_index(drop=True)


def ensemble_steps(connection: Connection, experiment_id: int) -> pd.DataFrame:
    """Read the scores of the medians by target and step."""
    rows = _of(experiment_id, ensemble_step_rows, STEPS)
    rows = rows.order_by(ensemble_step_rows.c.target, ensemble_step_rows.c.step)
    return derived.to_frame(connection, rows).astype(dict.fromkeys(SCORES, "float64"))


def _of(experiment_id: int, table: Table, names: tuple[str, ...]) -> Select[Any]:
    rows = select(configurations.c.label.label("configuration"), *table.c[names]).join(
        table, table.c.configuration_id == configurations.c.id
    )
    return rows.where(configurations.c.experiment_id == experiment_id).order_by(configurations.c.position)
