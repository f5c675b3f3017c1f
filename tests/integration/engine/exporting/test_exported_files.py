"""The script of an exported model and the user's file: what it reads, completes, refuses, and how it names rows."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from store.records import Series
from tests.integration.engine.exporting.test_exporting import left_alone
from tests.integration.engine.reference import configured, shampoo
from worker.engine.exporting.script import script

SHAMPOO = shampoo()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Month,Sales\n1-01,2\n1-02,n.a.\n", "has 'n.a.' in the column 'Sales', row 2, where a number"),
        ("Month;Sales\n1-01;2,5\n1-02;\n1-03;3\n", "has nothing in the column 'Sales', row 2, where a number"),
        ("Month,Boxes\n1-01,2\n", "has no column 'Sales'; its columns are Month, Boxes. series.csv has all"),
        ("Day;Sales\n31/01/2022;2\n30/01/2022;2\n", "has the newest row first: sort it by Day"),
        ("Day,Sales\n1,2\n1,2,3\n", "is not read as a CSV file in UTF-8: Error tokenizing data."),
        ("", "is not read as a CSV file in UTF-8: No columns to parse from file."),
        (None, "is not read as a CSV file in UTF-8: No such file or directory."),
    ],
    ids=["word", "hole", "column", "newest first", "ragged", "empty", "no file"],
)
def test_a_file_that_the_script_cannot_use_is_refused(text: str | None, says: str, tmp_path: Path) -> None:
    """In one line, which names the first row that is wrong."""
    path = tmp_path / "new.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SystemExit) as stopped:
        _script(tmp_path)["read"](path)
    assert str(stopped.value).startswith(f"{path} {says}")
    assert "\n" not in str(stopped.value)


def test_the_last_rows_may_have_no_values_yet(tmp_path: Path) -> None:
    """As where the weather of tomorrow is known; decimal commas, and a comma in another name, are read."""
    path = tmp_path / "new.csv"
    path.write_text('"Month, day";Sales\n30/12/2022;2,5\n31/12/2022;3\n01/01/2023;\n')
    values, names = _script(tmp_path)["read"](path)
    np.testing.assert_array_equal(values["Sales"], [2.5, 3.0, np.nan])
    assert names == ["30/12/2022", "31/12/2022", "01/01/2023"]


#: shop A of a file with two, on days of which one is missing, with holes and a column of text
LONG = """shop,day,sky,sales
A,2024-01-01,sun,1
B,2024-01-01,rain,90
A,2024-01-02,,2
A,2024-01-04,rain,4
A,2024-01-05,sun,NA
A,2024-01-06,sun,6
A,2024-01-07,rain,
A,2024-01-08,rain,8
A,2024-01-09,rain,
"""
SKY = ("sky=rain", "sky=sun", "weekday=Mon", "month_sin")


@pytest.mark.parametrize(
    ("fill", "sales"),
    [
        ("previous", [1, 2, 2, 4, 4, 6, 6, 8]),
        ("linear", [1, 2, 3, 4, 5, 6, 6, 8]),
        ("seasonal", [1, 2, 1, 4, 1, 6, 6, 8]),
    ],
)
def test_the_own_file_is_completed_as_in_the_study(
    fill: str, sales: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One series of a long file; missing rows, values and columns, from the test part on by the value before."""
    values = np.ones((8, 5))
    shop = Series(name="long", columns=("sales", *SKY), values=values, content_hash="long")
    columns = {"targets": ("sales",), "inputs": shop.columns, "made": SKY}
    prepare = {"calendar": [{"weekday": "onehot"}, "month"], "difference": 0}
    configuration = configured(shop, columns=columns, prepare=prepare, model={"stateful": False}, test=2)
    file = {"time": "day", "id": "shop", "keep": "A", "freq": "D", "fill": fill, "season": 2}
    (tmp_path / "forecast.py").write_text(script(configuration, shop, "Long.", file=file))
    (tmp_path / "long.csv").write_text(LONG)
    left_alone(monkeypatch)
    read = runpy.run_path(str(tmp_path / "forecast.py"))["read"]
    found, names = read(tmp_path / "long.csv")
    assert names == [f"2024-01-0{day}" for day in range(1, 10)]
    np.testing.assert_array_equal(found["sales"], [*sales, np.nan])
    np.testing.assert_array_equal(found["sky=sun"], [1, 1, 1, 0, 1, 1, 0, 0, 0])
    np.testing.assert_array_equal(found["weekday=Mon"], [1, 0, 0, 0, 0, 0, 0, 1, 0])
    np.testing.assert_array_equal(found["month_sin"], 0)
    for old, new, says in (
        ("A,", "C,", "has no row whose shop is A."),
        ("rain,4", "snow,4", "has 'snow' in the column 'sky', at 2024-01-04, which the study has not."),
        ("sun,6", "sun,6x", "has '6x' in the column 'sales', at 2024-01-06, where a number is needed."),
        ("2024-01-06", "6 Jan", "needs its times, such as 2024-01-31, in a column 'day'"),
    ):
        (tmp_path / "wrong.csv").write_text(LONG.replace(old, new))
        with pytest.raises(SystemExit, match=says):
            read(tmp_path / "wrong.csv")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["2024-01-31", "2024-02-29", "2024-03-31"], ["2024-04-30", "2024-05-31"]),
        (["2024-01", "2024-02", "2024-03"], ["2024-04", "2024-05"]),
        (
            ["2024-01-01T22:00:00Z", "2024-01-01T22:30:00Z", "2024-01-01T23:00:00Z"],
            ["2024-01-01T23:30:00Z", "2024-01-02T00:00:00Z"],
        ),
        (["1", "2", "3"], ["4", "5"]),
        (["2015Q3", "2015Q4"], ["2016Q1", "2016Q2"]),
        (["Oct 2019", "Nov 2019", "Dec 2019"], ["Jan 2020", "Feb 2020"]),
        (["29.01.2019", "30.01.2019", "31.01.2019"], ["01.02.2019", "02.02.2019"]),
        (["02/01/2019", "03/01/2019", "04/01/2019"], ["05/01/2019", "06/01/2019"]),
        (["2024-01-01", "2024-01-02", "2024-01-05"], ["2024-01-05 +1", "2024-01-05 +2"]),
    ],
)
def test_rows_after_the_last_are_called_by_their_times(names: list[str], expected: list[str], tmp_path: Path) -> None:
    """Where these are even; else by the last one, and how many later."""
    assert _script(tmp_path)["later"](names, 2) == expected


