"""One configuration with its series, and its columns as the model sees them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.schema.configuration import Configuration
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

    def training(self, column: str, *, difference: bool = True) -> Float64s:
        """Return the values of a column on which the scale is fitted: those before validation and test rows."""
        step = self.configuration.prepare.difference_of(column) if difference else 0
        values = self.values(column)
        changes = values[step:] - values[:-step] if step else values
        cut = self.frame
        return changes[: max(1, len(changes) - (cut.rows - cut.available))]

    def scaled(self, column: str) -> Float64s:
        """Return the training values as the model sees them, differenced and scaled."""
        values, ends = self.training(column), self.configuration.prepare.scale_of(column)
        if ends is None:
            return values
        low = values.min()
        span = float(values.max() - low) or 1.0
        scaled: Float64s = (values - low) / span * (ends[1] - ends[0]) + ends[0]
        return scaled


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
