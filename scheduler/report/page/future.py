"""The section about the forecast beyond the end of the data: its picture, its table and how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.report.formats.future import on_intervals
from scheduler.report.page.table import Cell, Column, Table, numeric, text_columns
from scheduler.text import number_format

if TYPE_CHECKING:
    from scheduler.future.outcome import Future

#: steps of a table
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Beyond:
    """The content of the section."""

    notes: Sequence[str]
    table: Table
    #: the picture's id and caption
    identity: str
    caption: str


def beyond_the_end(future: Future | None) -> Beyond | None:
    """Make the section; None where nothing is forecast beyond the end."""
    if future is None or not len(future.rows):
        return None
    notes = [_sentence(line, future.configuration) for line in (*future.notes, *on_intervals(future))]
    return Beyond(notes, _table(future), "beyond", _caption(future))


def _sentence(line: str, label: str) -> str:
    """Write a note as a sentence; the name of a configuration stays as it is."""
    first = line if line.startswith(label) else f"{line[:1].upper()}{line[1:]}"
    return first if first.endswith(".") else f"{first}."


def _caption(future: Future) -> str:
    levels = [f"{level:g}%" for level in sorted(future.intervals["level"].unique())]
    bands = f", the bands are its {' and '.join(levels)} intervals" if levels else ""
    said = f"The end of {future.series.name} and what {future.configuration} forecasts"
    return f"{said}: the line is the median of all repeats{bands}."


def _table(future: Future) -> Table:
    frame = future.frame.head(MOST_ROWS)
    several = len(future.targets) > 1
    names = [name for name in frame if name not in ("target", "step", "time")]
    write = number_format(frame[names].to_numpy(dtype=float).ravel().tolist(), figures=4)
    cells = {name: numeric(frame[name].to_numpy(dtype=float), write) for name in names}
    rows = [
        [
            Cell(str(row["time"])),
            *([Cell(str(row["target"]))] if several else []),
            *(cells[name][place] for name in names),
        ]
        for place, row in enumerate(frame.to_dict("records"))
    ]
    cut = f" The first {MOST_ROWS} of {len(future.frame):,} rows." if len(future.frame) > MOST_ROWS else ""
    heads = [*text_columns("time", *(["target"] if several else [])), *(Column(_head(str(name))) for name in names)]
    return Table("beyond-table", f"The median of the repeats, and both ends of each interval.{cut}", heads, rows)


def _head(name: str) -> str:
    """Return the head of a column: `low_80` is the lower end of the 80% interval."""
    end, _, level = name.partition("_")
    return f"{level}%, {'from' if end == 'low' else 'to'}" if level else name
