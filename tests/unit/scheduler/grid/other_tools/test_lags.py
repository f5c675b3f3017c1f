"""Lists of lags, and columns that series.as has made several of, are answered with the grid's own columns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.grid.grid import Grid
from store.errors import GridError
from tests.series.files import ISO, LONG, VALUES

REST = "test: 4\nmodel: {stateful: false}\n"
Y = "series: {path: y.csv, time: day, value: y}"
SHOPS = "series: {path: shops.csv, time: day, value: boxes, id: shop, as: columns, keep: [A, B]}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a series and three shops."""
    rows = [f"{day},{value},{value}" for day, value in zip(ISO, VALUES, strict=False)]
    (tmp_path / "y.csv").write_text("\n".join(["day,y,x", *rows]) + "\n")
    (tmp_path / "shops.csv").write_text("\n".join(["shop,day,boxes", *LONG]) + "\n")
    return tmp_path


def told(folder: Path, text: str) -> str:
    """Return what the message tells to write."""
    with pytest.raises(GridError) as raised:
        Grid.parse(text, file=str(folder / "g.yaml"))
    return raised.value.mistakes[0].rpartition("; write ")[2].removesuffix(", and leave prepare.lags out")


@pytest.mark.parametrize(
    ("series", "lags", "expected"),
    [
        (Y, "[1, 7]", "series: {path: y.csv, time: day, targets: [y], inputs: {y: {lags: [1, 7]}}}"),
        (
            "series: {path: y.csv, time: day, targets: [y], inputs: {y: {}, x: {known: true}}}",
            "{y: [1, 7], x: 3}",
            "series: {path: y.csv, time: day, targets: [y], inputs: {y: {lags: [1, 7]}, x: {known: true, lags: 3}}}",
        ),
        ("series: shampoo", "[1, 12]", "series: {name: shampoo, targets: [Sales], inputs: {Sales: {lags: [1, 12]}}}"),
    ],
)
def test_a_list_of_lags(folder: Path, series: str, lags: str, expected: str) -> None:
    """What is told is the whole field, and a grid with it is right."""
    assert told(folder, f"{series}\nprepare: {{pad: true, lags: {lags}}}\n{REST}") == expected
    assert len(Grid.parse(f"{expected}\nprepare: {{pad: true}}\n{REST}", file=str(folder / "g.yaml"))) == 1


def test_all_lags_up_to_one_are_its_number(folder: Path) -> None:
    """So that no column needs to be named."""
    assert told(folder, f"{Y}\nprepare: {{pad: true, lags: [1, 2, 3]}}\n{REST}") == "prepare: {lags: 3}"


def test_an_axis_of_lists_of_lags(folder: Path) -> None:
    """It becomes the axis of a column."""
    text = told(folder, f"{Y}\nprepare: {{pad: true}}\n{REST}grid: {{prepare.lags: [[1, 2], [1, 7]]}}\n")
    series, _, axis = text.partition(" and, under grid, ")
    grid = Grid.parse(f"{series}\nprepare: {{pad: true}}\n{REST}grid: {{{axis}}}\n", file=str(folder / "g.yaml"))
    assert len(grid) == 2


@pytest.mark.parametrize("field", ["transform: {boxes: log}", "scale: {boxes: standard}", "difference: {boxes: 1}"])
def test_a_field_by_a_column_that_became_several(folder: Path, field: str) -> None:
    """What is told has the columns that there are."""
    mended = told(folder, f"{SHOPS}\nprepare: {{pad: true, {field}}}\n{REST}")
    found = re.search(r"write prepare\.(\w+): (\{A: .*, B: .*\})", mended)
    assert found is not None
    Grid.parse(f"{SHOPS}\nprepare: {{pad: true, {found[1]}: {found[2]}}}\n{REST}", file=str(folder / "g.yaml"))


def test_all_series_are_columns_where_none_is_named(folder: Path) -> None:
    """They are targets and inputs, as those that are named."""
    text = SHOPS.replace(", keep: [A, B]", "")
    grid = Grid.parse(f"{text}\nprepare: {{pad: true}}\n{REST}", file=str(folder / "g.yaml"))
    assert grid.series_data()[0].columns == ("A", "B", "C")
    assert grid.points[0].configuration.series.targets == ("A", "B", "C")
