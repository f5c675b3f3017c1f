"""Rows of another number of cells: mended only where nothing else can be meant."""

from __future__ import annotations

from pathlib import Path

from tests.series.csv_files import read, refused

ROWS = [f"2024-{month:02d},{month},ok" for month in range(1, 10)]


def _file(row: str) -> str:
    return "\n".join(["Month,Sales,note", *ROWS, row]) + "\n"


def test_a_comma_in_a_text_is_mended_and_one_in_a_number_is_not(tmp_path: Path) -> None:
    """Sales of 1 with the note `234,ok` would be a wrong value that nobody sees."""
    assert read(tmp_path, _file("2024-10,10,closed, rain")).values[9, 0] == 10
    refused(tmp_path, _file("2024-10,1,234,ok"), ":11: has 4 fields, and the header has 3; check delimiters and quotes")
