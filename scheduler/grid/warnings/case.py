"""One configuration with its series, and its columns as the model sees them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from store.preparation.columns import Column, column
from store.preparation.scaling import Scaler
from store.schema.configuration import Configuration
from store.schema.differences import reach
from store.schema.framing import Frame, frame, same_rows

if TYPE_CHECKING:
    from store.records import Float64s, Series


@dataclass(frozen=True, slots=True)
class Case:
    """A configuration that is right by itself."""

    label: str
    configuration: Configuration
    series: Series

    @property
    def frame(self) -> Frame:
        """The rows that it cuts from the series."""
        return frame(self.configuration, len(self.series.values))

    def values(self, column: str) -> Float64s:
        """Return a column as the series has it."""
        found: Float64s = self.series.values[:, self.series.columns.index(column)]
        return found

    def column(self, name: str) -> Column:
        """Return a column, transformed and differenced."""
        return column(self.configuration, self.series, name, self.frame)

    def training(self, name: str, *, changed: bool = True) -> Float64s:
        """Return the values of a column on which the scale is fitted: those before validation and test rows.

        Args:
            name: Of the column.
            changed: Whether they are transformed and differenced, or as they were observed.
        """
        lags = self.configuration.prepare.differences_of(name) if changed else ()
        values = self.column(name).changes[reach(lags) :] if changed else self.values(name)
        cut = self.frame
        return values[: max(1, len(values) - (cut.rows - cut.available))]

    def scaled(self, name: str) -> Float64s:
        """Return the training values as the model sees them."""
        values, sizes = self.training(name)[:, None], np.array([self.column(name).size])
        return Scaler.fit(values, [self.configuration.prepare.scale_of(name)], sizes).apply(values)[:, 0]


def distinct(cases: Iterable[Case], key: Callable[[Case], Hashable]) -> Iterator[Case]:
    """Keep the first case of each key, so that what many configurations have in common is computed once."""
    seen: set[Hashable] = set()
    for case in cases:
        found = key(case)
        if found not in seen:
            seen.add(found)
            yield case


def by_series(case: Case) -> Hashable:
    """Return which series and columns a case uses."""
    return case.configuration.series.written


def by_rows(case: Case) -> Hashable:
    """Return all that decides the values of the training and test rows."""
    return same_rows(case.configuration)
