"""Numbers of a file: decimal commas, and the largest values."""

from pathlib import Path

from tests.series.csv_files import GOOD, read, refused
from tests.series.files import days, table


def test_the_largest_values(tmp_path: Path) -> None:
    """The ends themselves are allowed."""
    assert read(tmp_path, GOOD.replace("2.5", "-1e150").replace("-3e1", "1e150")).values.max() == 1e150


def test_decimal_commas(tmp_path: Path) -> None:
    """With `decimal: ","` a comma is the mark and a point is not."""
    content = "Month;Sales\n2024-01;1\n2024-02;2,5\n2024-03;-3e1\n"
    assert read(tmp_path, content, decimal=",").content_hash == read(tmp_path, GOOD).content_hash
    refused(
        tmp_path,
        content + "2024-04;1.000,5\n",
        ":5: Sales is '1.000,5': a decimal comma and thousands parted by a point",
        ": write series: {path: s.csv, time: Month, decimal: ',', thousands: ., value: Sales}",
        decimal=",",
    )
    assert read(tmp_path, content + "2024-04;1.000,5\n", decimal=",", thousands=".").values[3, 0] == 1000.5


def test_thousands_where_other_values_have_none(tmp_path: Path) -> None:
    """A comma before three digits parts thousands if smaller numbers have no comma."""
    rows = "Month,Sales\n2024-01,900\n2024-02,950\n"
    refused(
        tmp_path,
        rows + '2024-03,"1,050"\n',
        ":4: Sales is '1,050': thousands parted by a comma",
        ": write series: {path: s.csv, time: Month, thousands: ',', value: Sales}",
        ": or, if the comma is the decimal mark: series: {path: s.csv, time: Month, decimal: ',', value: Sales}",
    )
    assert read(tmp_path, rows + '2024-03,"1,050"\n', thousands=",").values[2, 0] == 1050


def test_a_column_of_times_is_no_column_of_values(tmp_path: Path) -> None:
    """The message says where what the model sees of times is written."""
    rows = "Month,Day,Sales\n2024-01,05.01.2024,900\n2024-02,06.02.2024,950\n"
    refused(
        tmp_path,
        rows,
        ":2: Day holds times, such as '05.01.2024', and no numbers: name another column, or leave it out; what the "
        "model sees of times is written as prepare.calendar: [month, weekday]",
        value="Day",
    )


def test_a_minus_behind_a_number_beside_others_with_theirs_in_front(tmp_path: Path) -> None:
    """Then it says something else, which only the file's owner knows."""
    refused(
        tmp_path,
        table(days("%Y-%m", freq="MS", count=24), header="Month,Sales", values=["-1", *["5"] * 10, "12-", *["5"] * 12]),
        ":13: Sales is '12-' on line 13, which is no number; correct it in the file, or leave the value out by "
        "series.na: it is then missing",
        ": write series: {path: s.csv, time: Month, na: [12-], missing: previous, value: Sales}",
    )


def test_two_units_are_no_marks(tmp_path: Path) -> None:
    """Without them 5 MWh and 5 kWh would be the same."""
    values = [f"{row} {'kWh' if row % 3 else 'MWh'}" for row in range(12)]
    refused(
        tmp_path,
        table(days("%Y-%m", freq="MS", count=12), header="Month,Sales", values=values),
        ":2: each value of Sales has one of 2 units or marks, such as '0 MWh', '1 kWh', '2 kWh': write the values in "
        "one unit",
    )
