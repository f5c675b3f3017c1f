"""Nothing of a file is lost or invented by what is found in it and what is proposed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scheduler.series.fields import SeriesSource
from scheduler.series.reading.file import Reading, read_file
from store.errors import SeriesError

SPANISH = (
    *("Enero", "Febrero", "Marzo", "Abril", "Mayo", "Junio"),
    *("Julio", "Agosto", "Septiembre", "Octubre", "Noviembre", "Diciembre"),
)
DUTCH = (
    *("Januari", "Februari", "Maart", "April", "Mei", "Juni"),
    *("Juli", "Augustus", "September", "Oktober", "November", "December"),
)


def read(folder: Path, content: str, **fields: object) -> Reading:
    """Read a file of some content."""
    (folder / "data.csv").write_text(content)
    return read_file(SeriesSource(path="data.csv", **fields), folder)


@pytest.mark.parametrize("months", [SPANISH, DUTCH], ids=["Spanish", "Dutch"])
@pytest.mark.parametrize("rows", [49, 53, 60])
def test_the_last_months_are_no_notes(tmp_path: Path, months: tuple[str, ...], rows: int) -> None:
    """In whatever language, and whatever month is the last."""
    lines = [f"{months[n % 12]} {2010 + n // 12},{n}" for n in range(rows)]
    found = read(tmp_path, "mes,y\n" + "\n".join(lines), time="mes", value="y")
    np.testing.assert_array_equal(found.series.values[:, 0], np.arange(rows))


def test_a_minus_sign_is_a_minus(tmp_path: Path) -> None:
    """As typographers write it."""
    found = read(tmp_path, "y\n" + "\n".join(["1.5", "\N{MINUS SIGN}2.5", "-3", "4"] * 3), value="y")
    assert found.series.values[1, 0] == -2.5


@pytest.mark.parametrize("text", ["12.3*", "~7"])
def test_values_with_figures_are_not_proposed_as_missing(tmp_path: Path, text: str) -> None:
    """They say something: the marks that change nothing are to be named."""
    with pytest.raises(SeriesError, match=r"series\.flags") as problem:
        read(tmp_path, "y\n" + "\n".join([*map(str, range(20)), text, "3"]), value="y")
    assert "na:" not in str(problem.value)


def test_two_slips_are_no_second_series(tmp_path: Path) -> None:
    """A column that happens to differ in two rows of the same times does not tell series apart."""
    days = [str(day)[:10] for day in pd.date_range("2020-01-01", periods=600)]
    rows = [f"{day},{n % 5 == 0:d},{n}" for n, day in enumerate(days)]
    rows[100:100] = [f"{days[100]},1,7"]
    rows[303:303] = [f"{days[302]},1,8"]
    with pytest.raises(SeriesError) as problem:
        read(tmp_path, "day,promo,y\n" + "\n".join(rows), time="day", value="y")
    assert "series, told apart" not in str(problem.value)
    assert "duplicates" in str(problem.value)


def test_a_sum_with_a_missing_part_is_missing(tmp_path: Path) -> None:
    """And not the sum of what is there."""
    days = [str(day)[:10] for day in pd.date_range("2020-01-01", periods=12)]
    rows = [line for day in days for line in (f"{day},10", f"{day},12")]
    rows[6] = f"{days[3]},"
    with pytest.raises(SeriesError, match="missing"):
        read(tmp_path, "day,y\n" + "\n".join(rows), time="day", value="y", duplicates="sum")
    found = read(tmp_path, "day,y\n" + "\n".join(rows), time="day", value="y", duplicates="sum", missing="previous")
    assert set(found.series.values[:, 0]) == {22.0}


def test_the_season_is_found_with_a_format_and_gaps(tmp_path: Path) -> None:
    """Rows are put in with times of another form than the file's."""
    days = [day for n, day in enumerate(pd.date_range("2020-01-01", periods=60)) if n not in (20, 21)]
    rows = [f"{day:%d.%m.%Y},{day.dayofweek}" for day in days]
    fields = {"time": "day", "value": "y", "format": "%d.%m.%Y", "missing": "seasonal"}
    found = read(tmp_path, "day,y\n" + "\n".join(rows), **fields)
    first = days[0].dayofweek
    np.testing.assert_array_equal(found.series.values[:, 0], [(first + n) % 7 for n in range(60)])


@pytest.mark.parametrize("above", ["Monthly report;;\n", "Monthly report;;\nCreated 2024-01-02;;\n", "Report;;\n;;\n"])
def test_titles_as_wide_as_the_table_are_no_header(tmp_path: Path, above: str) -> None:
    """As spreadsheets save them."""
    rows = [f"2020-{n + 1:02};{n};{2 * n}" for n in range(12)]
    found = read(tmp_path, above + "Month;Sales;Cost\n" + "\n".join(rows), time="Month", value="Sales")
    np.testing.assert_array_equal(found.series.values[:, 0], np.arange(12))
    assert any("look" in note for note in found.notes)


def test_a_blank_line_among_values_is_a_missing_one(tmp_path: Path) -> None:
    """In a file of one column; at its ends, or where every other line is blank, blank lines are none."""
    values = [str(n) for n in range(12)]
    holed = "y\n" + "\n".join([*values[:5], "", *values[5:]]) + "\n\n\n"
    with pytest.raises(SeriesError, match=r"1 of 13 values of y is missing \(empty\), on line 7"):
        read(tmp_path, holed, value="y")
    assert len(read(tmp_path, holed, value="y", missing="previous").series.values) == 13
    assert len(read(tmp_path, "y\n\n" + "\n\n".join(values), value="y").series.values) == 12
