"""Configurations on their splits, by names."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from store.database.split_tables import split_rows
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
    #: the name of the series: two of them may have the same values
    series: str = ""

    @property
    def of_series(self) -> str:
        """What the windows of one series have in common."""
        return f"{self.series_hash} {self.series}"


def read_cells(connection: Connection, experiment_id: int) -> dict[str, Cell]:
    """Return every configuration of an experiment on every split by its label, in the order of the grid."""
    columns = configurations.c["label", "point", "split", "all_splits", "series_hash"]
    mine = select(*columns, split_rows.c.series).join(split_rows, split_rows.c.split == configurations.c.split)
    mine = mine.where(*(table.c.experiment_id == experiment_id for table in (configurations, split_rows)))
    rows = connection.execute(mine.order_by(configurations.c.position)).all()
    return {row.label: Cell(**row._mapping) for row in rows}
