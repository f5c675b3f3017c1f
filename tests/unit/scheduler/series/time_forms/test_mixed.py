"""Times of two forms in one column that give no order of time."""

from pathlib import Path

from tests.series.csv_files import read, refused
from tests.series.files import days, table


def test_they_are_named_at_once(tmp_path: Path) -> None:
    """By an example of each form, and where the fewer ones are."""
    times = [*days("%d/%m/%Y")[:30], *days("%Y-%m-%d")[10:15]]
    refused(
        tmp_path,
        table(times, header="Month,Sales"),
        ":32: Month has times of 2 forms, '01/06/2022' in 30 rows and '2022-06-11' in 5 rows, which are in no order of "
        "time together: write all of them in one form; the fewer ones are on lines 32 to 36",
    )


def test_one_slip_is_named_by_its_row(tmp_path: Path) -> None:
    """Unless it is in order with the others."""
    times = [*days("%d/%m/%Y")[:30], "2022-06-11"]
    refused(
        tmp_path,
        table(times, header="Month,Sales"),
        ":32: the time '2022-06-11' is not %d/%m/%Y, as the others are; correct it, or leave the row out by series.na",
        ": write series: {path: s.csv, time: Month, na: ['2022-06-11'], value: Sales}",
    )
    assert read(tmp_path, table([*times[:30], "2022-07-01"], header="Month,Sales")).times[-1] == "2022-07-01"
