"""The table of weights: one row for each result that keeps them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table

from store.database.arrays import FloatArray
from store.database.dialects import JsonText
from store.database.tables import Id, metadata

weight_arrays = Table(
    "weight_arrays",
    metadata,
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    #: [path, shape] of each weight, in the order of Keras' `trainable_variables`
    Column("layout", JsonText, nullable=False),
    #: the values of all, one behind the other
    Column("weights", FloatArray("float32"), nullable=False),
)
