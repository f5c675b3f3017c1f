"""Values that are known beyond the end, from a file or a DataFrame: matched to the times for which they are needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.future.known_file import read_columns
from scheduler.future.known_times import moments_ahead, moments_of
from scheduler.future.source import Source
from scheduler.series.categories import column_of
from scheduler.series.reading.flags import bare_number, unflagged
from scheduler.series.reading.marks import Marks
from scheduler.series.reading.text_columns import as_codes
from scheduler.series.tables.cells import MISSING
from scheduler.text import many
from store.errors import UsageError
from store.schema.spelling import did_you_mean, listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.series.times_ahead import Ahead

#: times that a message names
SHOWN = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A table of values that are known ahead, as text."""

    #: how messages name it
    name: str
    columns: Mapping[str, Sequence[str]]
    rows: int
    #: what the grid says of the file of its series
    source: Source = field(default_factory=Source)
    #: the file that it is, which is written as that of the series is; None for a DataFrame
    path: Path | None = None

    @classmethod
    def read(cls, path: Path) -> Known:
        """Read a file.

        Raises:
            UsageError: it is missing.
            SeriesError: it is no table.
        """
        return cls._of(path, Source())

    @classmethod
    def _of(cls, path: Path, source: Source) -> Known:
        columns = read_columns(path, source)
        rows = len(next(iter(columns.values()), ()))
        return cls(name=str(path), columns=columns, rows=rows, source=source, path=path)

    def written_as(self, source: Source, series: str) -> Known:
        """Return the rows of a series, read as the grid says of the file of its series.

        Args:
            source: what the grid says.
            series: the name of the series.

        Raises:
            UsageError: the table has rows of other series alone.
        """
        return self._as(source)._rows_of(source, series)

    def _as(self, source: Source) -> Known:
        """Return the table as the grid says; the numbers of a DataFrame are written as Python writes them."""
        return replace(self, source=source) if self.path is None else self._of(self.path, source)

    def has(self, source: Source, series: str) -> bool:
        """Return whether there are rows of a series: all are where no column tells series apart."""
        return self._as(source)._kept(source, series) != []

    def _rows_of(self, source: Source, series: str) -> Known:
        """Leave out the rows of other series, where the columns are there that tell series apart."""
        kept = self._kept(source, series)
        if kept is None:
            return self
        if not kept:
            marks = list(dict.fromkeys(self._marks(source)))
            raise UsageError(
                f"{self.name} has no row of {source.keep or series}, by {listed(self._telling(source), 'and')}; there "
                f"are {listed(marks[:SHOWN], 'and')}"
            )
        columns = {name: [texts[row] for row in kept] for name, texts in self.columns.items()}
        return replace(self, columns=columns, rows=len(kept))

    def _kept(self, source: Source, series: str) -> list[int] | None:
        """Return the rows of a series; None where no column tells series apart."""
        if not self._telling(source):
            return None
        return [
            row
            for row, mark in enumerate(self._marks(source))
            if (mark == source.keep if source.keep is not None else series in source.names_of(mark))
        ]

    def _telling(self, source: Source) -> tuple[str, ...]:
        """Return the columns that tell series apart: those of the grid, or of several files `series`."""
        wanted = source.marks_in or (("series",) if source.several else ())
        return wanted if all(name in self.columns for name in wanted) else ()

    def _marks(self, source: Source) -> Iterator[str]:
        """Yield what each row is of, as series are named."""
        columns = (self.columns[name] for name in self._telling(source))
        return ("/".join(cells) for cells in zip(*columns, strict=True))

    @classmethod
    def of(cls, given: Any) -> Known:
        """Return a DataFrame as a table, its index as a column where it holds times."""
        import pandas as pd

        frame = pd.DataFrame(given)
        if not isinstance(frame.index, pd.RangeIndex):
            frame.index = frame.index.rename(frame.index.name or "time")
            frame = frame.reset_index()
        columns = {str(name): ["" if pd.isna(one) else str(one) for one in frame[name]] for name in frame}
        return cls(name="future", columns=columns, rows=len(frame))

    def places(self, ahead: Ahead, steps: Sequence[int]) -> dict[int, int]:
        """Return the row of each step: by its time, or in order where there are no times.

        Args:
            ahead: the times that follow the series.
            steps: which are needed, from 1.

        Raises:
            UsageError: it has no row for a step.
        """
        found = self.by_time(ahead)
        missing = [ahead.labels[step - 1] for step in steps if step - 1 not in found]
        if missing:
            shown = ", ".join(missing[:SHOWN]) + (", ..." if len(missing) > SHOWN else "")
            raise UsageError(
                f"{self.name} has no row for {shown}: {many(len(missing), 'time')} of {len(steps)} that are needed, "
                f"{span([ahead.labels[step - 1] for step in steps])}. Add a row for each."
            )
        return {step: found[step - 1] for step in steps}

    def by_time(self, ahead: Ahead) -> dict[int, int]:
        """Return the row of each step from 0 that has one.

        Raises:
            UsageError: it has no column of times, and the series has; or rows of the same time that differ.
        """
        if ahead.times is None:
            return {row: row for row in range(self.rows)}
        known = moments_of(self.columns, self.source, ahead)
        if known is None:
            raise UsageError(self._without_times(ahead))
        rows: dict[object, list[int]] = {}
        for row, moment in known:
            rows.setdefault(moment, []).append(row)
        found = {step: rows[moment] for step, moment in enumerate(moments_ahead(ahead)) if moment in rows}
        self._check_once(found, ahead)
        return {step: places[0] for step, places in found.items()}

    def _without_times(self, ahead: Ahead) -> str:
        names, wanted = self.source.times, ", ".join(ahead.labels[:2])
        named = f" {listed(list(map(repr, names)), 'and')}" if names else ""
        if names and all(name in self.columns for name in names):
            first = next((" ".join(parts) for parts in zip(*map(self._texts, names), strict=True) if all(parts)), "")
            return f"{self.name}: the times of{named} ({first!r}) are in no form that is known; write {wanted}, ..."
        return (
            f"{self.name} has no column of times{named}; its columns are {listed(list(self.columns)[:20], 'and')}. "
            f"Add one, with {wanted}, ..."
        )

    def _check_once(self, found: Mapping[int, Sequence[int]], ahead: Ahead) -> None:
        """Check that rows of the same time are equal.

        Raises:
            UsageError: two differ, so that either may be meant.
        """
        for step, rows in found.items():
            if len({tuple(texts[row] for texts in self.columns.values()) for row in rows}) > 1:
                raise UsageError(
                    f"{self.name} has {len(rows)} rows for {ahead.labels[step]}, and they differ; keep one for each "
                    "time, those of this series"
                )

    def check_columns(self, names: Iterable[str]) -> None:
        """Check that there are these columns.

        Raises:
            UsageError: one is missing.
        """
        for name in names:
            self._texts(name)

    def numbers(self, name: str, places: Mapping[int, int], labels: Sequence[str]) -> NDArray[np.float64]:
        """Return the numbers of a column at some steps.

        Raises:
            UsageError: there is no such column, or a cell is no number.
        """
        texts = self._texts(name)
        found = np.empty(len(places))
        for number, (step, row) in enumerate(places.items()):
            value = self._number(texts[row])
            if value is None or not np.isfinite(value):
                given = f"{texts[row]!r} is no number" if texts[row] else "there is no value"
                raise UsageError(f"{self.name}: {name} at {labels[step - 1]}: {given}. Fill it in.")
            found[number] = value
        return found

    def _empty(self, text: str) -> bool:
        """Return whether a cell has no value yet, with a mark or without."""

        def missing(one: str) -> bool:
            return one.lower() in MISSING or (self.path is not None and one in self.source.missing)

        return missing(unflagged(text, self._flags, missing))

    @property
    def _flags(self) -> Sequence[str]:
        return self.source.flags if self.path is not None else ()

    def _number(self, text: str) -> float | None:
        """Read a number as the grid writes them, or in the usual way; with a unit, too."""
        marks = self.source.marks if self.path is not None else Marks()
        text = unflagged(text.strip(), self._flags, lambda one: marks.parse(one) is not None)
        plain = (text, bare_number(text))
        return next((value for way in (marks, Marks()) for one in plain if (value := way.parse(one)) is not None), None)

    def observed(self, name: str, places: Mapping[int, int], labels: Sequence[str]) -> dict[int, float]:
        """Return the numbers of a column at those steps that have one: an empty cell is not known yet.

        Raises:
            UsageError: there is no such column, or a cell is no number.
        """
        texts = self._texts(name)
        there = {step: row for step, row in places.items() if not self._empty(texts[row].strip())}
        return dict(zip(there, self.numbers(name, there, labels).tolist(), strict=True))

    def category(
        self, name: str, made: Mapping[str, int], places: Mapping[int, int], labels: Sequence[str]
    ) -> NDArray[np.float64]:
        """Return the columns of 0 and 1 that a column of text becomes, (steps, columns).

        Args:
            name: the column.
            made: the columns that it became, each with its place.
            places: the row of each step.
            labels: the times of all steps.

        Raises:
            UsageError: there is no such column, or a text that the series has not.
        """
        texts = self._texts(name)
        found = np.zeros((len(places), len(made)))
        for number, (step, row) in enumerate(places.items()):
            column = next((one for text in as_codes(texts[row]) if (one := column_of(name, text)) in made), None)
            if column is None:
                known = [one.partition("=")[2] for one in made]
                raise UsageError(
                    f"{self.name}: {name} at {labels[step - 1]} is {texts[row]!r}, which the series has never had; "
                    f"allowed: {listed(known)}{did_you_mean(texts[row], known)}"
                )
            found[number, made[column]] = 1.0
        return found

    def _texts(self, name: str) -> Sequence[str]:
        if name not in self.columns:
            raise UsageError(
                f"{self.name} has no column {name!r}, which is needed; its columns are "
                f"{listed(list(self.columns)[:20], 'and')}{did_you_mean(name, self.columns)}"
            )
        return self.columns[name]


def span(labels: Sequence[str]) -> str:
    """Return times as `first to last`."""
    return labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"
