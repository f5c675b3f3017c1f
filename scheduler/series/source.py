"""Series: bundled ones by name, and files of the user."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from scheduler.series.clock import clock_of
from scheduler.series.content import chosen, content_hash
from scheduler.series.fields import SeriesSource
from scheduler.series.reading.file import Reading, read_file
from scheduler.series.reading.panel import read_panel
from scheduler.series.tables.sheet import read_sheet
from scheduler.series.tables.table import read_table
from scheduler.series.time_forms.times import Times
from store.errors import SeriesError
from store.records import Series
from store.schema.configuration import SeriesChoice
from store.schema.spelling import did_you_mean, listed

BUNDLED = Path(__file__).parent / "bundled"


@dataclass(frozen=True)
class Loaded:
    """A series as a grid uses it."""

    series: Series
    choice: SeriesChoice
    #: what was understood of a file and is worth a sentence
    notes: tuple[str, ...] = ()
    #: as the file has them; None where the series' own texts are all that there is
    times: Times | None = None
    #: strptime format of the times, if the grid has one
    form: str | None = None

    @cached_property
    def clock(self) -> Times | None:
        """The times as a clock shows them; None where there are none, or they cannot be read."""
        return self.times or clock_of(self.series.times)


def bundled_names() -> tuple[str, ...]:
    """List the series that come with the project."""
    return tuple(sorted(path.stem for path in BUNDLED.glob("*.csv")))


def bundled(name: str, columns: Sequence[str] = ()) -> Series:
    """Read a bundled series; without `columns`, all of them.

    Raises:
        SeriesError: It has no such column.
    """
    table = read_table(read_sheet(BUNDLED / f"{name}.csv", f"the bundled series {name}"))
    there = table.header[1:]
    absent = [column for column in columns if column not in there]
    if absent:
        hint = did_you_mean(absent[0], there)
        named = f"the columns are {listed(there, 'and')}{hint}"
        raise SeriesError([f"the bundled series {name}: there is no column {absent[0]!r}; {named}"])
    kept = [column for column in there if not columns or column in columns]
    array = np.column_stack([np.array(table.texts(table.header.index(one)), dtype=np.float64) for one in kept]) + 0.0
    times = tuple(table.texts(0))
    return Series(name=name, columns=tuple(kept), values=array, times=times, content_hash=content_hash(kept, array))


def load(source: SeriesSource, folder: Path, *, held_out: int = 0) -> Loaded:
    """Read the series that a grid names; its path is relative to `folder`.

    Args:
        source: The field `series` of the grid.
        folder: Of the grid.
        held_out: Observations at the end that are forecast in the test part.

    Raises:
        SeriesError: What is wrong with it, and what to do.
    """
    if source.path is None:
        wanted = [*source.forecast, *(source.inputs or ())]
        series = bundled(str(source.name), wanted)
        return Loaded(series, chosen(series, source))
    _refuse_special(source.path, folder)
    return _loaded(read_file(source, folder, held_out=held_out), source)


def load_each(source: SeriesSource, folder: Path, *, held_out: int = 0) -> tuple[Loaded, ...]:
    """Read all series that the field `series` of a grid stands for, of which there may be one; see `load`."""
    if not source.several or source.path is None:
        return (load(source, folder, held_out=held_out),)
    _refuse_special(source.path, folder)
    return tuple(_loaded(one, source) for one in read_panel(source, folder, held_out=held_out))


def _refuse_special(path: str, folder: Path) -> None:
    """Refuse a pipe, whose writer may never come, and a device, which may never end.

    Raises:
        SeriesError: It is neither a file nor a folder.
    """
    place = folder / path
    with suppress(OSError, ValueError):  # reading says why
        if place.exists() and not (place.is_file() or place.is_dir()):
            shown = path if path.isprintable() else repr(path)
            raise SeriesError([f"{shown}: this is a pipe or a device, not a file; name a CSV file"])


def _loaded(reading: Reading, source: SeriesSource) -> Loaded:
    choice = chosen(
        reading.series, reading.source, row_times=reading.disorder, left_out=reading.left_out, made=reading.made
    )
    return Loaded(reading.series, choice, reading.notes, reading.times, source.format)
