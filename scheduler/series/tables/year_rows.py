"""Tables of a year and its twelve months in each line without a header, as offices of the climate have them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scheduler.series.lines import are, on_lines
from scheduler.text import many

_YEAR = re.compile(r"(?:1[5-9]|2[01])\d\d\Z")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?\Z|[-+]?\.\d+\Z")
#: years without which it may be something else
FEWEST = 3
#: lines around the table
MOST_NOTES = 60
HEADER = ["year", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def year_rows(lines: Sequence[str], file: str) -> tuple[list[int], list[list[str]], list[str]] | None:
    """Return the lines and the cells of such a table, below names for its columns, and notes; None if it is none.

    A number alone in the line below the table is what stands there for a missing value.
    """
    start = next((place for place, line in enumerate(lines[:MOST_NOTES]) if _is_year(line.split())), None)
    if start is None:
        return None
    rows = _rows(lines[start:])
    stop = start + len(rows)
    around = [place for place, line in enumerate(lines) if line.strip() and not start <= place < stop]
    lost = any(_has_values(lines[place].split(), above=place < start) for place in around)
    if len(rows) < FEWEST or lost or len(around) > MOST_NOTES:
        return None
    notes = [f"{file}: each row has a year and its twelve months"]
    mark = lines[stop].strip() if stop < len(lines) else ""
    missing = float(mark) if _NUMBER.match(mark) else None
    if missing is not None:
        count = sum(_is(cell, missing) for row in rows for cell in row[1:])
        notes.append(f"{file}: {many(count, 'value')} {are(count)} {mark}, which line {stop + 1} names as missing")
        rows = [[row[0], *("" if _is(cell, missing) else cell for cell in row[1:])] for row in rows]
    if around:
        notes.append(f"{file}: {on_lines([place + 1 for place in around])} {are(len(around))} left out as notes")
    return [start + 1, *range(start + 1, stop + 1)], [list(HEADER), *rows], notes


def _rows(lines: Sequence[str]) -> list[list[str]]:
    """Return the rows of years that follow each other; the last one may have empty cells for months to come."""
    rows: list[list[str]] = []
    for line in lines:
        row = line.split()
        if not _is_year(row, fewest=2) or int(row[0]) != int((rows or [row])[0][0]) + len(rows):
            break
        rows.append([*row, *[""] * (len(HEADER) - len(row))])
        if len(row) < len(HEADER):
            break
    return rows


def _has_values(row: Sequence[str], *, above: bool) -> bool:
    """Return whether a line around the table has values; above it, two years are the first and the last one."""
    span = above and len(row) == 2 and all(map(_YEAR.match, row))
    return len(row) >= len(HEADER) or (_is_year(row, fewest=2) and not span)


def _is(cell: str, missing: float) -> bool:
    return bool(cell) and float(cell) == missing


def _is_year(row: Sequence[str], *, fewest: int = len(HEADER)) -> bool:
    return fewest <= len(row) <= len(HEADER) and _YEAR.match(row[0]) is not None and all(map(_NUMBER.match, row))
