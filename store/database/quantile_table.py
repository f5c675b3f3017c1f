"""The table of quantiles: one row for each result whose model forecasts several."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table

from store.database.arrays import FloatArray
from store.database.tables import Id, metadata

quantile_arrays = Table(
    "quantile_arrays",
    metadata,
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    #: from 0 to 1, rising
    Column("shares", FloatArray("float64"), nullable=False),
    #: as in `forecast_arrays`, and for each target share after share
    Column("quantiles", FloatArray("float64"), nullable=False),
)