def test_rows_of_several_series_are_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path := tmp_path / "new.csv").write_text("Month,Sales\n2020-01,1\n2020-01,20\n2020-02,3\n2020-02,40\n")
    _script(tmp_path)["read"](path)
    assert capsys.readouterr().err.startswith(f"Note: {path} has rows of the same time: if they are of several series")


@pytest.mark.parametrize(
    ("factor", "shift", "far"),
    [
        (1, 0, False),
        (1.5, 0, False),
        (0.3, 0, False),
        (0.001, 0, True),
        (1000, 0, True),
        (1, 5000, True),
        (0, 0, False),
    ],
)
def test_values_in_other_units_are_noticed(
    factor: float, shift: float, far: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the range that the study had: nothing else tells thousands from pieces."""
    sales = SHAMPOO.values[:, 0] * factor + shift
    _script(tmp_path)["in_other_units"]("new.csv", {"Sales": np.append(sales, np.nan)})
    said = capsys.readouterr().err
    assert bool(said) == far
    if far:
        assert said.startswith("Note: Sales is from ")
        assert f"in new.csv, and was from {SHAMPOO.values.min():g} to {SHAMPOO.values.max():g} in the study" in said


def _script(folder: Path) -> dict[str, Any]:
    """Run the script of shampoo as a module."""
    (path := folder / "forecast.py").write_text(script(configured(SHAMPOO), SHAMPOO, "Shampoo."))
    return runpy.run_path(str(path))
