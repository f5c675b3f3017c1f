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
from store.errors import SeriesError

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


WIDE = "item,shop," + ",".join(f"d_{day}" for day in range(1, 11)) + "\n"
WIDE += "".join(f"i{one},{shop}," + ",".join(map(str, range(10))) + "\n" for one, shop in enumerate("ABA"))
ARCHIVE = "@attribute item string\n@attribute shop string\n@data\n"
ARCHIVE += "".join(f"i{one}:{shop}:" + ",".join(map(str, range(10))) + "\n" for one, shop in enumerate("ABA"))


@pytest.mark.parametrize(("text", "first"), [(WIDE, 2), (ARCHIVE, 4)])
@pytest.mark.parametrize("keep", [None, "A", ["A", "B"]])
def test_lines_of_series_are_not_joined(tmp_path: Path, text: str, first: int, keep: Any) -> None:
    """Each is a series without times, so that nothing says which would come first."""
    (tmp_path / "s.txt").write_text(text)
    fields = {"path": "s.txt", "value": "value", "id": "shop", "keep": keep}
    source = SeriesSource.model_validate(fields)
    with pytest.raises(
        SeriesError, match=rf"s.txt:{first + 2}: is of 'A', as line {first} is, .* as series.id"
    ) as raised:
        load_each(source, tmp_path)
    assert len(raised.value.mistakes) == 1
    if keep == "A":
        with pytest.raises(SeriesError, match="is of 'A'"):
            load(source, tmp_path)
        found = load(SeriesSource.model_validate(fields | {"keep": "B"}), tmp_path)
        assert found.series.values[:, 0].tolist() == list(range(10))
    found = load(SeriesSource.model_validate(fields | {"id": ["item", "shop"], "keep": "i2/A"}), tmp_path)
    assert found.series.values[:, 0].tolist() == list(range(10))
