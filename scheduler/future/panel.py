"""What forecasts beyond the end say: of one series, and of several as one table with the series' name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from scheduler.text import many

if TYPE_CHECKING:
    from store import Series

#: notes that not all series share, and series that each of them names
MOST_NOTES, MOST_NAMED = 6, 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Future:
    """A forecast beyond the end of the data."""

    #: the study's name
    experiment: str
    configuration: str
    #: the label of the configuration on the split that ends with the series
    cell: str = ""
    series: Series
    #: the last of which are ahead
    observations: int
    targets: tuple[str, ...]
    #: one row a target and step: target, step, time, median and observed
    rows: pd.DataFrame
    #: one row a target, step and level: target, step, level, low, high, basis
    intervals: pd.DataFrame
    #: one row a repeat, target and step: repeat, target, step, time, forecast
    repeats: pd.DataFrame
    #: how it was made, in sentences
    notes: tuple[str, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """One row a target and step: target, step, time, median, and low and high of each level."""
        return _with_bounds(self.rows, self.intervals, ["target", "step"])


@dataclass(frozen=True, kw_only=True, slots=True)
class PanelFuture:
    """A forecast beyond the end of several series by the same configuration."""

    experiment: str
    configuration: str
    #: in the order of the grid
    each: tuple[Future, ...]
    #: how all were made, in sentences
    notes: tuple[str, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """One row a series, target and step: series, target, step, time, median, and low and high of each level."""
        return _with_bounds(self.rows, self.intervals, ["series", "target", "step"])

    @property
    def rows(self) -> pd.DataFrame:
        """One row a series, target and step: series, target, step, time, median and observed."""
        return self._stacked(lambda one: one.rows)

    @property
    def intervals(self) -> pd.DataFrame:
        """One row a series, target, step and level: series, target, step, level, low, high, basis."""
        return self._stacked(lambda one: one.intervals)

    @property
    def repeats(self) -> pd.DataFrame:
        """One row a series, repeat, target and step: series, repeat, target, step, time, forecast."""
        return self._stacked(lambda one: one.repeats)

    def of(self, name: str) -> Future:
        """Return the forecast of a series.

        Raises:
            KeyError: there is none of this name.
        """
        return {one.series.name: one for one in self.each}[name]

    def _stacked(self, table: Callable[[Future], pd.DataFrame]) -> pd.DataFrame:
        tables = [(one.series.name, table(one)) for one in self.each]
        there = [(name, frame) for name, frame in tables if len(frame)] or tables[:1]
        whole = pd.concat([frame for _, frame in there], ignore_index=True)
        whole.insert(0, "series", [name for name, frame in there for _ in range(len(frame))])
        return whole


def _with_bounds(rows: pd.DataFrame, intervals: pd.DataFrame, of: list[str]) -> pd.DataFrame:
    """Put the low and high of each level beside the rows, which share some columns with their intervals."""
    found = rows
    for level in sorted(intervals["level"].unique()):
        mine = intervals.loc[intervals["level"] == level, [*of, "low", "high"]]
        found = found.merge(
            mine.rename(columns={end: f"{end}_{level:g}" for end in ("low", "high")}), on=of, how="left"
        )
    return found if found["observed"].notna().any() else found.drop(columns="observed")


def each_future(found: Future | PanelFuture) -> tuple[Future, ...]:
    """Return the forecast of each series."""
    return found.each if isinstance(found, PanelFuture) else (found,)


def shared_notes(notes: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the notes on all series: those that all share, and of others each with the series that has it."""
    having: dict[str, list[str]] = {}
    for series, lines in notes.items():
        for line in lines:
            having.setdefault(line, []).append(series)
    own = {line: names for line, names in having.items() if len(names) < len(notes)}
    shown = [line for line in having if line not in own]
    shown += [f"{line} ({_named(names)})" for line, names in list(own.items())[:MOST_NOTES]]
    if len(own) > MOST_NOTES:
        shown.append(f"{many(len(own) - MOST_NOTES, 'more note')} on single series: .json of --output has all")
    return shown


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}"
