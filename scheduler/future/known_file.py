"""A file with values beyond the end, read as the grid says of the file of its series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.series.lines import on_lines
from scheduler.series.reading.periods import rows_of
from scheduler.series.tables.sheet import read_sheet
from scheduler.series.tables.table import read_table
from scheduler.series.tables.wide import lengthened
from store.errors import UsageError

if TYPE_CHECKING:
    from scheduler.future.source import Source


def read_columns(path: Path, source: Source) -> Mapping[str, Sequence[str]]:
    """Return the columns of a file as text; it is read once for all series that it is asked for.

    Raises:
        UsageError: it is missing, or has rows of another number of cells.
        SeriesError: it is no table.
    """
    if not path.exists():
        raise UsageError(f"{path}: no such file; name a CSV file with the columns of the series")
    told = (source.delimiter, source.encoding, source.header)
    of_one = (source.time, source.frequency) if source.time and source.frequency else None
    return _read(path, path.stat().st_mtime_ns, told, (*source.times, *source.marks_in, *source.values), of_one)


@lru_cache(maxsize=4)
def _read(
    path: Path,
    changed: int,
    told: tuple[str | None, str | None, bool],
    wanted: tuple[str, ...],
    of_one: tuple[str, str] | None,
) -> Mapping[str, Sequence[str]]:
    delimiter, encoding, header = told
    table = read_table(read_sheet(path, str(path), delimiter=delimiter, encoding=encoding), header=header)
    table = lengthened(table, set(wanted))
    if wrong := table.uneven():
        raise UsageError(
            f"{path}: {on_lines([table.lines[row] for row in wrong])} {'has' if len(wrong) == 1 else 'have'} another "
            f"number of cells than the header, which has {len(table.header)}; check delimiters and quotes"
        )
    if of_one is not None and (at := table.place(of_one[0])) is not None:
        table = table.taken(rows_of(table.texts(at), of_one[1]))
    return {name: table.texts(place) for place, name in enumerate(table.header)}
