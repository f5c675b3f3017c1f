"""Where a table ends."""

from __future__ import annotations

from scheduler.series.tables.cells import Kind
from scheduler.series.tables.footer import last_of_body

KINDS = (Kind.TIME, Kind.NUMBER)
ROWS = [[f"2022-06-{day:02d}", f"5,1{day:02d}"] for day in range(1, 9)]


def test_a_total_without_a_time_is_no_row() -> None:
    """It has more figures than any of the rows; another row without a time stays, and is a mistake."""
    assert last_of_body([["day", "y"], *ROWS, ["", "601,234"]], KINDS, 1) == 9
    assert last_of_body([["day", "y"], *ROWS, ["", "5,109"]], KINDS, 1) == 10


def test_a_word_in_the_only_column_is_a_row() -> None:
    """A sentence below it is a note."""
    column = [["y"], *([str(n)] for n in range(8))]
    assert last_of_body([*column, ["closed"]], (Kind.NUMBER,), 1) == 10
    assert last_of_body([*column, ["end of file"]], (Kind.NUMBER,), 1) == 9
