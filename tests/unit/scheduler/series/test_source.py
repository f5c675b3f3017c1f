"""CSV files to series: every fault is named by its line."""

import os
import re
from pathlib import Path

import numpy as np
import pytest

from scheduler.series.fields import SeriesSource
from scheduler.series.source import bundled, bundled_names, load
from store.errors import SeriesError
from tests.series.csv_files import GOOD, read, refused


def test_a_plain_file(tmp_path: Path) -> None:
    """Values, times and the name are those of the file."""
    series = read(tmp_path, GOOD)
    assert (series.name, series.columns) == ("s", ("Sales",))
    assert series.times == ("2024-01", "2024-02", "2024-03")
    np.testing.assert_array_equal(series.values, [[1.0], [2.5], [-30.0]])


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("Sales", '"Sales"').replace("2.5", '"2.5"'),
        GOOD + "\n\n",
        GOOD.replace(",", " , "),
    ],
)
def test_files_that_differ_in_form_only(tmp_path: Path, content: str) -> None:
    """Byte order marks, line ends, delimiters, quotes and blank lines decide nothing."""
    assert read(tmp_path, content).content_hash == read(tmp_path, GOOD).content_hash


def test_the_hash_goes_by_names_and_values(tmp_path: Path) -> None:
    """Times decide no number; a column's name and a value do."""
    first = read(tmp_path, GOOD).content_hash
    assert read(tmp_path, GOOD.replace("2024", "1999")).content_hash == first
    assert read(tmp_path, GOOD.replace("2.5", "2.6")).content_hash != first
    assert read(tmp_path, GOOD.replace("Sales", "Sold"), value="Sold").content_hash != first


def test_minus_nought_is_nought(tmp_path: Path) -> None:
    """Equal values hash alike."""
    assert (
        read(tmp_path, GOOD.replace(",1", ",0")).content_hash
        == read(tmp_path, GOOD.replace(",1", ",-0.0")).content_hash
    )


def test_columns_keep_the_order_of_the_file(tmp_path: Path) -> None:
    """The order in which a grid names columns does not change the series."""
    (tmp_path / "w.csv").write_text("a,b,c\n1,2,3\n4,5,6\n")
    found = load(SeriesSource(path="w.csv", targets=("c",), inputs=("a", "c")), tmp_path)
    one, choice = found.series, found.choice
    assert one.columns == ("a", "c")
    assert (choice.targets, choice.inputs) == (("c",), ("a", "c"))


def test_the_only_other_column_is_the_value(tmp_path: Path) -> None:
    """With one column beside the time, nothing need be said."""
    assert read(tmp_path, GOOD, value=None).columns == ("Sales",)


