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


def test_a_column_between_numbered_ones_is_no_value(tmp_path: Path) -> None:
    """It may be forecast from, as any column that tells of a series."""
    days = [f"d_{day}" for day in range(1, 31)]
    header = ["item", *days[:10], "remark", *days[10:]]
    rows = [[name, *range(10), 700, *range(10, 30)] for name in "abc"]
    text = "\n".join(",".join(map(str, row)) for row in [header, *rows]) + "\n"
    found = read(tmp_path, text, time=None, id="item", keep="b", value="value")
    assert found.values[:, 0].tolist() == list(range(30))
    found = read(tmp_path, text, time=None, id="item", keep="b", value="value", inputs=["remark"])
    assert set(found.values[:, found.columns.index("remark")].tolist()) == {700.0}
