"""What is computed from results and stored beside them: summaries, comparisons, baselines."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, Table, Text, cast, delete, insert, select, update

from store.database.dialects import among, from_now, insert_rows
from store.database.ids import ids_by_label
from store.database.split_tables import point_summary_rows
from store.database.tables import configurations, experiments, summary_rows
from store.errors import NotFound, StoreError
from store.records import ExperimentState

if TYPE_CHECKING:
    import pandas as pd

#: columns that are no part of the frames
_OURS = frozenset({"experiment_id", "position", "details"})


def to_frame(connection: Connection, rows: Select[Any]) -> pd.DataFrame:
    """Return what a SELECT finds."""
    import pandas as pd

    found = connection.execute(rows)
    names = [str(name) for name in list(found.keys())]  # SQLAlchemy's own kind of text is not taken everywhere
    columns = zip(*found.all(), strict=True)
    return pd.DataFrame(dict(zip(names, columns, strict=False)), columns=names)  # of no rows there are no columns


def lock(connection: Connection, experiment_id: int) -> None:
    """Lock an experiment, so that whoever writes its conclusions, changes its looks or reopens it waits.

    Raises:
        NotFound: the experiment was deleted.
    """
    mine = select(experiments.c.id).where(experiments.c.id == experiment_id).with_for_update()
    if connection.execute(mine).first() is None:
        raise NotFound(f"Experiment {experiment_id} was deleted: nothing of it can be written.")


def write_summaries(connection: Connection, experiment_id: int, frame: pd.DataFrame) -> None:
    """Replace the summaries of an experiment that is locked, and note the time if it is done.

    Raises:
        NotFound: the experiment has no configuration with one of the labels.
    """
    done = (experiments.c.id == experiment_id, experiments.c.state == ExperimentState.DONE)
    connection.execute(update(experiments).where(*done).values(summarised_at=from_now()))
    ids = ids_by_label(connection, experiment_id)
    rows = [_plain(row) for row in frame.to_dict("records")]
    points = {row["configuration"] for row in rows} & _points(connection, experiment_id) - set(ids)
    unknown = {str(row["configuration"]) for row in rows} - set(ids) - points
    if unknown:
        raise NotFound(f"Experiment {experiment_id} has no configuration {', '.join(sorted(unknown))}.")
    connection.execute(delete(summary_rows).where(among(summary_rows.c.configuration_id, ids.values())))
    connection.execute(delete(point_summary_rows).where(point_summary_rows.c.experiment_id == experiment_id))
    names = [column.name for column in summary_rows.c if column.name != "configuration_id"]
    each, whole = [], []
    for row in rows:
        # A frame with a missing value has counts as floats, which the binary format takes for nothing else.
        row |= {name: None if row.get(name) is None else int(row[name]) for name in ("count", "diverged")}
        values, label = [row.get(name) for name in names], row["configuration"]
        if label in points:
            whole.append((experiment_id, label, *values))
        else:
            each.append((ids[label], *values))
    insert_rows(connection, summary_rows, ("configuration_id", *names), each)
    insert_rows(connection, point_summary_rows, ("experiment_id", "point", *names), whole)


def _points(connection: Connection, experiment_id: int) -> set[str]:
    """Return the labels of the configurations that have several splits."""
    several = configurations.c.point != configurations.c.label
    found = select(configurations.c.point).distinct().where(configurations.c.experiment_id == experiment_id, several)
    return set(connection.execute(found).scalars())


def summaries(connection: Connection, experiment_id: int) -> pd.DataFrame:
    """Read the summaries of an experiment, in the order of the grid."""
    names = [column for column in summary_rows.c if column.name != "configuration_id"]
    rows = select(configurations.c.label.label("configuration"), *names, configurations.c.split).join(summary_rows)
    rows = rows.where(configurations.c.experiment_id == experiment_id).order_by(configurations.c.position)
    return to_frame(connection, rows).astype({"mean": "float64", "std": "float64", "min": "float64", "max": "float64"})


def replace(connection: Connection, table: Table, experiment_id: int, frame: pd.DataFrame) -> None:
    """Replace the rows of an experiment that is locked. Columns that the table does not have go into its `details`.

    Raises:
        StoreError: a row lacks a required value, or appears twice.
    """
    rows = [_plain(row) for row in frame.to_dict("records")]
    names = [column.name for column in table.c if column.name not in _OURS]
    needed = (column for column in table.c if not column.nullable and column.server_default is None)
    required = [column.name for column in needed if column.name in names]
    for row in rows:
        if any(row.get(name) is None for name in required):
            raise StoreError(f"A row for {table.name} needs {', '.join(required)}, and is {row}.")
    connection.execute(delete(table).where(table.c.experiment_id == experiment_id))
    if rows:
        ours = {"experiment_id": experiment_id}
        kept = [_row(row, names) | ours | {"position": position} for position, row in enumerate(rows)]
        connection.execute(insert(table), kept)


def with_names(baselines: pd.DataFrame) -> pd.DataFrame:
    """Return baselines with the columns `target` and `split_name`, empty where they were left out."""
    return baselines.assign(**{name: "" for name in ("target", "split_name") if name not in baselines})


def with_over(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Return comparisons with the column `over`, which is these splits where it was left out."""
    return comparisons if "over" in comparisons else comparisons.assign(over="these splits")


def read(connection: Connection, table: Table, experiment_id: int) -> pd.DataFrame:
    """Return an experiment's rows, with their details as columns."""
    import pandas as pd

    names = [column for column in table.c if column.name not in _OURS]
    rows = select(*names, cast(table.c.details, Text).label("details")).where(table.c.experiment_id == experiment_id)
    found = [dict(row._mapping) for row in connection.execute(rows.order_by(table.c.position))]
    complete = [row | json.loads(row.pop("details")) for row in found]
    return pd.DataFrame(complete, columns=None if complete else [column.name for column in names])


def _row(row: dict[str, Any], names: list[str]) -> dict[str, Any]:
    details = {
        name: None if value in (math.inf, -math.inf) else value for name, value in row.items() if name not in names
    }
    return {"details": json.dumps(details), **{name: row.get(name) for name in names}}


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """Return NumPy's numbers as Python's, and NaN as NULL."""
    return {str(name): _value(value.item() if hasattr(value, "item") else value) for name, value in row.items()}


def _value(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
