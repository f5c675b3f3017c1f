"""Writing what MASE and RMSSE of a configuration divide by: the errors of the naive forecast, target by target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from store.database.dialects import insert_rows
from store.database.tables import scale_rows
from store.forecast_scores import Scale, or_none

_COLUMNS = ("configuration_id", "target", "mase_of", "mae", "rmse")


def insert_scales(connection: Connection, scales: Mapping[int, Sequence[Scale]]) -> None:
    """Insert the scales of configurations, given by their ids; the targets are counted from 1."""
    rows = [
        (id_, target, one.of, or_none(one.mae), or_none(one.rmse))
        for id_, own in scales.items()
        for target, one in enumerate(own, start=1)
    ]
    insert_rows(connection, scale_rows, _COLUMNS, rows)
