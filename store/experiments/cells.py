"""Configurations on their splits, by names."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from store.database.tables import configurations


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A configuration on one of its splits, by names."""

    #: unique in its experiment; that of the configuration where it has one split
    label: str
    #: the label of the configuration
    point: str
    split: str
    #: all splits of the configuration together
    all_splits: str
    series_hash: str


def read_cells(connection: Connection, experiment_id: int) -> dict[str, Cell]:
    """Return every configuration of an experiment on every split by its label, in the order of the grid."""
    columns = configurations.c["label", "point", "split", "all_splits", "series_hash"]
    mine = select(*columns).where(configurations.c.experiment_id == experiment_id)
    rows = connection.execute(mine.order_by(configurations.c.position)).all()
    return {row.label: Cell(**row._mapping) for row in rows}
