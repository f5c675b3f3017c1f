"""The tables of forecasts beyond the end of the data."""

from __future__ import annotations

from sqlalchemy import Column, Double, ForeignKey, Integer, Table, Text

from store.database.dialects import JsonText
from store.database.tables import Id, metadata

#: experiments whose repeats are trained on all rows, and the study that each is of
futures = Table(
    "futures",
    metadata,
    Column("experiment_id", Id, ForeignKey("experiments.id"), primary_key=True),
    Column("study_id", Id, ForeignKey("experiments.id"), nullable=False),
    #: how its configuration was chosen: a list of sentences
    Column("notes", JsonText, nullable=False),
)

#: of each target and step beyond the end, from 1
future_rows = Table(
    "future_rows",
    metadata,
    Column("configuration_id", Id, ForeignKey("configurations.id"), primary_key=True),
    Column("target", Text, primary_key=True),
    Column("step", Integer, primary_key=True),
    #: in the form of the series' times; the number of the row, from 1, where it has none
    Column("time", Text, nullable=False),
    #: of all repeats
    Column("median", Double),
    #: NULL until it is known
    Column("observed", Double),
)

#: the intervals of each of them, one row a level
future_interval_rows = Table(
    "future_interval_rows",
    metadata,
    Column("configuration_id", Id, ForeignKey("configurations.id"), primary_key=True),
    Column("target", Text, primary_key=True),
    Column("step", Integer, primary_key=True),
    #: in percent
    Column("level", Double, primary_key=True),
    Column("low", Double),
    Column("high", Double),
    #: what it was made of: the errors of the test rows, or paths of the model
    Column("basis", Text, nullable=False),
)
