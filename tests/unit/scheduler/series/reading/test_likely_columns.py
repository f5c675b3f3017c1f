"""The column that is proposed where a grid names none."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.series.inspection import inspect_file


@pytest.mark.parametrize(
    ("header", "row", "fields"),
    [
        ("day,year,Weekly_Sales,Temperature", "2024-01-{0:02d},2024,{0}5,{0}", "time: day, value: Weekly_Sales"),
        ("day,No,average,unc", "2024-01-{0:02d},{0},3{0},0.{0}", "time: day, value: average"),
        ("day,a,b,c", "2024-01-{0:02d},3{0},{0}.5,7", "time: day, value: b"),
        ("day,a,power", "2024-01-{0:02d},x,{0}.5 kW", "time: day, value: power"),
        ("YR,MON,ANOM", "2024,{0},{0}.5", "time: [YR, MON], value: ANOM"),
        ("", "2024,{0},{0}.5,{0}", "header: false, time: [column_1, column_2], value: column_3"),
        ("", "S1,202401{0:02d},TMAX,{0}.5", "header: false, time: column_2, value: column_4"),
    ],
)
def test_what_is_proposed(tmp_path: Path, header: str, row: str, fields: str) -> None:
    """By names, and never a constant, row numbers or a part of the times."""
    lines = [*([header] if header else []), *(row.format(number) for number in range(1, 13))]
    (tmp_path / "s.csv").write_text("\n".join(lines) + "\n")
    assert f"write       series: {{path: s.csv, {fields}}}" in str(inspect_file(tmp_path / "s.csv"))
