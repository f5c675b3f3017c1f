"""Series: bundled ones by name, and CSV files of the user, whose mistakes are reported by line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import numpy as np

from scheduler import files
from scheduler.series import row_times, times
from scheduler.series.content import chosen, content_hash
from scheduler.series.fields import SeriesSource
from scheduler.series.numbers import parse_number, read_column
from store.errors import SeriesError
from store.records import Series
from store.schema.configuration import SeriesChoice
from store.schema.spelling import did_you_mean, listed

BUNDLED = Path(__file__).parent / "bundled"
LARGEST_FILE = 200_000_000  #: bytes
MOST_MISTAKES = 20
NEARLY_ALL = 0.8  #: of the rows; a mistake that so many have is said once

_ADVICE = files.Advice(
    missing="a path is relative to the grid file",
    directory="name a CSV file",
    unreadable="name a CSV file that can be read",
    too_large="use a part of it",
)
_DELIMITERS = ",;\t|"
#: what differs between mistakes that are the same otherwise: values and lines
_PARTICULARS = re.compile(r"'[^']*'|\d+")


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file as text: its header, and its rows with the lines on which they start."""

    file: str
    header: tuple[str, ...]
    header_line: int
    rows: tuple[tuple[int, list[str]], ...]


@dataclass(slots=True)
class _Mistakes:
    """Collects mistakes; raises the first 20 of them and the number of the others."""

    file: str
    found: list[tuple[int, str]] = field(default_factory=list)

    def __call__(self, line: int, text: str) -> None:
        self.found.append((line, text))

    def of_column(self, found: Sequence[tuple[int, str]], rows: int) -> None:
        """Add the mistakes of a column of so many rows; a mistake in nearly all rows is reported once, at the first."""
        alike: dict[str, list[tuple[int, str]]] = {}
        for line, text in found:
            alike.setdefault(_PARTICULARS.sub("", text), []).append((line, text))
        for same in alike.values():
            if len(same) > 3 and len(same) >= NEARLY_ALL * rows:
                line, text = same[0]
                self(line, f"{text} ({len(same)} of {rows} rows have this mistake)")
            else:
                self.found.extend(same)

    def settle(self) -> None:
        if not self.found:
            return
        ordered = sorted(self.found)
        lines = [f"{self.file}:{line}: {text}" for line, text in ordered[:MOST_MISTAKES]]
        if len(ordered) > MOST_MISTAKES:
            lines.append(f"{self.file}: and {len(ordered) - MOST_MISTAKES} more mistakes")
        raise SeriesError(lines)


def bundled_names() -> tuple[str, ...]:
    """List the series that come with the project."""
    return tuple(sorted(path.stem for path in BUNDLED.glob("*.csv")))


def bundled(name: str, columns: Sequence[str] = ()) -> Series:
    """Read a bundled series; without `columns`, all of them."""
    table = read_table(BUNDLED / f"{name}.csv", f"the bundled series {name}")
    time, *others = table.header
    return series_of(table, name, tuple(columns) or tuple(others), time, check_times=False)


