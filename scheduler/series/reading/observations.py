"""The rows of a series on their way through the steps: times, values with NaN where one is missing, and their lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.series.time_forms.times import Times

if TYPE_CHECKING:
    from store.records import Float64s


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """Rows of named columns."""

    columns: tuple[str, ...]
    #: (rows, columns)
    values: Float64s
    #: on which line each row is; 0 for rows that were put together or put in
    lines: NDArray[np.int64]
    #: None where the grid names no column of times
    times: Times | None = None
    #: where in a table each row is: several are on one line where its columns are times; None if none was asked for
    places: NDArray[np.intp] | None = None

    def __len__(self) -> int:
        return len(self.values)

    def taken(self, places: NDArray[np.intp]) -> Observations:
        """Return some of the rows, in this order."""
        times = None if self.times is None else self.times.taken(places)
        own = None if self.places is None else self.places[places]
        return replace(self, values=self.values[places], lines=self.lines[places], times=times, places=own)

    def label(self, place: int) -> str:
        """Return the time of a row, or its line, for messages."""
        if self.times is None:
            return f"line {self.lines[place]}"
        if self.times.texts is not None:
            return self.times.texts[place]
        return self.times.taken(np.array([place])).labels()[0]
