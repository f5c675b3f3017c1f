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


CODES = {
    "occupations": ["11-1011", "13-2011", "15-1252", "29-1141"],
    "occupations that could be months": ["11-2011", "11-2021", "11-2022", "11-2031"],
    "codes with a year of the Buddhist era": ["08-2500", "11-6915", "22-6048", "33-4476"],
    "lots": ["10-6796", "3-2033", "5-2931", "8-8364"],
    "lots of which all could be months": ["8-1943", "1-2004", "12-2047", "3-1911"],
    "invoices": [f"{number}/2023" for number in range(1, 26)],
    "few invoices": [f"{number}/2023" for number in range(1, 13)],
    "numbers from 2960 on": [f"{number * 5 % 12 + 1}/{2960 + number}" for number in range(25)],
}


@pytest.mark.parametrize("codes", CODES.values(), ids=CODES)
def test_codes_beside_dates_are_no_times(tmp_path: Path, codes: list[str]) -> None:
    """Though some of them could be a month and a year."""
    rows = [f"{codes[day % len(codes)]},2024-01-{day + 1:02d},{day * day % 7}" for day in range(25)]
    (tmp_path / "s.csv").write_text("\n".join(["code,date,y", *rows]) + "\n")
    assert "time: date" in str(inspect_file(tmp_path / "s.csv"))


@pytest.mark.parametrize("codes", [codes for what, codes in CODES.items() if what != "few invoices"])
def test_codes_alone_are_no_times(tmp_path: Path, codes: list[str]) -> None:
    """The rows stay in the order of the file."""
    rows = [f"{codes[day % len(codes)]},{day * day % 7}" for day in range(25)]
    (tmp_path / "s.csv").write_text("\n".join(["code,y", *rows]) + "\n")
    assert "time:" not in str(inspect_file(tmp_path / "s.csv"))


@pytest.mark.parametrize(("name", "step"), [("month", 1), ("when", 1), ("month", 5)])
@pytest.mark.parametrize("form", ["{}/{}", "{:02d}-{}", "{:02d}/{}"])
@pytest.mark.parametrize("era", [0, 543])
def test_months_before_their_year_are_times(tmp_path: Path, name: str, step: int, form: str, era: int) -> None:
    """Where they follow each other, or their name says so; a mistake among them is reported."""
    months = [form.format(row * step % 12 + 1, 2010 + era + row * step // 12) for row in range(36)]
    (tmp_path / "s.csv").write_text("\n".join([f"{name},y", *(f"{one},{at}" for at, one in enumerate(months))]))
    assert f"time: {name}" in str(inspect_file(tmp_path / "s.csv"))
    months[20] = "31/2x"
    (tmp_path / "s.csv").write_text("\n".join([f"{name},y", *(f"{one},{at}" for at, one in enumerate(months))]))
    assert "line 22: the time '31/2x'" in str(inspect_file(tmp_path / "s.csv"))
