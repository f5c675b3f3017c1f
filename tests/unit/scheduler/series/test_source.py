"""CSV files to series: every fault is named by its line."""

import re
from pathlib import Path

import numpy as np
import pytest

from scheduler.series.fields import SeriesSource
from scheduler.series.source import bundled, bundled_names, load
from store.errors import SeriesError
from tests.series_files import GOOD, read, refused


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
    one, choice = load(SeriesSource(path="w.csv", targets=("c",), inputs=("a", "c")), tmp_path)
    assert one.columns == ("a", "c")
    assert (choice.targets, choice.inputs) == (("c",), ("a", "c"))


def test_the_only_other_column_is_the_value(tmp_path: Path) -> None:
    """With one column beside the time, nothing need be said."""
    assert read(tmp_path, GOOD, value=None).columns == ("Sales",)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", ": is empty; a series needs a header line and a row for each observation"),
        (" \n\n", ": is empty; a series needs a header line and a row for each observation"),
        ("Month,Sales\n", ": has 0 observations; a series needs at least 2"),
        ("Month,Sales\n2024-01,1\n", ": has 1 observation; a series needs at least 2"),
        (
            "1,2\n3,4\n",
            ":1: the first line holds values; add a header line with the column names before it",
        ),
        (
            "Month,Sale\n2024-01,1\n",
            ":1: there is no column 'Sales'; the columns are Month and Sale; did you mean Sale?",
        ),
        ("Month,Sales,Sales\n2024-01,1,1\n", ":1: the column 'Sales' appears twice; give each a unique name"),
        (GOOD + "2024-04,\n", ":5: Sales is empty; fill in the value"),
        (GOOD + "2024-04,nan\n", ":5: Sales is 'nan', which is not a finite number; correct it"),
        (GOOD + "2024-04,inf\n", ":5: Sales is 'inf', which is not a finite number; correct it"),
        (
            GOOD + "2024-04,1e999\n",
            ":5: Sales is '1e999', which is too large; allowed: numbers from -1e150 to 1e150; correct it",
        ),
        (
            GOOD + "2024-04,-1.1e150\n",
            ":5: Sales is '-1.1e150', which is too large; allowed: numbers from -1e150 to 1e150; correct it",
        ),
        (GOOD + "2024-04,1_0\n", ":5: Sales is '1_0', which is not a finite number; correct it"),
        (
            GOOD + '2024-04,"3,5"\n',
            ":5: Sales is '3,5', which has a decimal comma; correct it",
        ),
        (
            GOOD.replace("2.5", "2") + '2024-04,"3,5"\n',
            ":5: Sales is '3,5', which has a decimal comma; correct it, or set series.decimal: ',' for all",
        ),
        (
            GOOD + '2024-04,"1,000"\n',
            ":5: Sales is '1,000', which has thousands separators; remove them",
        ),
        (
            GOOD.replace("2.5", "2") + '2024-04,"1,000,000"\n',
            ":5: Sales is '1,000,000', which has thousands separators; remove them",
        ),
        (
            GOOD.replace("2.5", "2") + '2024-04,"1,000"\n',
            ":5: Sales is '1,000', which has thousands separators, which are not allowed, or a decimal comma; "
            "remove the separators, or set series.decimal: ',' for all",
        ),
        (GOOD + "2024-04,1,2\n", ":5: has 3 fields, and the header has 2; check delimiters and quotes"),
        (GOOD + ",4\n", ":5: the time is missing; fill it in"),
        (GOOD + "2024-03,4\n", ":5: the time '2024-03' appears twice, first on line 4; keep one of the rows"),
        (GOOD + "2023-12,4\n", ":5: the time '2023-12' comes before that of line 4; sort the rows by time"),
        (
            GOOD + "2024-04-01T00:00:00Z,4\n",
            ":5: the time '2024-04-01T00:00:00Z' has a time zone, unlike the first; give all times one, or none",
        ),
        (
            GOOD + "2024-04,4\n2024-05,5\n2024-08,6\n",
            ":7: 2 rows are missing between this time and line 6; add the missing rows, "
            "or leave `time` out of the grid if the rows are in fact consecutive",
        ),
        (GOOD + '2024-04,"4\n', ":5: not CSV: unexpected end of data; check the quotes"),
        (GOOD + "2024-04,\0\n", ":5: holds a NUL character; save the file as UTF-8 text"),
        (b"Month,Sales\n2024-01,\xff\n", ":2: byte 0xff is not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_faulty_file(tmp_path: Path, content: str | bytes, line: str) -> None:
    """One clear line says where and what is wrong, and what to do."""
    refused(tmp_path, content, line)


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


def test_mistakes_are_all_reported_up_to_twenty(tmp_path: Path) -> None:
    """The first 20 in order of their lines, and how many more."""
    content = "Month,Sales\n" + "".join(f"{1900 + i},{'x' if i < 30 else i}\n" for i in range(100))
    with pytest.raises(SeriesError) as raised:
        read(tmp_path, content)
    assert len(raised.value.mistakes) == 21
    assert raised.value.mistakes[0].startswith(f"{tmp_path / 's.csv'}:2: Sales is 'x'")
    assert raised.value.mistakes[-1] == f"{tmp_path / 's.csv'}: and 10 more mistakes"


def test_a_mistake_of_nearly_all_rows_is_said_once(tmp_path: Path) -> None:
    """A column in another form is one mistake, with the count and the first line; the others are told one by one."""
    rows = "".join(f"{1900 + i};{i},5\n" for i in range(50))
    refused(
        tmp_path,
        f"Month;Sales\n{rows}1950;n/a\n",
        ":2: Sales is '0,5', which has a decimal comma; correct it, or set series.decimal: ',' for all "
        "(50 of 51 rows have this mistake)",
        ":52: Sales is 'n/a', which is not a finite number; correct it",
    )


def test_times_and_rows_that_are_all_wrong_are_said_once(tmp_path: Path) -> None:
    """As for values."""
    days = "".join(f"{1 + i}/1/2024,{i}\n" for i in range(20))
    said = "is not an ISO time such as 2024-05-31; correct it, or set `format` (20 of 20 rows have this mistake)"
    refused(tmp_path, f"Month,Sales\n{days}", f":2: the time '1/1/2024' {said}")
    refused(
        tmp_path,
        "Month,Sales\n" + "".join(f"{1900 + i},{i},5\n" for i in range(20)),
        ":2: has 3 fields, and the header has 2; check delimiters and quotes (20 of 20 rows have this mistake)",
    )


def test_a_row_may_be_taken_out_where_no_times_are(tmp_path: Path) -> None:
    """With times it would be a gap, which is the next mistake."""
    said = ":3: Sales is 'n/a', which is not a finite number; correct it or remove the row"
    refused(tmp_path, "Sales\n1\nn/a\n3\n", said, time=None)


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
        value=None,
    )


@pytest.mark.parametrize(
    ("header", "lines"),
    [
        ("Month,a,", [":1: column 3 has no name; add one, or remove the column"]),
        ("Month,a,a", [":1: the column 'a' appears twice; give each a unique name"]),
        (
            "Month,,",
            [f":1: column {column} has no name; add one, or remove the column" for column in (2, 3)],
        ),
    ],
)
def test_columns_without_a_name_of_their_own(tmp_path: Path, header: str, lines: list[str]) -> None:
    """They are named by their number, or by the name they share."""
    refused(tmp_path, f"{header}\n2024-01,1,2\n2024-02,3,4\n", *lines, value=None)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("Month,\n2024-01,1\n", ":1: column 2 has no name; add one, or remove the column"),
        ("Month\n2024-01\n", ":1: there is no column besides the time; add one with values"),
    ],
)
def test_no_column_to_forecast(tmp_path: Path, content: str, line: str) -> None:
    """A column without a name is not taken for one."""
    refused(tmp_path, content, line, value=None)


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