WRITE = ": write series: {path: s.csv, "
SAYS = "series.missing says what becomes of them"
MISSING = WRITE + "time: Month, missing: previous, value: Sales}"


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("", [": is empty; a series needs a header line and a row for each observation"]),
        (" \n\n", [": is empty; a series needs a header line and a row for each observation"]),
        ("Month,Sales\n", [": has 0 observations; a series needs at least 2"]),
        ("Month,Sales\n2024-01,1\n", [": has 1 observation; a series needs at least 2"]),
        (
            "2024-01,2\n2024-02,4\n",
            [
                ":1: the first line holds values, as the others do, and no names: the columns are then called column_1 "
                "and column_2",
                WRITE + "header: false, time: column_1, value: column_2}",
            ],
        ),
        (
            "Month,Sale\n2024-01,1\n2024-02,1\n",
            [
                ":1: there is no column 'Sales'; the columns are Month and Sale; did you mean Sale?",
                WRITE + "time: Month, value: Sale}",
            ],
        ),
        (
            "Month,Sales,Sales\n2024-01,1,1\n2024-02,1,1\n",
            [
                ":1: 2 columns are called 'Sales'; name the one that is meant by its place: column_2",
                WRITE + "time: Month, value: column_2}",
            ],
        ),
        (
            GOOD + "2024-04,\n",
            [
                ":5: 1 of 4 values of Sales is missing (empty), on line 5; series.missing says what becomes of them",
                MISSING,
            ],
        ),
        (
            GOOD + "2024-04,nan\n",
            [
                ":5: 1 of 4 values of Sales is missing ('nan'), on line 5; series.missing says what becomes of them",
                MISSING,
            ],
        ),
        (
            GOOD + "2024-04,inf\n",
            [
                ":5: Sales is 'inf' on line 5, which is no number; correct it, or name it in series.na if a value is "
                "missing there",
                WRITE + "time: Month, na: [inf], missing: previous, value: Sales}",
            ],
        ),
        (
            GOOD + "2024-04,1e999\n",
            [":5: Sales is '1e999', which is too large; allowed: numbers from -1e150 to 1e150; correct it"],
        ),
        (
            GOOD + "2024-04,-1.1e150\n",
            [":5: Sales is '-1.1e150', which is too large; allowed: numbers from -1e150 to 1e150; correct it"],
        ),
        (GOOD + '2024-04,"3,5"\n', [":5: Sales is '3,5', which has a decimal comma, unlike other values; correct it"]),
        (
            GOOD.replace("2.5", "2") + '2024-04,"3,5"\n',
            [":5: Sales is '3,5': a decimal comma", WRITE + "time: Month, decimal: ',', value: Sales}"],
        ),
        (
            GOOD + '2024-04,"1,000"\n',
            [":5: Sales is '1,000': thousands parted by a comma", WRITE + "time: Month, thousands: ',', value: Sales}"],
        ),
        (
            'Month,Sales\n2024-01,"2,000"\n2024-02,"1,000"\n',
            [
                ":2: Sales is '2,000' and so on in 2 of 2 rows: thousands parted by a comma",
                WRITE + "time: Month, thousands: ',', value: Sales}",
                ": or, if the comma is the decimal mark: "
                "series: {path: s.csv, time: Month, decimal: ',', value: Sales}",
            ],
        ),
        (GOOD + "2024-04,1,2\n", [":5: has 3 fields, and the header has 2; check delimiters and quotes"]),
        (
            GOOD + "2024-03,4\n",
            [
                ":4: 1 time is there more than once with different rows, such as 2024-03 on lines 4 to 5 "
                "(Sales: -30, 4), and no column tells them apart; choose what counts: series.duplicates is "
                "first, last, mean or sum",
                WRITE + "time: Month, duplicates: mean, value: Sales}",
            ],
        ),
        (
            GOOD + "2024-04-01T00:00:00Z,4\n",
            [":5: the time '2024-04-01T00:00:00Z' is not ISO 8601 without a zone, as the others are; correct it"],
        ),
        (
            GOOD + "2024-04,4\n2024-05,5\n2024-08,6\n",
            [
                f":7: the times are monthly, and 2 rows are missing: 2024-06 to 2024-07 (2 rows); {SAYS}",
                MISSING,
            ],
        ),
        (GOOD + '2024-04,"4\n', [":5: not CSV: unexpected end of data; check the quotes"]),
        (GOOD + "2024-04,\0\n", [":5: holds a NUL character; save the file as UTF-8 text"]),
    ],
)
def test_a_faulty_file(tmp_path: Path, content: str | bytes, lines: list[str]) -> None:
    """Each message says where and what is wrong; the last one is the line of YAML with which the file is read."""
    refused(tmp_path, content, *lines)


@pytest.mark.parametrize("swap", [False, True])
def test_a_refused_row_is_no_gap(tmp_path: Path, swap: bool) -> None:
    """A row with too few or too many fields is there, wherever the time stands in it."""
    rows = [f"{2000 + i},{i}" for i in range(9)]
    rows[3], rows[6] = "2003", "2006,1,5"
    lines = ["Month,Sales", *rows]
    refused(
        tmp_path,
        "\n".join(",".join(line.split(",")[::-1]) if swap else line for line in lines),
        ":5: has 1 field, and the header has 2; check delimiters and quotes",
        ":8: has 3 fields, and the header has 2; check delimiters and quotes",
    )


def test_rows_that_are_not_evenly_spaced_are_taken_as_they_are(tmp_path: Path) -> None:
    """Weekends are not rows left out."""
    days = [1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 15, 16, 17, 18, 19]
    content = "Month,Sales\n" + "".join(f"2024-01-{day:02d},{day}\n" for day in days)
    assert len(read(tmp_path, content).values) == 15


