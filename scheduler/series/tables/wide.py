"""Tables whose columns are times: a row for each series, or for each year, made a table with a column of times.

Columns may also be numbered, `d_1` to `d_1941`: then each row holds the values of a series in their order.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scheduler.series.lines import are, on_lines
from scheduler.series.tables.cells import Kind, fits, kind_of
from scheduler.series.tables.melted import Melted, repeated
from scheduler.series.tables.table import Table
from scheduler.series.time_forms.spelling import month_number
from scheduler.text import many

#: columns that must be times
FEWEST = 3
#: of all columns that have a name
MOSTLY = 0.5
#: columns that must be numbered
FEWEST_NUMBERED = 8
VALUE = "value"
#: values from which the rows of a table are made one by one, and not looked through for totals between them
MANY = 500_000
_YEAR = re.compile(r"(?:1[5-9]|2[01])\d\d(?:\.0)?\Z")
#: hours, half hours and quarters of an hour by their numbers, and how many of them a day may have
_PERIOD = re.compile(
    r"(?:he|h|hr|hour|hh|period|interval|stunde|std|heure|qh)?[ _.-]{0,2}0*(\d{1,3})(?:h|:00)?\Z", re.IGNORECASE
)
_A_DAY = (24, 48, 96)
_NUMBERED = re.compile(r"(\D*?)0*(\d+)\Z")
_QUARTER = re.compile(r"q[1-4]\Z", re.IGNORECASE)
_TOTALS = re.compile(r"total|sum|annual|average|mean|avg|j-d|d-n|djf|mam|jja|son|year", re.IGNORECASE)


def are_times(row: Sequence[str]) -> str:
    """Return what the columns of a header are, `year`, `month`, `quarter` or `time`; an empty text if not times."""
    kind, places = _times(row)
    return kind if places else ""


def _times(row: Sequence[str]) -> tuple[str, list[int]]:
    """Return what most names of a header are, and their places."""
    cells = [cell.strip() for cell in row]
    named = [place for place, cell in enumerate(cells) if cell]
    if not named or kind_of(cells[named[0]]) in (Kind.NUMBER, Kind.TIME):
        return "", []
    for kind, found in (
        ("year", [place for place in named if _YEAR.match(cells[place])]),
        ("month", [place for place in named[1:] if _is_month(cells[place])]),
        ("quarter", [place for place in named if _QUARTER.match(cells[place])]),
        ("time", [place for place in named if kind_of(cells[place]) is Kind.TIME]),
        ("hour", [place for place in named[1:] if _PERIOD.match(cells[place])]),
    ):
        others = [place for place in named[1:] if place not in found and not _TOTALS.match(cells[place])]
        enough = len(found) >= max(FEWEST, MOSTLY * (len(found) + len(others)))
        if enough and _is_complete(kind, [cells[place] for place in found]):
            return kind, found
    return "", []


def _is_month(cell: str) -> bool:
    return cell.isalpha() and month_number(cell) is not None


def _is_complete(kind: str, names: Sequence[str]) -> bool:
    if kind == "month":
        return [month_number(name) for name in names] == list(range(1, 13))
    if kind == "quarter":
        return [name[1] for name in names] == list("1234")
    if kind == "hour":
        numbers = list(map(_number, names))
        return len(numbers) in _A_DAY and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    if kind == "year":
        steps = {int(float(later)) - int(float(earlier)) for earlier, later in pairwise(names)}
        return len(steps) == 1 and steps != {0}
    return len(set(names)) == len(names)


def _number(name: str) -> int:
    """Return the number of an hour, or of another period of a day."""
    found = _PERIOD.match(name.strip())
    return int(found[1]) if found else -1


def _numbered(table: Table) -> list[int]:
    """Return the places of columns that are numbered one after the other, where each row is a series with a name.

    The first column is text that differs in every row, no column has times, and all that is numbered are numbers.
    """
    if not table.header or table.kinds[0] is not Kind.TEXT or Kind.TIME in table.kinds:
        return []
    found = [_NUMBERED.match(name.strip()) for name in table.header]
    places = [place for place, one in enumerate(found) if one and table.kinds[place] is Kind.NUMBER]
    if len(places) < max(FEWEST_NUMBERED, len(table.header) / 2):
        return []
    parts = [(one[1], int(one[2])) for place in places if (one := found[place])]
    following = all(later == (word, number + 1) for (word, number), later in pairwise(parts))
    texts = table.even().texts(0)
    return places if following and len(set(texts)) == len(texts) else []


def lengthened(table: Table, wanted: Collection[str], forecast: Collection[str] = ()) -> Table:
    """Return a table with a column of times and one of values, if its columns are times.

    Empty cells before the first value of a row, and after its last one, are no rows; totals are left out.

    Args:
        table: as the file has it.
        wanted: columns that the grid names: if one of them is such a column, the table stays as it is.
        forecast: those of them that are forecast: if the table has one of them, it stays as it is, too.
    """
    if not table.named:
        return table
    kind, places = _times(table.header)
    places = places or _numbered(table)
    if not places or {table.header[place] for place in places} & set(wanted) or set(forecast) & set(table.header):
        return table
    kept = [
        place
        for place, name in enumerate(table.header)
        if place not in places
        and not (place > places[0] and _TOTALS.match(name))
        and not (name.startswith("column_") and table.kinds[place] is Kind.MISSING)
    ]
    if kind == "hour" and not wanted and any(table.kinds[place] is Kind.NUMBER for place in kept):
        return table  # hours that stand beside what is forecast
    below = _below(table, places, kind)
    if (not kind or len(table.cells) * len(places) >= MANY) and not table.uneven():
        return _melted(table, below, places, kept, kind)
    lines, cells = _each_time(table, places, kept, kind)
    empty = sorted(set(table.lines) - set(lines))
    return replace(
        below,
        notes=[*below.notes, *_on_empty(table, empty)],
        header=(*(table.header[place] for place in kept), *below.header, VALUE),
        lines=lines,
        cells=cells,
        kinds=(*(table.kinds[place] for place in kept), *below.kinds, Kind.NUMBER),
    )


def _below(table: Table, places: Sequence[int], kind: str) -> Table:
    """Return a table with what becomes of its columns of values: a column of times, or none where they are numbered."""
    first, last = table.header[places[0]], table.header[places[-1]]
    if not kind:
        note = f"{table.file}: each row is a series, whose values are in {first} to {last}"
        return replace(table, header=(), kinds=(), notes=[*table.notes, note], stacked=True)
    kind = "period" if kind == "hour" and len(places) > _A_DAY[0] else kind
    note = (
        f"{table.file}: the columns {first} to {last} are times: they are read as a column {kind}, and what they hold "
        f"as a column {VALUE}"
    )
    time = Kind.NUMBER if kind in ("year", "hour", "period") else Kind.TIME if kind == "time" else Kind.TEXT
    return replace(table, header=(kind,), kinds=(time,), notes=[*table.notes, note])


def _melted(table: Table, below: Table, places: Sequence[int], kept: Sequence[int], kind: str) -> Table:
    """Return a table with the values of each series below each other; series without a value are left out."""
    if places[-1] - places[0] >= len(places):
        table, places, kept = _side_by_side(table, places, kept)
    spans = _spans(table.cells, places)
    full = np.flatnonzero(spans[:, 1] > spans[:, 0]).tolist()
    empty = [table.lines[row] for row in sorted(set(range(len(spans))) - set(full))]
    called = [_called(name, kind) for name in table.header] if kind else []
    melted = Melted([table.cells[row] for row in full], kept, spans[full], called)
    return replace(
        below,
        header=(*(table.header[place] for place in kept), *below.header, VALUE),
        lines=repeated([table.lines[row] for row in full], melted.counts),
        cells=melted,
        kinds=(*(table.kinds[place] for place in kept), *below.kinds, Kind.NUMBER),
        notes=[*below.notes, *_on_empty(table, empty)],
    )


def _side_by_side(table: Table, places: Sequence[int], kept: Sequence[int]) -> tuple[Table, range, range]:
    """Return a table whose values are in neighbouring columns, behind those that tell of a series, and their places."""
    order = [*kept, *places]
    moved = replace(
        table,
        header=tuple(table.header[place] for place in order),
        kinds=tuple(table.kinds[place] for place in order),
        cells=[[row[place] for place in order] for row in table.cells],
    )
    return moved, range(len(kept), len(order)), range(len(kept))


def _on_empty(table: Table, lines: Sequence[int]) -> list[str]:
    """Return what is said of rows without a value."""
    rows = f"{table.file}: {many(len(lines), 'row')} without a value"
    return [f"{rows} ({on_lines(lines)}) {are(len(lines))} left out"] if lines else []


def _spans(cells: Sequence[list[str]], places: Sequence[int]) -> NDArray[np.int64]:
    """Return the place of the first value of each row, and that behind its last one, among neighbouring columns."""
    first, stop = places[0], places[-1] + 1
    spans = np.empty((len(cells), 2), dtype=np.int64)
    for row, own in enumerate(cells):
        start = next((place for place in range(first, stop) if own[place].strip()), stop)
        end = next((place for place in range(stop, start, -1) if own[place - 1].strip()), start)
        spans[row] = start, end
    return spans


def _called(name: str, kind: str) -> str:
    """Return the time that a column is called."""
    return str(_number(name)) if kind == "hour" else name.removesuffix(".0")


def _each_time(
    table: Table, places: Sequence[int], kept: Sequence[int], kind: str
) -> tuple[list[int], list[list[str]]]:
    """Return a row for each time of each row, with its line; rows of another number of cells stay, to be reported."""
    called = {place: _called(table.header[place], kind) for place in places}
    lines, cells = [], []
    for line, given in zip(table.lines, table.cells, strict=True):
        row = given
        if len(row) < len(table.header) and fits(row, table.kinds):
            row = [*row, *[""] * (len(table.header) - len(row))]  # of the last year there are some months
        if len(row) != len(table.header):
            lines.append(line)
            cells.append(row)  # which is then reported
            continue
        own = [row[place] for place in kept]
        known = [place for place in places if row[place].strip()]
        for place in places:
            if known and known[0] <= place <= known[-1]:
                lines.append(line)
                cells.append([*own, called[place], row[place]] if kind else [*own, row[place]])
    return lines, cells
