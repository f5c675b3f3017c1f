"""Tables with a column for each month: a last year that has only some of them."""

from __future__ import annotations

from pathlib import Path

from tests.series.csv_files import read

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def test_a_short_last_row_has_the_first_months(tmp_path: Path) -> None:
    """Its three cells are not a year, a month by its number and a value."""
    rows = [",".join(map(str, [year, *range(1, 13)])) for year in range(2020, 2024)]
    text = "\n".join([",".join(["Year", *MONTHS]), *rows, "2024,5,6"]) + "\n"
    found = read(tmp_path, text, time=["Year", "month"], value="value")
    assert found.times[-2:] == ("2024-01-01", "2024-02-01")
    assert found.values[-2:, 0].tolist() == [5, 6]
