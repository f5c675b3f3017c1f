"""The section about the forecast beyond the end of the data: its picture, its table and how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.future.panel import PanelFuture, each_future
from scheduler.report.formats.future import on_intervals
from scheduler.report.page.data.future import MOST_DRAWN
from scheduler.report.page.table import Cell, Column, Kind, Table, numeric
from scheduler.text import number_format

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.future.panel import Future

#: rows of a table: of one series, and of several
MOST_ROWS, MOST_OF_ALL = 200, 2400


@dataclass(frozen=True, slots=True)
class Beyond:
    """The content of the section."""

    notes: Sequence[str]
    table: Table
    #: the picture's id and caption
    identity: str
    caption: str
    #: whether there is a field to search the table
    searched: bool = False


def beyond_the_end(future: Future | PanelFuture | None) -> Beyond | None:
    """Make the section; None where nothing is forecast beyond the end."""
    if future is None or not len(future.rows):
        return None
    notes = [_sentence(line, future.configuration) for line in (*future.notes, *on_intervals(future))]
    return Beyond(notes, _table(future), "beyond", _caption(future), isinstance(future, PanelFuture))


def _sentence(line: str, label: str) -> str:
    """Write a note as a sentence; the name of a configuration stays as it is."""
    first = line if line.startswith(label) else f"{line[:1].upper()}{line[1:]}"
    return first if first.endswith(".") else f"{first}."


def _caption(future: Future | PanelFuture) -> str:
    levels = [f"{level:g}%" for level in sorted(future.intervals["level"].unique())]
    bands = f", the bands are its {' and '.join(levels)} intervals" if levels else ""
    each = each_future(future)
    name = each[0].series.name if len(each) == 1 else "each series"
    cut = f" Drawn are the first {MOST_DRAWN} of {len(each):,} series." if len(each) > MOST_DRAWN else ""
    said = f"The end of {name} and what {future.configuration} forecasts"
    return f"{said}: the line is the median of all repeats{bands}.{cut}"


def _table(future: Future | PanelFuture) -> Table:
    most = MOST_OF_ALL if isinstance(future, PanelFuture) else MOST_ROWS
    whole = future.frame
    frame = whole.head(most)
    names = [name for name in map(str, frame) if name not in ("series", "target", "step", "time")]
    texts = [name for name in ("series", "time", "target") if name in frame]
    if len({one.targets for one in each_future(future)}) == 1 and len(each_future(future)[0].targets) == 1:
        texts.remove("target")
    of_series = frame.groupby("series", sort=False) if "series" in frame else [("", frame)]
    rows = [row for _, rows_of in of_series for row in _rows(rows_of, texts, names)]
    cut = (
        f" The first {most:,} of {len(whole):,} rows; scheduler forecast --output has all." if len(whole) > most else ""
    )
    times = [Column(name, Kind.LETTERS) if name == "time" else Column(name, Kind.TEXT) for name in texts]
    heads = [*times, *(Column(_head(str(name))) for name in names)]
    return Table("ahead-table", f"The median of the repeats, and both ends of each interval.{cut}", heads, rows)


def _rows(frame: pd.DataFrame, texts: Sequence[str], names: Sequence[str]) -> list[list[Cell]]:
    """Return the rows of one series, with numbers as its size asks for."""
    write = number_format(frame[names].to_numpy(dtype=float).ravel().tolist(), figures=4)
    cells = {name: numeric(frame[name].to_numpy(dtype=float), write) for name in names}
    return [
        [*(Cell(str(row[name])) for name in texts), *(cells[name][place] for name in names)]
        for place, row in enumerate(frame.to_dict("records"))
    ]


def _head(name: str) -> str:
    """Return the head of a column: `low_80` is the lower end of the 80% interval."""
    end, _, level = name.partition("_")
    return f"{level}%, {'from' if end == 'low' else 'to'}" if level else name
