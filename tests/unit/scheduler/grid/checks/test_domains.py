"""Values that a transform is not defined for are one mistake a column, whose advice is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.grid.grid import Grid
from store.errors import GridError

VALUES = [f"{5 + row % 7},{3 + row % 5}" for row in range(24)]


def refusal(folder: Path, prepare: str, **changed: str) -> str:
    """Read a grid of two columns, some rows of which are others; return its one mistake, or nothing."""
    rows = [changed.get(f"row{number}", row) for number, row in enumerate(VALUES, start=1)]
    times = [f"2024-01-{day:02d}" for day in range(1, 25)]
    lines = [f"{time},{row}" for time, row in zip(times, rows, strict=True)]
    (folder / "data.csv").write_text("\n".join(["day,sales,price", *lines]))
    text = "series: {path: data.csv, time: day, targets: [sales], inputs: [sales, price]}\ntest: 4\n"
    text += f"model: {{stateful: false}}\nprepare:\n  pad: true\n  {prepare}\n"
    (folder / "grid.yaml").write_text(text)
    try:
        Grid.load(folder / "grid.yaml")
    except GridError as problem:
        (mistake,) = problem.mistakes
        return str(mistake)
    return ""


@pytest.mark.parametrize(
    ("prepare", "changed", "expected"),
    [
        (
            "transform: log",
            {"row23": "0,3"},
            "is log for sales: log is for values above 0, and sales is 0 in row 23 (2024-01-23); allowed: ",
        ),
        ("transform: log", {"row7": "5,-2", "row9": "5,0"}, "price is -2 in row 7 (2024-01-07), the first of 2 such"),
        (
            "transform: {sales: box_cox, price: log}",
            {"row3": "0,1"},
            "is box_cox for sales: box_cox is for values",
        ),
        (
            "transform: {price: sqrt}",
            {"row20": "1,-0.5"},
            "is sqrt for price: sqrt is for values from 0, and price is -0.5",
        ),
        (
            "transform: log",
            {"row4": "0,2", "row5": "0,2", "row6": "7,0"},
            "prepare.transform: log is for values above 0, and sales is 0 in row 4 (2024-01-04), the first of 2 such "
            "values; log is for values above 0, and price is 0 in row 6 (2024-01-06); allowed: prepare.transform: "
            "log1p",
        ),
        ("transform: log1p", {"row20": "-1,2"}, "is log1p for sales: log1p is for values above -1, and sales is -1 in"),
    ],
)
def test_the_advice_leads_to_a_grid(tmp_path: Path, prepare: str, changed: dict[str, str], expected: str) -> None:
    """Column, first place, and each way that is named; in the test part and of an input, too."""
    mistake = refusal(tmp_path, prepare, **changed)
    assert expected in mistake
    assert mistake.startswith(f"{tmp_path}/grid.yaml:6: ")
    ways = re.findall(r"(?:allowed: |, | or )prepare\.(transform: (?:\{.*?\}|\w+))", mistake)
    assert ways
    for way in ways:
        assert refusal(tmp_path, way, **changed) == ""


def test_all_values_within(tmp_path: Path) -> None:
    assert refusal(tmp_path, "transform: {sales: log, price: box_cox}") == ""


def test_other_columns_keep_theirs(tmp_path: Path) -> None:
    """The whole field is written."""
    mistake = refusal(tmp_path, "transform: {sales: log, price: box_cox}", row2="0,4")
    assert "allowed: prepare.transform: {sales: log1p, price: box_cox}, prepare.transform: {sales: sqrt, " in mistake
