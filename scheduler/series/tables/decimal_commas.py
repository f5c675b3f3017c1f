"""Numbers with a comma that is not in quotes, in a file whose columns are parted by commas, too: put together again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.tables.footer import sample_of
from scheduler.series.tables.table import Table, kinds_of
from scheduler.series.time_forms.spelling import named_like_times
from scheduler.text import many

_WHOLE = re.compile(r"\s*[-+\u2212]?\d+\Z")
_REST = re.compile(r"\d+\s*\Z")
_COUNTER = re.compile(
    r"(?:[inkx#]|no|nr|num|number|index|idx|id|obs|row|step|sample|count|period|seq)\.?\Z", re.IGNORECASE
)
#: rows without which nothing is said
FEWEST = 3
#: of the rows that must have such numbers, where others are whole
LEAST = 0.2


def with_commas_joined(table: Table, diagnosis: Diagnosis, named: Sequence[str] = ()) -> Table:
    """Return a table whose numbers were parted at their commas with these numbers whole, where the grid says so.

    Where it does not, and nothing but such numbers explains the rows, that is reported with the field that does.

    Args:
        table: the rows.
        diagnosis: of the file.
        named: the columns of the times, and those that tell series apart.

    Raises:
        SeriesError: The rows show such numbers, and the grid does not say so.
    """
    source = diagnosis.source
    pairs = _pairs(table) if table.delimiter == "," and table.named else 0
    if pairs and not _may_be_row_numbers(table) and _others_parted(table, pairs, named):
        return table
    if pairs and "," in (source.decimal, source.thousands):
        return _joined(table, pairs)
    if pairs:
        _report(table, diagnosis)
    return table


def _report(table: Table, diagnosis: Diagnosis) -> None:
    """Report numbers that were parted, unless the first cells may be row numbers, for which R writes no name."""
    parted = [row for row in sample_of(table.cells) if len(row) > len(table.header)]
    number = ",".join(parted[0][-2:]).strip()
    field = "thousands" if all(map(_is_thousands, parted)) else "decimal"
    numbered = _may_be_row_numbers(table)
    if numbered and (diagnosis.source.decimal or not _counts(table.header[0]) or _is_even(parted)):
        if not diagnosis.source.decimal:
            diagnosis.others.append((f"if {number} is one number of {table.header[-1]}", {field: ","}))
        return
    if field == "thousands":
        diagnosis.others.append(("if the comma is the decimal mark", {"thousands": None, "decimal": ","}))
    if numbered:
        first = f"{parted[0][1].strip()} is of {table.header[0]}"
        why = f"if the first cells are numbers of rows, which have no name, and {first}"
        diagnosis.others.append((why, {field: None, "decimal": "."}))
    wrong = table.uneven()
    rows = f"{len(wrong):,} of {many(len(table.cells), 'row')} have {len(parted[0])} cells"
    diagnosis.refuse(
        table.lines[wrong[0]],
        f"{rows} under {many(len(table.header), 'name')}: the commas of the numbers, such as {number} of "
        f"{table.header[-1]}, are not in quotes and part the cells, too; series.{field} puts them together, "
        "unless the header lacks a name",
        **{field: ","},
    )


def _is_even(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the second cells rise by the same step, as years below a name do beside numbers of rows."""
    numbers = [int(row[1]) for row in rows if _WHOLE.match(row[1])]
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    return len(numbers) == len(rows) and len(steps) == 1 and min(steps) > 0


def _counts(name: str) -> bool:
    """Return whether a column is called after what rows are counted by, so that it may be the first one itself."""
    return named_like_times(name) or _COUNTER.match(name.strip()) is not None


def _is_thousands(row: Sequence[str]) -> bool:
    """Return whether the last number of a row may have a comma between thousands."""
    whole = row[-2].strip().lstrip("-+\u2212")
    return len(row[-1].strip()) == 3 and len(whole) <= 3 and not whole.startswith("0")


def _pairs(table: Table) -> int:
    """Return how many columns at the end have numbers of two cells; 0 if that does not explain the rows.

    Where some rows have as many cells as there are names, whose numbers are whole, that is the last column alone.
    """
    many_names, rows = len(table.header), sample_of(table.cells)
    widths = {len(row) for row in table.cells}
    most = max(widths, default=0)
    pairs = most - many_names
    if len(rows) < FEWEST or not 0 < pairs <= many_names or not widths <= {most, many_names if pairs == 1 else most}:
        return 0
    parted = [row for row in rows if len(row) == most]
    whole = all(_WHOLE.match(row[-1]) for row in rows if len(row) < most)
    if not whole or len(parted) < FEWEST or len(parted) < LEAST * len(rows):
        return 0
    numbers = [row[many_names - pairs :] for row in parted]
    fits = all(
        _WHOLE.match(cells[place]) and _REST.match(cells[place + 1])
        for cells in numbers
        for place in range(0, 2 * pairs, 2)
    )
    return pairs if fits else 0


def _others_parted(table: Table, pairs: int, named: Sequence[str]) -> bool:
    """Return whether other columns may have the parted numbers: whole ones before another number, but for times."""
    first, most = len(table.header) - pairs, len(table.header) + pairs
    places = [
        place for place in range(first) if not named_like_times(name := table.header[place]) and name not in named
    ]
    return any(
        _WHOLE.match(row[place]) and _REST.match(row[place + 1])
        for row in sample_of(table.cells)
        if len(row) == most
        for place in places
    )


def _may_be_row_numbers(table: Table) -> bool:
    """Return whether the first cells may be numbers of rows from 1, for which R writes no name."""
    first: Sequence[str] = [row[0].strip() for row in sample_of(table.cells)[:FEWEST]]
    return first == [str(number) for number in range(1, len(first) + 1)]


def _joined(table: Table, pairs: int) -> Table:
    many_names = len(table.header)
    first = many_names - pairs
    cells = [
        row
        if len(row) == many_names
        else [*row[:first], *(",".join(row[place : place + 2]).strip() for place in range(first, len(row), 2))]
        for row in table.cells
    ]
    number, name = next(
        (row[-1], table.header[-1]) for row, old in zip(cells, table.cells, strict=True) if row is not old
    )
    count = sum(len(row) > many_names for row in table.cells)
    note = (
        f"{table.file}: numbers that commas part are put together on {many(count, 'line')}, such as {number} of {name}"
    )
    return replace(table, cells=cells, kinds=kinds_of(cells, many_names), notes=[*table.notes, note])