def read_table(path: Path, shown: str = "") -> Table:
    """Read a CSV file as text; `shown` is how messages name it.

    Raises:
        SeriesError: it is missing, empty, too large, not UTF-8, or not CSV.
    """
    file = shown or str(path)
    text = _text(path, file)
    delimiter = _delimiter(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = tuple(_rows(lines, file))
    if not rows:
        _refuse(f"{file}: is empty; a series needs a header line and a row for each observation")
    (header_line, header), *others = rows
    names = tuple(name.strip() for name in header)
    if all(parse_number(name) is not None or not name for name in names):
        _refuse(f"{file}:{header_line}: the first line holds values; add a header line with the column names before it")
    return Table(file, names, header_line, tuple(others))


def _text(path: Path, file: str) -> str:
    try:
        text = files.read_text(path, largest=LARGEST_FILE, advice=_ADVICE, shown=file)
    except files.Unreadable as problem:
        _refuse(str(problem))
    if "\0" in text:  # Postgres takes none in the name of a column
        line = text.count("\n", 0, text.index("\0")) + 1
        _refuse(f"{file}:{line}: holds a NUL character; save the file as UTF-8 text")
    return text


def _refuse(text: str) -> NoReturn:
    raise SeriesError([text]) from None


def _delimiter(text: str) -> str:
    """Return the delimiter that splits the header into the most columns."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return max(_DELIMITERS, key=bare.count)


def _rows(lines: Iterator[list[str]], file: str) -> Iterator[tuple[int, list[str]]]:
    line = 1
    try:
        for row in lines:
            if any(cell.strip() for cell in row):
                yield line, row
            line = lines.line_num + 1  # type: ignore[attr-defined]
    except csv.Error as problem:
        _refuse(f"{file}:{line}: not CSV: {problem}; check the quotes")


def series_of(
    table: Table,
    name: str,
    columns: Sequence[str],
    time: str | None,
    *,
    form: str | None = None,
    decimal: str = ".",
    check_times: bool = True,
) -> Series:
    """Return a series of some columns of a table, in the order of the file.

    Raises:
        SeriesError: a column is not there, or rows are wrong; the first 20 mistakes, each with its line.
    """
    mistakes = _Mistakes(table.file)
    _check_columns(table, [*columns, *([time] if time else [])], mistakes)
    mistakes.settle()
    kept = [column for column in table.header if column in columns]
    rows = _even_rows(table, mistakes)
    values = []
    for column in kept:
        cells = [(line, row[table.header.index(column)].strip()) for line, row in rows]
        values.append(_numbers(column, cells, decimal, mistakes, timed=bool(time)))
    labels = [row[table.header.index(time)].strip() for _, row in rows] if time else []
    if time and check_times:
        mistakes.of_column(_time_faults(table, time, form), len(rows))
    mistakes.settle()
    if len(rows) < 2:
        _refuse(f"{table.file}: has {len(rows)} observation{'' if len(rows) == 1 else 's'}; a series needs at least 2")
    array = np.column_stack(values) + 0.0  # no negative zeros: equal values hash alike
    return Series(
        name=name,
        columns=tuple(kept),
        values=array,
        times=tuple(labels),
        content_hash=content_hash(kept, array),
    )


def _check_columns(table: Table, wanted: Sequence[str], mistakes: _Mistakes) -> None:
    for column in dict.fromkeys(wanted):
        if not column or column not in table.header:
            there = listed([name or "one without a name" for name in table.header[:20]], "and")
            hint = did_you_mean(column, table.header)
            mistakes(table.header_line, f"there is no column {column!r}; the columns are {there}{hint}")
        elif table.header.count(column) > 1:
            mistakes(table.header_line, f"the column {column!r} appears twice; give each a unique name")


def _even_rows(table: Table, mistakes: _Mistakes) -> list[tuple[int, list[str]]]:
    """Return the rows that have a field for each column; report the others."""
    many = len(table.header)
    wrong = [
        (
            line,
            f"has {len(row)} field{'s' * (len(row) > 1)}, and the header has {many}; check delimiters and quotes",
        )
        for line, row in table.rows
        if len(row) != many
    ]
    mistakes.of_column(wrong, len(table.rows))
    return [(line, row) for line, row in table.rows if len(row) == many]


def _time_faults(table: Table, time: str, form: str | None) -> list[tuple[int, str]]:
    """Check the times of all rows: a row with too many or too few fields is reported already, and is no gap."""
    place, many = table.header.index(time), len(table.header)
    even = {line for line, row in table.rows if len(row) == many}
    # in a row that is not even, only the first field is surely where it belongs
    texts = [row[place].strip() if line in even or place == 0 else "" for line, row in table.rows]
    wrong = _Mistakes(table.file)
    times.check(texts, [line for line, _ in table.rows], form, wrong)
    return [(line, text) for line, text in wrong.found if line in even]


def _numbers(
    column: str, cells: Sequence[tuple[int, str]], decimal: str, mistakes: _Mistakes, *, timed: bool
) -> list[float]:
    """Read a column; removing a row is suggested only for files without times, since times must have no gaps."""
    numbers, wrong = read_column(cells, decimal, otherwise="" if timed else " or remove the row")
    mistakes.of_column([(line, f"{column} {fault}") for line, fault in wrong], len(cells))
    return numbers


def _refuse_to_choose(table: Table, columns: Sequence[str]) -> NoReturn:
    """Refuse several columns when the grid names none; report faults of their names first."""
    mistakes = _Mistakes(table.file)
    for place, name in enumerate(table.header, start=1):
        if not name:
            mistakes(table.header_line, f"column {place} has no name; add one, or remove the column")
    if not columns:
        mistakes(table.header_line, "there is no column besides the time; add one with values")
    _check_columns(table, [column for column in columns if column], mistakes)
    mistakes.settle()
    _refuse(
        f"{table.file}:{table.header_line}: the columns are {listed(columns, 'and')}; choose in the grid which to "
        "forecast: series.value or series.targets"
    )


def load(source: SeriesSource, folder: Path) -> tuple[Series, SeriesChoice]:
    """Read the series that a grid names; its path is relative to `folder`.

    Raises:
        SeriesError: with every mistake, each with its line.
    """
    wanted = [*(source.targets or ()), *(source.inputs or ()), *([source.value] if source.value else [])]
    if source.path is None:
        name = str(source.name)
        series = bundled(name, wanted)
    else:
        path = folder / source.path
        table = read_table(path, str(path))
        columns = wanted or [column for column in table.header if column != source.time]
        if not wanted and (len(columns) != 1 or "" in columns):
            _refuse_to_choose(table, columns)
        series = series_of(table, path.stem, columns, source.time, form=source.format, decimal=source.decimal or ".")
        return series, chosen(series, source, row_times=_unnamed_times(table, source, columns))
    return series, chosen(series, source)


def _unnamed_times(table: Table, source: SeriesSource, used: Sequence[str]) -> row_times.Rows | tuple[()]:
    """Look for times in the columns that are not used, where the grid names none."""
    if source.time is not None:
        return ()
    places = [place for place, name in enumerate(table.header) if name and name not in used]
    return row_times.disorder((table.header[place], [row[place].strip() for _, row in table.rows]) for place in places)
