"""Compressed files, Excel and Parquet give the series that the same table gives as CSV."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scheduler.series.fields import SeriesSource
from scheduler.series.source import Loaded, load
from scheduler.series.tables.sheet import read_sheet
from store.errors import SeriesError
from tests.series.files import VALUES

FRAME = pd.DataFrame(
    {"day": pd.date_range("2022-06-01", periods=40), "y": [float(value) for value in VALUES[:40]], "n": range(40)}
)


def read(folder: Path, name: str, content: bytes, **fields: object) -> Loaded:
    """Read a file as a grid does."""
    (folder / name).write_bytes(content)
    source = SeriesSource.model_validate({"path": name, "time": "day", "targets": ["y", "n"]} | fields)
    return load(source, folder)


def excel(*frames: pd.DataFrame) -> bytes:
    """Write a workbook with a sheet for each table."""
    content = io.BytesIO()
    with pd.ExcelWriter(content) as book:
        for number, frame in enumerate(frames):
            frame.to_excel(book, sheet_name=f"sheet {number}", index=False)
    return content.getvalue()


@pytest.mark.parametrize("kind", ["csv.gz", "parquet", "xlsx", "index", "csv"])
def test_kinds_of_files(tmp_path: Path, kind: str) -> None:
    """What it is follows from its content, not from its name."""
    csv = FRAME.to_csv(index=False).encode()
    expected = read(tmp_path, "plain.csv", csv).series
    content = {
        "csv.gz": lambda: gzip.compress(csv),
        "parquet": FRAME.to_parquet,
        "index": FRAME.set_index("day").to_parquet,
        "xlsx": lambda: excel(FRAME),
        "csv": lambda: csv,
    }[kind]()
    found = read(tmp_path, f"plain.{kind}" if kind == "csv.gz" else "plain.data", content)
    assert found.series.content_hash == expected.content_hash
    assert found.series.times == expected.times
    assert (found.series.name, found.notes) == ("plain", ())


def test_of_several_sheets_that_with_the_most_rows_is_read(tmp_path: Path) -> None:
    """And that is said."""
    found = read(tmp_path, "book.xlsx", excel(FRAME[:3].assign(y=0.0), FRAME))
    assert "of the 2 sheets with rows that with the most was read, 'sheet 1'" in found.notes[0]
    np.testing.assert_array_equal(found.series.values[:, 0], FRAME["y"])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (gzip.compress(b"day,y\n", mtime=0)[:12], "cannot be unpacked"),
        (b"PK\x03\x04 nothing", "cannot be read as an Excel workbook"),
        (b"<!DOCTYPE html>\n<html><body>404</body></html>", "this is a page of the web, not a table"),
        (b'[{"day": "2022-06-01", "y": 1}]', "this looks like JSON; write it as CSV"),
        (b"PAR1 nothing", "cannot be read as Parquet"),
        (b"\xd0\xcf\x11\xe0 nothing", "a workbook of Excel before 2007; save it as .xlsx or as CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0", "holds a NUL character"),
    ],
)
def test_files_that_are_broken(tmp_path: Path, content: bytes, says: str) -> None:
    """One line says what to do."""
    with pytest.raises(SeriesError, match=says) as raised:
        read(tmp_path, "broken.csv", content)
    assert len(raised.value.mistakes) == 1


@pytest.mark.parametrize(
    ("encoding", "header"),
    [("cp1251", "Дата;Продажи"), ("shift_jis", "日付;売上"), ("cp1252", "Größe;Œuvre"), ("cp1252", "größe;Köln")],
)
def test_encodings_of_short_headers_are_found(tmp_path: Path, encoding: str, header: str) -> None:
    """Letters of other scripts make whole words; those of western Europe stand among ASCII."""
    (tmp_path / "s.csv").write_bytes(f"{header}\n2022-01-01;1\n2022-01-02;2\n".encode(encoding))
    assert read_sheet(tmp_path / "s.csv", "s.csv").cells[0] == header.split(";")
