"""The quantiles of results: written beside their forecasts, and read with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, exists, select

from store.database.dialects import insert_rows
from store.database.quantile_table import quantile_arrays
from store.quantiles import Quantiles

if TYPE_CHECKING:
    from store.database.database import Database
    from store.records import Result

_COLUMNS = ("shares", "quantiles")


def insert_quantiles(connection: Connection, results: Sequence[Result]) -> None:
    """Write the quantiles of the results that have some."""
    rows = [
        (one.job_id, np.asarray(own.shares), own.values)
        for one in results
        if one.forecasts is not None and (own := one.forecasts.quantiles) is not None
    ]
    if rows:
        insert_rows(connection, quantile_arrays, ("job_id", *_COLUMNS), rows)


def quantile_columns(database: Database) -> Sequence[Any]:
    """Return the columns that are read beside forecasts: none where no result of the store has quantiles."""
    with database.read() as connection:
        there = connection.execute(select(exists(select(quantile_arrays.c.job_id)))).scalar()
    return list(quantile_arrays.c[_COLUMNS]) if there else []


def quantiles_of(connection: Connection, job_id: int, shape: tuple[int, ...]) -> Quantiles | None:
    """Return the quantiles of one result; None where it has none.

    Args:
        connection: to the store.
        job_id: whose.
        shape: of its forecasts.
    """
    own = select(*quantile_arrays.c[_COLUMNS]).where(quantile_arrays.c.job_id == job_id)
    row = connection.execute(own).first()
    if row is None:
        return None
    return Quantiles(shares=tuple(row.shares.tolist()), values=row.quantiles.reshape(*shape, len(row.shares)))
