"""All repeats together on each split: the score of their median, and what their intervals hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from store.experiments.cells import Cell

#: the columns that say which configuration and split a row is of
NAMES = ("configuration", "split")


def by_split(found: pd.DataFrame, cells: Mapping[str, Cell], name: str) -> pd.DataFrame:
    """Return rows of configurations on splits, by the labels of both.

    Args:
        found: by the label of a configuration on a split.
        cells: those of the experiment.
        name: of the splits that are shown.
    """
    mine = found[[label in cells and cells[label].all_splits == name for label in found["configuration"]]]
    where = [cells[label] for label in mine["configuration"]]
    others = mine.drop(columns="configuration")
    others.insert(0, "configuration", [cell.point for cell in where])
    others.insert(1, "split", [cell.split for cell in where])
    return others.reset_index(drop=True)
