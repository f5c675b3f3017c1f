"""What is understood of a file, for people: its rows, times, columns, and the field `series` that uses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scheduler.series.diagnosis import Diagnosis, written
from scheduler.series.fields import SeriesSource
from scheduler.series.reading.attempts import follow, other_ways, read_or_explain
from scheduler.series.reading.file import Reading, Sheets, load_table, read_once
from scheduler.series.season import find_seasons
from scheduler.series.tables.cells import MISSING, Kind
from scheduler.series.tables.table import Table
from scheduler.series.time_forms.joined_times import time_parts
from scheduler.text import many, printable
from store.schema.spelling import listed

if TYPE_CHECKING:
    from store.records import Float64s

#: columns that are shown, letters of a picture, and texts of a column
MOST_COLUMNS, WIDTH, TEXTS = 20, 32, 4
#: values of a column that may be codes, and how often each is there on average
FEWEST_CODES, MOST_CODES, OFTEN = 3, 12, 8
CODES = "; if these are codes, an input of them is named in series.categories"
_BLOCKS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in a file."""

    file: str
    table: Table
    #: with the fields that were proposed
    source: SeriesSource
    #: None where the file has mistakes that YAML does not mend
    reading: Reading | None
    #: what the grid has to say, as messages
    mistakes: tuple[str, ...] = field(default=())
    #: other ways to use the file, each as a reason and the fields
    others: tuple[tuple[str, SeriesSource], ...] = ()

    def __str__(self) -> str:
        """Return it as lines for people."""
        return printable("\n".join([self.file, *self._lines()]))

    def _lines(self) -> Iterator[str]:
        if self.reading is not None:
            yield from _of_rows(self.reading, self.source)
        yield from _named("columns", list(_of_columns(self.table)))
        notes = self.reading.notes if self.reading is not None else tuple(self.table.notes)
        yield from _named("notes", [note.removeprefix(f"{self.file}: ") for note in notes])
        yield from _named("settled by" if self.reading is not None else "wrong", list(self.mistakes))
        if self.reading is not None:
            yield from _named("write", [written(self.source)])
            yield from _named("or", [f"{why}: {written(other)}" for why, other in self.others])


def inspect_file(path: Path, source: SeriesSource | None = None) -> Inspection:
    """Read a file as far as it can be understood, with the fields of a grid or without any.

    Raises:
        SeriesError: The file has no table that can be read.
    """
    start = source or SeriesSource(path=path.name)
    file = str(path)
    sheets: Sheets = {}

    def read(diagnosis: Diagnosis) -> Reading:
        return read_once(path, diagnosis, 0, sheets)

    course = follow(start, file, read)
    final = course.source
    table = read_or_explain(final, path, lambda diagnosis: load_table(path, diagnosis, sheets))
    reading: Reading | None = course.found
    texts = tuple(f"line {line}: {text}" if line else text for line, text in sorted(course.mistakes))
    others = tuple(other_ways(course, file, read)) if reading else ()
    return Inspection(file, table, final, reading, texts, others)


def _named(name: str, lines: Sequence[str]) -> Iterator[str]:
    """Indent lines, the first of which has a name."""
    for place, line in enumerate(lines):
        yield f"  {name if not place else '':10}  {line}"


def _of_rows(reading: Reading, source: SeriesSource) -> Iterator[str]:
    """Describe the rows of the series, their times and their season."""
    series = reading.series
    count = f"{len(series.values):,}"
    if not series.times:
        yield from _named("rows", [f"{count}, in the order of the file"])
        yield from _named("picture", [f"{sparkline(series.values[:, 0])}  {series.columns[0]}"])
        return
    yield from _named("rows", [f"{count}, {series.times[0]} to {series.times[-1]}"])
    yield from _named("frequency", [reading.frequency])
    seasons = find_seasons(series.times, source.format) or find_seasons(series.times)
    yield from _named("season", [f"{listed([f'{one:,}' for one in seasons], 'and')} rows" if seasons else "none known"])
    yield from _named("picture", [f"{sparkline(series.values[:, 0])}  {series.columns[0]}"])


def _of_columns(table: Table) -> Iterator[str]:
    width = max((len(name) for name in table.header[:MOST_COLUMNS]), default=0)
    times = set(time_parts(table.header).values())
    for place, name in enumerate(table.header[:MOST_COLUMNS]):
        texts = table.texts(place)
        codes = CODES if table.kinds[place] is Kind.NUMBER and name not in times and _may_be_codes(texts) else ""
        yield f"{name[:40]:{min(width, 40)}}  {_of_column(texts, table.kinds[place])}{codes}"
    if len(table.header) > MOST_COLUMNS:
        yield f"and {len(table.header) - MOST_COLUMNS} more"


def _may_be_codes(texts: Sequence[str]) -> bool:
    """Return whether a column has few different whole numbers, many times each, and more than 0 and 1."""
    different = {text for text in texts if text.lower() not in MISSING}
    few = FEWEST_CODES <= len(different) <= min(MOST_CODES, len(texts) / OFTEN)
    return few and all(map(str.isdecimal, different))


def _of_column(texts: Sequence[str], kind: Kind) -> str:
    """Describe a column: its type, its range and what is missing."""
    known = [text for text in texts if text.lower() not in MISSING]
    missing = len(texts) - len(known)
    lack = f", {missing:,} missing" if missing else ""
    if kind is Kind.NUMBER and (values := _numbers(known)) is not None and len(values):
        return f"number, {values.min():g} to {values.max():g}{lack}"
    if kind in (Kind.TIME, Kind.NUMBER) and known:
        return f"{kind.value}, {known[0]} to {known[-1]}{lack}"
    different = list(dict.fromkeys(known))
    shown = ", ".join(text[:20] for text in different[:TEXTS])
    return f"text, {many(len(different), 'value')}: {shown}{' ...' if len(different) > TEXTS else ''}{lack}"


def _numbers(texts: Sequence[str]) -> Float64s | None:
    """Read numbers in the first way in which all are read."""
    from scheduler.series.reading.marks import USUAL

    for marks in USUAL:
        read = {text: marks.parse(text) for text in set(texts)}
        if None not in read.values():
            return np.array([read[text] for text in texts], dtype=np.float64)
    return None


def sparkline(values: Float64s) -> str:
    """Draw a series in one line: the mean of each stretch as a block."""
    parts = np.array_split(values, min(WIDTH, len(values)))
    means = np.array([part.mean() for part in parts])
    low, span = means.min(), np.ptp(means) or 1.0
    return "".join(_BLOCKS[min(7, int(8 * (one - low) / span))] for one in means)
