"""The tables of splits, and of summaries over all splits of a configuration."""

from __future__ import annotations

from sqlalchemy import Column, Double, ForeignKey, Integer, Table, Text

from store.database.tables import Id, metadata

#: the splits of an experiment, by the name that its configurations have; observations are counted from 1
split_rows = Table(
    "split_rows",
    metadata,
    Column("experiment_id", Id, ForeignKey("experiments.id"), primary_key=True),
    Column("split", Text, primary_key=True),
    #: in the order of the grid
    Column("position", Integer, nullable=False),
    Column("series", Text, nullable=False),
    Column("series_hash", Text, ForeignKey("series.content_hash"), nullable=False),
    #: among the windows of its series, the earliest first, from 1
    Column("window_number", Integer, nullable=False),
    #: observations that may be trained on, and those that are forecast; NULL where the training rows are
    *(Column(name, Integer) for name in ("train_from", "train_to", "test_from", "test_to")),
    #: their times; NULL where the series has none
    *(Column(f"{name}_time", Text) for name in ("train_from", "train_to", "test_from", "test_to")),
)

#: of configurations on several splits, by their label: the repeats' scores over all splits
point_summary_rows = Table(
    "point_summary_rows",
    metadata,
    Column("experiment_id", Id, ForeignKey("experiments.id"), primary_key=True),
    Column("point", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    *(Column(name, Double) for name in ("mean", "std", "min", "p25", "p50", "p75", "max")),
    Column("diverged", Integer, nullable=False),
)
