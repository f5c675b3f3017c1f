"""Tables of a series in each row give the rows that they would if all of them were made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scheduler.series.fields import SeriesSource
from scheduler.series.source import load_each
from scheduler.series.tables import wide
from scheduler.series.tables.melted import Melted
from scheduler.series.tables.sheet import read_sheet
from scheduler.series.tables.table import Table, read_table
from scheduler.series.tables.wide import lengthened

SERIES, DAYS = 30, 25


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Series of other lengths, of which one has a hole and one no value."""
    drawn = np.random.default_rng(3)
    lines = ["item,shop," + ",".join(f"d_{day}" for day in range(1, DAYS + 1))]
    for number in range(SERIES):
        first, stop = sorted(drawn.integers(0, DAYS + 1, 2).tolist())
        values = [str(drawn.integers(9)) if first <= day < stop else "" for day in range(DAYS)]
        lines.append(f"i{number},{'AB'[number % 2]}, " + ",".join(values))
    lines[4] = "i3,A," + ",".join(["1", " 2 ", "", *["4"] * (DAYS - 3)])
    path = tmp_path / "wide.csv"
    path.write_text("\n".join(lines).replace(", ,", ",,").replace(", ", ",") + "\n")
    return path


def _tables(path: Path) -> tuple[Table, Table]:
    """Return the table as it is read, and with all rows made."""
    table = lengthened(read_table(read_sheet(path, path.name)), ())
    assert isinstance(table.cells, Melted)
    assert "1 row without a value (line 20) is left out" in table.notes[-1]
    return table, replace(table, cells=list(table.cells), lines=list(table.lines))


def test_rows_are_those_of_a_list(file: Path) -> None:
    """One by one, in slices, by column, and taken in any order."""
    table, plain = _tables(file)
    count = len(plain.cells)
    assert len(table.cells) == len(table.lines) == count > SERIES
    assert [table.cells[place] for place in range(-count, count)] == [*plain.cells, *plain.cells]
    assert table.cells[3:200:7] == plain.cells[3:200:7]
    assert [table.texts(place) for place in range(3)] == [plain.texts(place) for place in range(3)]
    with pytest.raises(IndexError):
        table.cells[count]
    for places in ([0], [5, 2, 9], list(range(count)), [row for row in range(count) if plain.cells[row][1] == "A"]):
        one, other = (each.taken(np.array(places)) for each in (table, plain))
        assert list(one.cells) == list(other.cells)
        assert list(one.lines) == list(other.lines)


def test_columns_that_are_times_give_the_same_rows(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where there are so many values that rows are not made at once."""
    text = file.read_text()
    for day in range(DAYS, 0, -1):
        text = text.replace(f"d_{day}", f"2024-01-{day:02d}", 1)
    file.write_text(text)
    plain = lengthened(read_table(read_sheet(file, file.name)), ())
    monkeypatch.setattr(wide, "MANY", 1)
    table = lengthened(read_table(read_sheet(file, file.name)), ())
    assert isinstance(table.cells, Melted)
    assert not isinstance(plain.cells, Melted)
    assert table.header == plain.header == ("item", "shop", "time", "value")
    assert (list(table.cells), list(table.lines), table.kinds) == (plain.cells, plain.lines, plain.kinds)
    assert table.notes == plain.notes
    assert "1 row without a value (line 20) is left out" in plain.notes[-1]
    assert table.cells[5] == plain.cells[5]
    assert [table.texts(place) for place in range(4)] == [plain.texts(place) for place in range(4)]


@pytest.mark.parametrize("places", [[0], [1], [0, 1], [2], [1, 2]])
def test_marks_are_those_of_a_list(file: Path, places: list[int]) -> None:
    """Also where a column of values is one of them."""
    (marks, of_row), (others, of_other) = (table.marks(places) for table in _tables(file))
    assert marks == others
    assert of_row.tolist() == of_other.tolist()


def test_each_series_has_its_own_values(tmp_path: Path) -> None:
    """By its name, as pandas reads them."""
    drawn = np.random.default_rng(4).integers(0, 100, (40, 30))
    rows = [f"i{number}," + ",".join(map(str, values)) for number, values in enumerate(drawn)]
    text = "\n".join(["item," + ",".join(f"d_{day}" for day in range(1, 31)), *rows])
    (tmp_path / "wide.csv").write_text(text)
    source = SeriesSource.model_validate({"path": "wide.csv", "value": "value", "id": "item"})
    found = load_each(source, tmp_path)
    assert [one.series.name for one in found] == [f"i{number}" for number in range(40)]
    np.testing.assert_array_equal(np.stack([one.series.values[:, 0] for one in found]), drawn)
