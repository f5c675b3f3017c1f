"""Tables of a year and its twelve months in each line, and lines around them that have values, too."""

from __future__ import annotations

import pytest

from scheduler.series.tables.year_rows import year_rows

ROWS = [f"{year} " + " ".join(f"{month}.5" for month in range(12)) for year in range(1950, 1960)]


@pytest.mark.parametrize(
    "lines", [["1949 1.1 1.2 1.3", *ROWS], [*ROWS, "1960 1.1", "1961 1.2"], [*ROWS, "1961 1.1 1.2"]]
)
def test_a_year_without_all_months_is_no_note(lines: list[str]) -> None:
    """Where it is not known which months it has, or it does not follow the others."""
    assert year_rows(lines, "a.txt") is None


def test_the_last_year_may_have_fewer_months() -> None:
    """The line above has the first and the last year, and the one below what stands for a missing value."""
    found = year_rows(["1950 1960", *ROWS, "1960 1.1 -99.9", "-99.9"], "a.txt")
    assert found is not None
    assert found[1][-1] == ["1960", "1.1", *[""] * 11]
    assert "1 value is -99.9, which line 13 names as missing" in found[2][1]
