"""Files of many series, of which a grid keeps many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scheduler.series.fields import SeriesSource
from scheduler.series.source import load, load_each
from scheduler.series.tables.table import Table

SERIES, KEPT = 200, 150


class Marks(list[str]):
    """What tells series apart; counts how often all are gone through."""

    walks = 0

    def __iter__(self) -> Iterator[str]:
        Marks.walks += 1
        return super().__iter__()

    def index(self, *of: Any) -> int:
        """Count the search for one as a walk."""
        Marks.walks += 1
        return super().index(*of)


@pytest.mark.parametrize("columns", [False, True])
def test_kept_series_are_not_searched_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: bool
) -> None:
    """Else the time grows with the square of their number, whether they are series or columns."""
    days = ["2024-01-01", "2024-01-02", "2024-01-03"]
    rows = [f"i{one},{day},{10 * one + at}" for one in range(SERIES) for at, day in enumerate(days)]
    (tmp_path / "s.csv").write_text("\n".join(["item,day,y", *rows]) + "\n")
    names = [f"i{one}" for one in range(SERIES - 1, SERIES - 1 - KEPT, -1)]
    fields = {"path": "s.csv", "time": "day", "value": "y", "id": "item", "keep": names}
    marks = Table.marks

    def counted(table: Table, places: Sequence[int]) -> tuple[list[str], NDArray[np.int64]]:
        there, of_row = marks(table, places)
        return Marks(there), of_row

    monkeypatch.setattr(Table, "marks", counted)
    monkeypatch.setattr(Marks, "walks", 0)
    if columns:
        found = load(SeriesSource.model_validate(fields | {"as": "columns"}), tmp_path).series
        first = dict(zip(found.columns, found.values[0], strict=True))
    else:
        first = {
            one.series.name: one.series.values[0, 0] for one in load_each(SeriesSource.model_validate(fields), tmp_path)
        }
    assert first == {f"i{one}": 10 * one for one in range(SERIES - KEPT, SERIES)}
    assert 0 < Marks.walks < 10
