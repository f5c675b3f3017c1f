"""The cells of a file as text, whatever its kind: CSV, compressed CSV, Excel or Parquet."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NoReturn

from scheduler import files
from scheduler.series.lines import are
from scheduler.series.tables.delimiters import split
from scheduler.series.tables.encoding import decode
from scheduler.series.tables.forecasting_archive import is_archive, read_archive
from scheduler.text import many
from store.errors import SeriesError

LARGEST_FILE = 200_000_000  #: bytes, also when unpacked

_ADVICE = files.Advice(
    missing="a path is relative to the grid file",
    directory="name a CSV file",
    unreadable="name a CSV file that can be read",
    too_large="use a part of it",
)


@dataclass(slots=True)
class Sheet:
    """The rows of a file that are not blank, as text, before anything is known of their meaning."""

    #: how messages name it
    file: str
    #: the line on which each row starts
    lines: list[int]
    cells: list[list[str]]
    #: what was understood and is worth a sentence
    notes: list[str] = field(default_factory=list)
    #: names of the columns, where the file has them apart from its rows
    names: tuple[str, ...] | None = None
    #: what parts the cells of a line; empty where nothing does
    delimiter: str = ""
    #: whether each line of the file is a series, whose values are below each other here
    stacked: bool = False


def read_sheet(path: Path, file: str, *, delimiter: str | None = None, encoding: str | None = None) -> Sheet:
    """Read the cells of a file; what kind it is follows from its first bytes.

    Raises:
        SeriesError: It is missing, empty, too large, or none of the kinds.
    """
    content = _content(path, file)
    if content.startswith(b"\x1f\x8b"):
        content = _unpacked(content, file)
    if content.startswith(b"PK\x03\x04"):
        return _excel(content, file)
    if content.startswith(b"PAR1"):
        return _parquet(content, file)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        _refuse(f"{file}: this is a workbook of Excel before 2007; save it as .xlsx or as CSV")
    read = decode(content, file, encoding)
    notes = []
    if read.encoding:
        notes.append(
            f"{file}: the file is not UTF-8 and was read as {read.encoding}; if names look wrong, write series.encoding"
        )
    if read.nul:
        notes.append(f"{file}: {many(read.nul, 'NUL character')} between the lines {are(read.nul)} left out")
    _refuse_pages(read.text, file)
    if is_archive(read.text):
        found = read_archive(read.text, file)
        return Sheet(file, found.lines, found.cells, notes + found.notes, found.names, stacked=True)
    rows = split(read.text, file, delimiter)
    return Sheet(file, rows.lines, rows.cells, notes + rows.notes, delimiter=rows.delimiter)


def _refuse_pages(text: str, file: str) -> None:
    """Refuse a web page, as failed downloads leave them, and JSON."""
    start = text[:200].lstrip().lower()
    if start.startswith(("<!doctype html", "<html", "<?xml")):
        _refuse(f"{file}: this is a page of the web, not a table; download the data itself")
    if start.startswith(("{", "[{", "[[")):
        _refuse(f"{file}: this looks like JSON; write it as CSV, as with pandas.read_json(...).to_csv(...)")


def _content(path: Path, file: str) -> bytes:
    try:
        return files.read_bytes(path, largest=LARGEST_FILE, advice=_ADVICE, shown=file)
    except files.Unreadable as problem:
        _refuse(str(problem))


def _unpacked(content: bytes, file: str) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            found = packed.read(LARGEST_FILE + 1)
    except (OSError, EOFError, zlib.error) as problem:
        _refuse(f"{file}: cannot be unpacked ({problem}); pack it again with gzip")
    if len(found) > LARGEST_FILE:
        _refuse(f"{file}: the file is larger than {LARGEST_FILE:,} bytes when unpacked; use a part of it")
    return found


def _excel(content: bytes, file: str) -> Sheet:
    """Read the sheet of a workbook that has the most rows."""
    try:
        import openpyxl
    except ImportError:
        _refuse(f"{file}: reading Excel files needs openpyxl: pip install 'repeats[excel]', or save the file as CSV")
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that are not read
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            tables = {one.title: list(one.iter_rows(values_only=True)) for one in book.worksheets}
    except Exception as problem:
        _refuse(f"{file}: cannot be read as an Excel workbook ({problem or type(problem).__name__}); save it as CSV")
    _with_formulas(tables, content)
    filled = {
        title: rows for title, rows in tables.items() if any(any(cell is not None for cell in row) for row in rows)
    }
    title = max(filled, key=lambda one: len(filled[one]), default=None)
    sheet = Sheet(file, [], [])
    for line, row in enumerate(filled.get(title, []) if title is not None else [], start=1):
        texts = [_as_text(cell) for cell in row]
        if any(texts):
            sheet.lines.append(line)
            sheet.cells.append(texts)
    if len(filled) > 1:
        sheet.notes.append(f"{file}: of the {len(filled)} sheets with rows that with the most was read, {title!r}")
    return sheet


def _with_formulas(tables: dict[str, list[Any]], content: bytes) -> None:
    """Put the texts of formulas in columns that have a name and no value: they were never computed."""
    import openpyxl

    empty = {
        title: [
            place
            for place, cell in enumerate(rows[0])
            if cell is not None and all(row[place] is None for row in rows[1:])
        ]
        for title, rows in tables.items()
        if len(rows) > 1
    }
    if not any(empty.values()):
        return
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    for title, places in empty.items():
        for number, row in enumerate(book[title].iter_rows(values_only=True)):
            if number and any(row[place] is not None for place in places):
                tables[title][number] = tuple(
                    row[p] if p in places else cell for p, cell in enumerate(tables[title][number])
                )


def _as_text(cell: Any) -> str:
    """Write a typed cell as a CSV file would have it."""
    if cell is None or cell != cell:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat() if cell.time() != time() or cell.tzinfo else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return repr(cell) if isinstance(cell, float) else str(cell).strip()


def _parquet(content: bytes, file: str) -> Sheet:
    import pandas as pd

    try:
        frame = pd.read_parquet(io.BytesIO(content))
    except Exception as problem:
        _refuse(f"{file}: cannot be read as Parquet ({problem}); write the file again")
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    cells = [list(row) for row in zip(*(_texts(frame.iloc[:, place]) for place in range(frame.shape[1])), strict=True)]
    names = tuple("" if name is None else str(name) for name in frame.columns)
    return Sheet(file, list(range(1, len(cells) + 1)), cells, names=names)


def _texts(column: Any) -> Iterator[str]:
    return (_as_text(None if missing else cell) for cell, missing in zip(column.tolist(), column.isna(), strict=True))


def _refuse(text: str) -> NoReturn:
    raise SeriesError([text]) from None
