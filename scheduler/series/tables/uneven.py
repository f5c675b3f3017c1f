"""Rows with more or fewer cells than there are columns: mended where only one reading of them is possible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from scheduler.series.lines import on_lines
from scheduler.series.tables.cells import Kind, fits, kind_of
from scheduler.series.tables.footer import sample_of
from scheduler.series.tables.table import Table, kinds_of

#: of all rows that may be mended one by one; of more, the columns are parted by something else
MOST = 0.2
_YEAR = re.compile(r"\s*(?:\d{4}|'\d\d)(?:\s.*)?\Z")
_TYPED = (Kind.NUMBER, Kind.TIME)


def evened(table: Table) -> Table:
    """Return a table whose rows have a cell for each column, as far as that is certain; notes say what was done."""
    wrong = table.uneven()
    if not wrong or not table.named:
        return table
    many = len(table.header)
    if len(wrong) == len(table.cells) and {len(row) for row in table.cells} == {many + 1}:
        return _with_unnamed_first(table) or _with_dates_joined(table) or table
    if len(wrong) > max(1, MOST * len(table.cells)):
        return table
    cells = list(table.cells)
    joined, padded = [], []
    for place in wrong:
        row = cells[place]
        if len(row) > many and (whole := _joined(row, table)) is not None:
            cells[place] = whole
            joined.append(table.lines[place])
        elif len(row) < many and table.delimiter != " " and fits(row, table.kinds):
            cells[place] = [*row, *[""] * (many - len(row))]
            padded.append(table.lines[place])
    notes = list(table.notes)
    if joined:
        notes.append(f"{table.file}: {on_lines(joined)} {_have(joined)} a delimiter in a text that is not in quotes")
    if padded:
        notes.append(
            f"{table.file}: {on_lines(padded)} {_have(padded)} fewer cells than the header; those at the end are taken "
            "as missing"
        )
    return replace(table, cells=cells, notes=notes)


def _have(lines: Sequence[int]) -> str:
    return "has" if len(lines) == 1 else "have"


def _joined(row: list[str], table: Table) -> list[str] | None:
    """Return a row whose text holds the delimiter: None where no column of text, or more than one, can be it.

    A number beside the text may be the rest of another number, such as 1,234.
    """
    many = len(table.header)
    ways = [
        whole
        for place, kind in enumerate(table.kinds)
        if kind is Kind.TEXT
        and all(kind_of(cell) not in _TYPED for cell in row[place : place + len(row) - many + 1])
        and fits(whole := _with_one(row, place, many, table.delimiter), table.kinds)
    ]
    return ways[0] if len(ways) == 1 else None


def _with_one(row: list[str], place: int, many: int, mark: str) -> list[str]:
    """Return a row with the cells from a place on as one, so that it has as many as there are columns."""
    end = place + len(row) - many + 1
    return [*row[:place], mark.join(row[place:end]), *row[end:]]


def _with_dates_joined(table: Table) -> Table | None:
    """Put dates such as `Jan 5, 2021` together, whose comma parts the columns, too."""
    many = len(table.header)
    for place in range(many):
        rows = [_with_one(row, place, many, table.delimiter) for row in sample_of(table.cells)]
        years = all(_YEAR.match(row[place + 1]) for row in sample_of(table.cells))
        if years and all(kind_of(row[place]) is Kind.TIME for row in rows):
            cells = [_with_one(row, place, many, table.delimiter) for row in table.cells]
            note = (
                f"{table.file}: the times of {table.header[place]} have the delimiter {table.delimiter!r} in them and "
                f"were put together, such as {cells[0][place]!r}"
            )
            return replace(table, cells=cells, kinds=kinds_of(cells, many), notes=[*table.notes, note])
    return None


def _with_unnamed_first(table: Table) -> Table | None:
    """Name the first column, of row numbers, for which R writes no name."""
    first = [row[0].strip() for row in table.cells]
    if not all(map(str.isdecimal, first)) or not _rises(map(int, first)):
        return None
    note = f"{table.file}: the first column, of row numbers, has no name, and can be called column_1"
    header = ("column_1", *table.header)
    return replace(table, header=header, kinds=kinds_of(table.cells, len(header)), notes=[*table.notes, note])


def _rises(numbers: Iterator[int]) -> bool:
    start = next(numbers)
    return start in (0, 1) and all(number == place for place, number in enumerate(numbers, start=start + 1))
