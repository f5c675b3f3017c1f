"""From rows of cells to a table: which rows are its header, which are notes, and how its columns are named."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from scheduler.series.lines import are, on_lines
from scheduler.series.tables.cells import Kind, kind_of
from scheduler.series.tables.first_row import first_of_body
from scheduler.series.tables.footer import last_of_body, sample_of
from scheduler.series.tables.melted import Melted
from scheduler.series.tables.names import names_of
from scheduler.series.tables.sheet import Sheet

#: of the cells of a column that must be of one kind
MOSTLY = 0.6


@dataclass(frozen=True, slots=True)
class Table:
    """A table as text: named columns, and rows with the lines on which they start."""

    file: str
    header: tuple[str, ...]
    header_line: int
    lines: Sequence[int]
    #: each with as many cells as there are columns, or a mistake
    cells: Sequence[list[str]]
    #: what each column mostly holds
    kinds: tuple[Kind, ...]
    #: what was understood and is worth a sentence
    notes: list[str] = field(default_factory=list)
    #: whether the file names its columns; if not, they are column_1, column_2, ...
    named: bool = True
    #: what parts the cells of a line of the file
    delimiter: str = ""
    #: whether each row of the file is a series, whose values are below each other here
    stacked: bool = False

    def place(self, name: str) -> int | None:
        """Return the place of a column by its name, or by its number as column_N; None if there is none, or several."""
        if self.header.count(name) == 1:
            return self.header.index(name)
        word, _, number = name.partition("_")
        if word == "column" and number.isdecimal() and 1 <= int(number) <= len(self.header):
            return int(number) - 1
        return None

    def texts(self, place: int) -> list[str]:
        """Return the cells of a column, without spaces around them."""
        if isinstance(self.cells, Melted):
            return self.cells.texts(place)
        return list(map(str.strip, map(itemgetter(place), self.cells)))

    def even(self) -> Table:
        """Return the table without rows of another number of cells."""
        if not (wrong := set(self.uneven())):
            return self
        return self.taken([place for place in range(len(self.cells)) if place not in wrong])

    def taken(self, places: Sequence[int] | NDArray[np.intp]) -> Table:
        """Return the table with some of its rows."""
        if isinstance(self.cells, Melted):
            kept = np.asarray(places, dtype=np.intp)
            lines = np.asarray(memoryview(self.lines) if isinstance(self.lines, array) else self.lines)[kept]
            return replace(self, lines=array("q", lines.tobytes()), cells=self.cells.taken(kept))
        places = places if isinstance(places, Sequence) else places.tolist()
        return replace(self, lines=[self.lines[one] for one in places], cells=[self.cells[one] for one in places])

    def marks(self, places: Sequence[int]) -> tuple[list[str], NDArray[np.int64]]:
        """Return what tells series apart, the cell of a column or those of several, and whose each row is.

        Returns:
            The marks in the order of the file, and the place of each row's mark among them.
        """
        melted = self.cells if isinstance(self.cells, Melted) and self.cells.tells_of_series(places) else None
        columns = [self.texts(place) if melted is None else melted.of_series(place) for place in places]
        known: dict[str, int] = {}
        found = columns[0] if len(columns) == 1 else map("/".join, zip(*columns, strict=True))
        codes = np.fromiter((known.setdefault(mark, len(known)) for mark in found), np.int64)
        return list(known), codes if melted is None else np.repeat(codes, melted.counts)

    def uneven(self) -> list[int]:
        """Return the places of the rows of another number of cells."""
        many = len(self.header)
        if isinstance(self.cells, Melted) or set(map(len, self.cells)) <= {many}:
            return []
        return [place for place, row in enumerate(self.cells) if len(row) != many]


def read_table(sheet: Sheet, *, header: bool = True) -> Table:
    """Find the header and the notes around a table; without `header` all rows are observations.

    Where the first row is an observation although a header was expected, the table is not `named`.
    """
    if sheet.names is not None:
        return _finished(sheet, [list(sheet.names)], 0, _trimmed(sheet.cells, len(sheet.names)), sheet.lines, [])
    cells, many = _same_width(sheet.cells)
    kinds = kinds_of(cells, many)
    first = first_of_body(cells, kinds)
    head = [place for place in range(first) if len(cells[place]) == many] or [
        place for place in range(first) if len(cells[place]) > many
    ]
    head = _without_titles(cells, _without_labels(cells, head)) if many > 1 else head[-1:]
    if not head and first and len(cells[first - 1]) > 1:  # a header of another width, which is a mistake of the rows
        head = [first - 1]
    above = [place for place in range(first) if place not in head]
    last = last_of_body(cells, kinds, first)
    below = list(range(last, len(cells)))
    notes = _around(sheet, above, below)
    body = cells[first:last]
    lines = sheet.lines[first:last]
    rows = [[cell.strip() for cell in cells[place]] for place in head]
    if (
        not header and rows
    ):  # what looks like a header is one all the same; nothing is an observation that cannot be read
        notes.append(
            f"{sheet.file}: {on_lines([sheet.lines[place] for place in head])} {are(len(head))} left out as a header"
        )
        rows = []
    line = sheet.lines[head[0]] if head else (sheet.lines[first] if first < len(sheet.lines) else 1)
    return _finished(sheet, rows, line, body, lines, notes)


def _without_labels(cells: list[list[str]], head: list[int]) -> list[int]:
    """Return the lines of a header without those above such as `Units: percent`."""
    labels = 0
    while labels < len(head) - 1:
        marked = [cell.strip().endswith(":") for cell in cells[head[labels]]]
        if not marked[0] or any(marked[1:]):
            break
        labels += 1
    return head[labels:]


def _without_titles(cells: list[list[str]], head: list[int]) -> list[int]:
    """Return the lines of a header without those above that have only a first cell, as titles in spreadsheets have."""
    filled = [[bool(cell.strip()) for cell in cells[place]] for place in head]
    titles = 0
    while titles < len(head) and filled[titles][0] and sum(filled[titles]) == 1:
        titles += 1
    below = filled[titles] if titles < len(head) else []
    return head[titles:] if any(below[:1]) or sum(below) > 1 else head


def _finished(
    sheet: Sheet, head: list[list[str]], line: int, body: list[list[str]], lines: list[int], notes: list[str]
) -> Table:
    many = len(head[0]) if head else max(map(len, body), default=1)
    kinds = kinds_of(body, many)
    many = len(head[0]) if len(head) == 1 else many
    names, more = names_of(head, many)
    if more:
        notes.append(f"{sheet.file}: {more}")
    return Table(
        file=sheet.file,
        header=names,
        header_line=line,
        lines=lines,
        cells=body,
        kinds=kinds,
        notes=[*sheet.notes, *notes],
        named=bool(head),
        delimiter=sheet.delimiter,
        stacked=sheet.stacked,
    )


def _same_width(cells: list[list[str]]) -> tuple[list[list[str]], int]:
    """Return the rows and how many columns they have: cells at the ends of rows that are all empty are no column."""
    sample = sample_of(cells)
    counts = Counter(map(len, sample))
    many = max(counts, key=lambda width: (counts[width], width)) if counts else 1
    header = next((len(row) for row in cells if len(row) > 1), many)
    width = many
    body = [row for row in sample if len(row) == many][1 if len(sample) > 2 else 0 :]
    while width > max(1, header if header < many else 1) and all(not row[width - 1].strip() for row in body):
        width -= 1
    if width < many and all(not row[width].strip() for row in cells if len(row) == many):
        return _trimmed(cells, width), width
    return cells, many


def _trimmed(cells: list[list[str]], width: int) -> list[list[str]]:
    return [row[:width] if len(row) > width and not any(cell.strip() for cell in row[width:]) else row for row in cells]


def kinds_of(cells: Sequence[list[str]], many: int) -> tuple[Kind, ...]:
    """Return what each column mostly holds."""
    rows = [row for row in sample_of(cells) if len(row) == many]
    found = []
    for place in range(many):
        counts: Counter[Kind] = Counter()
        for text, often in Counter(row[place] for row in rows).items():
            counts[kind_of(text)] += often
        empty = counts.pop(Kind.MISSING, 0)
        kind = max(counts, key=lambda one: counts[one], default=Kind.MISSING)
        found.append(kind if counts[kind] >= MOSTLY * (len(rows) - empty) or len(rows) - empty < 5 else Kind.TEXT)
    return tuple(found)


def _around(sheet: Sheet, above: list[int], below: list[int]) -> list[str]:
    notes = []
    for places, where in ((above, "above"), (below, "below")):
        if places:
            first = ",".join(sheet.cells[places[0]]).strip()
            lines = [sheet.lines[place] for place in places]
            looks = "looks like a note" if len(lines) == 1 else "look like notes"
            notes.append(
                f"{sheet.file}: {on_lines(lines)} {looks} {where} the table and {are(len(lines))} left out: "
                f"{first[:60]!r}"
            )
    return notes
