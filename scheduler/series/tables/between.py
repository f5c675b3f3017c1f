"""Rows between observations that are none: totals, means of years, titles of pages, and headers that are repeated."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from scheduler.series.lines import are, on_lines
from scheduler.series.tables.cells import Kind, kind_of
from scheduler.series.tables.footer import TOTAL, sample_of, says_nothing
from scheduler.series.tables.melted import Melted
from scheduler.series.tables.table import Table, kinds_of
from scheduler.text import many

#: of all rows that may be none
MOST = 0.3
#: the mean of a year beside its months, half-years and quarters, as the statistics of labour have it
_OF_YEARS = re.compile(r"M13|S03|Q05")
_YEAR = re.compile(r"(?:1[5-9]|2[01])\d\d\Z")
#: rows that show whether a column has years
YEARS = 200
_CODES = re.compile(r"[MSQ]\d\d\Z")


def without_others(table: Table, *, even: bool, marks: Sequence[str] = ()) -> Table:
    """Return a table without rows that are no observations; each kind of them is said with its lines.

    Args:
        table: the rows.
        even: whether all rows have as many cells as there are columns.
        marks: the columns that tell series apart, whose codes are no parts of years.
    """
    if (
        isinstance(table.cells, Melted)
        or not table.named
        or not any(kind in (Kind.NUMBER, Kind.TIME) for kind in table.kinds)
    ):
        return table
    out: dict[int, tuple[str, str]] = {}
    letters = {row[0][:1] for row in table.cells}
    table = _first_alone(table, letters)
    for what, places in (
        (("the header again", "the header again"), _headers(table, letters)),
        (("a total", "totals"), _totals(table, letters)),
        (("the mean of a year", "means of years"), _of_years(table, marks)),
        (("a note between the rows", "notes between the rows"), () if even else _notes(table)),
    ):
        out |= {place: what for place in places if place not in out}
    if not out or len(out) > MOST * len(table.cells):
        return table
    notes = []
    for what in dict.fromkeys(out.values()):
        lines = sorted(table.lines[place] for place, one in out.items() if one == what)
        notes.append(f"{table.file}: {on_lines(lines)} {are(len(lines))} {what[len(lines) > 1]}, and left out")
    kept = [place for place in range(len(table.cells)) if place not in out]
    return replace(
        table,
        lines=[table.lines[place] for place in kept],
        cells=[table.cells[place] for place in kept],
        notes=[*table.notes, *notes],
    )


def _first_alone(table: Table, letters: Set[str]) -> Table:
    """Return a table without another one below it, which has a header of its own.

    That has the same first name, or it is below a blank line or a comment.
    """
    first = table.header[0].casefold()
    same = first[:1] in {letter.casefold() for letter in letters}
    for place, row in enumerate(table.cells):
        apart = place > 1 and table.lines[place] > table.lines[place - 1] + 1
        if place and (same or apart) and _is_other_header(row, table, place if apart else None):
            where = on_lines(table.lines[place:])
            below = len(table.cells) - place - 1
            note = (
                f"{table.file}: {where} are another table below the first one, and left out: "
                f"{many(below, 'row')} under {', '.join(map(str.strip, row))[:60]!r}"
            )
            cells, lines = table.cells[:place], table.lines[:place]
            return replace(table, cells=cells, lines=lines, notes=[*table.notes, note])
    return table


def _is_other_header(row: Sequence[str], table: Table, apart: int | None) -> bool:
    """Return whether a row has other names: words alone, also where others have numbers.

    Without the same first name it is one at a place that is apart, above rows of other kinds.
    """
    if row[0].strip().casefold() != table.header[0].casefold() and (apart is None or _alike(table, apart)):
        return False
    names = [cell.strip().casefold() for cell in row]
    words = len(names) > 1 and all(kind_of(name) is Kind.TEXT for name in names) and len(set(names)) == len(names)
    if not words or names == [name.casefold() for name in table.header]:
        return False
    others = (one for one in sample_of(table.cells) if one is not row)
    return not any(cell.strip().casefold() == name for one in others for cell, name in zip(one, names, strict=False))


def _alike(table: Table, place: int) -> bool:
    """Return whether the rows below a place hold what those above it do."""
    above, below = (kinds_of(rows, len(table.header)) for rows in (table.cells[:place], table.cells[place + 1 :]))
    both = [pair for pair in zip(above, below, strict=True) if Kind.MISSING not in pair]
    return bool(both) and all(one is other for one, other in both)


def _headers(table: Table, letters: Set[str]) -> list[int]:
    wanted = [name.casefold() for name in table.header]
    if wanted[0][:1] not in {letter.casefold() for letter in letters}:
        return []
    return [
        place
        for place, row in enumerate(table.cells)
        if row[0].strip().casefold() == wanted[0] and [cell.strip().casefold() for cell in row] == wanted
    ]


def _totals(table: Table, letters: Set[str]) -> list[int]:
    """Return the rows that have a word for a sum where others have a time."""
    if table.kinds[0] is not Kind.TIME or not any(map(str.isalpha, letters)):
        return []
    return [
        place
        for place, row in enumerate(table.cells)
        if row[0][:1].isalpha() and TOTAL.match(row[0].strip()) and kind_of(row[0]) is Kind.TEXT
    ]


def _of_years(table: Table, marks: Sequence[str]) -> list[int]:
    """Return the rows of means, where another column has the years; without one such codes are names."""
    first = table.cells[0] if table.cells else []
    years = [place for place, cell in enumerate(first) if _YEAR.match(cell.strip())]
    rows = [row for row in table.cells[:YEARS] if len(row) == len(first)]
    if not any(all(_YEAR.match(row[place].strip()) for row in rows) for place in years):
        return []
    found: list[int] = []
    for column, name in enumerate(table.header):
        texts = () if name in marks else _cells(table, column)
        if texts and all(map(_CODES.match, texts)) and _OF_YEARS.match(max(texts)):
            found += [place for place, text in enumerate(texts) if _OF_YEARS.match(text)]
    return found


def _cells(table: Table, column: int) -> Sequence[str]:
    """Return the cells of a column; none where the first one, or a row, is too short for a code."""
    if not table.cells or len(table.cells[0]) <= column or not _CODES.match(table.cells[0][column].strip()):
        return ()
    return [row[column].strip() if len(row) > column else "" for row in table.cells]


def _notes(table: Table) -> list[int]:
    """Return the rows of another number of cells that have neither numbers nor times."""
    return [
        place
        for place in table.uneven()
        if len(table.cells[place]) < len(table.header)
        and says_nothing(table.cells[place], table.kinds)
        and any(kind_of(cell) is Kind.TEXT for cell in table.cells[place])
    ]