def test_a_mistake_of_many_rows_is_said_once(tmp_path: Path) -> None:
    """Each pattern is one line, with the count and the lines; what mends all of them is one line of YAML."""
    rows = "".join(f"{1900 + i};{i},5\n" for i in range(50))
    refused(
        tmp_path,
        f"Month;Sales\n{rows}1950;n/a\n",
        ":2: Sales is '0,5' and so on in 50 of 51 rows: a decimal comma",
        ":52: 1 of 51 values of Sales is missing ('n/a'), on line 52; series.missing says what becomes of them",
        WRITE + "time: Month, decimal: ',', missing: previous, value: Sales}",
    )
    refused(
        tmp_path,
        "Month,Sales\n" + "".join(f"{1900 + i},{i},a\n" for i in range(20)),
        ":2: 20 of 20 rows, lines 2 to 21, have 3 fields, and the header has 2; check delimiters and quotes",
    )


def test_no_message_is_longer_than_a_screen(tmp_path: Path) -> None:
    """Of many mistakes the first ones are shown, and how many there are."""
    content = "Month,Sales\n" + "".join(f"{1900 + i},{'1,2' * (i % 7 + 1)}\n" for i in range(100))
    with pytest.raises(SeriesError) as raised:
        read(tmp_path, content)
    assert len(raised.value.mistakes) < 12


def test_a_missing_file(tmp_path: Path) -> None:
    """The message says what the path is relative to."""
    message = re.escape(f"{tmp_path / 'no.csv'}: no such file; a path is relative to the grid file")
    with pytest.raises(SeriesError, match=f"^{message}$"):
        load(SeriesSource(path="no.csv"), tmp_path)


def test_a_directory(tmp_path: Path) -> None:
    """A directory is no series."""
    (tmp_path / "d").mkdir()
    with pytest.raises(SeriesError, match=f"^{re.escape(str(tmp_path / 'd'))}: this is a directory; name a CSV file$"):
        load(SeriesSource(path="d"), tmp_path)


def test_several_columns_and_none_named(tmp_path: Path) -> None:
    """A file with several columns must say which is forecast."""
    refused(
        tmp_path,
        "Month,a,b\n2024-01,1,2\n2024-02,3,4\n",
        ":1: the columns are a and b; choose in the grid which to forecast: series.value or series.targets",
        WRITE + "time: Month, value: b}",
        ": or, to forecast several: series: {path: s.csv, time: Month, targets: [a, b]}",
        value=None,
    )


@pytest.mark.parametrize(
    ("header", "columns", "value"),
    [("Month,a,", ["a", "column_3"], "a"), ("Month,a,a", ["column_2", "column_3"], "column_2")],
)
def test_columns_without_a_name_of_their_own(tmp_path: Path, header: str, columns: list[str], value: str) -> None:
    """They can be called by their place."""
    refused(
        tmp_path,
        f"{header}\n2024-01,1,2\n2024-02,3,4\n",
        f":1: the columns are {' and '.join(columns)}; choose in the grid which to forecast: series.value or "
        "series.targets",
        f"{WRITE}time: Month, value: {value}}}",
        f": or, to forecast several: series: {{path: s.csv, time: Month, targets: [{', '.join(columns)}]}}",
        value=None,
    )


def test_no_column_to_forecast(tmp_path: Path) -> None:
    """The times alone are no series."""
    line = ":1: there is no column besides the time; add one with values"
    refused(tmp_path, "Month\n2024-01\n", line, value=None)


@pytest.mark.parametrize("name", bundled_names())
def test_bundled_series_are_whole(name: str) -> None:
    """Each has at least 10 observations, all finite, and a time for each."""
    series = bundled(name)
    assert series.values.shape == (len(series.times), len(series.columns))
    assert len(series.times) >= 10
    assert np.isfinite(series.values).all()


def test_the_shampoo_series() -> None:
    """36 months; forecasting each of the last 12 by the month before has an RMSE of 136.761."""
    sales = bundled("shampoo").values[:, 0]
    assert len(sales) == 36
    assert round(float(np.sqrt(np.mean((sales[24:] - sales[23:-1]) ** 2))), 3) == 136.761


def test_a_path_that_is_no_file(tmp_path):
    """The writer of a pipe may never come, and a device may never end."""
    os.mkfifo(tmp_path / "pipe.csv")
    for path in ("pipe.csv", "/dev/zero"):
        with pytest.raises(SeriesError, match=rf"^{path}: this is a pipe or a device, not a file; name a CSV file$"):
            load(SeriesSource(path=path, value="a"), tmp_path)
