"""Columns that are parted by their places, and rows whose words lie across them."""

from __future__ import annotations

from scheduler.series.tables.fixed_columns import with_tabs

HEADER = "station  a   b"
ROWS = [f"Rome    {row % 7 if row % 5 else '':>2} {row:>3}" for row in range(300)]


def test_a_row_with_values_is_no_note() -> None:
    """Where a longer name pushes its values aside, behind the rows that show the places; a sentence is a note."""
    lines = [HEADER, *ROWS]
    long = [*lines, "San Francisco 3 301"]
    assert with_tabs(long, long[:200]) is None
    noted = with_tabs([*lines, "all in millimetres of rain"], lines[:200])
    assert noted is not None
    assert noted[1:3] == ["Rome\t\t0", "Rome\t1\t1"]
    assert with_tabs([*lines, "# written in 2024 by an instrument"], lines[:200]) is not None
