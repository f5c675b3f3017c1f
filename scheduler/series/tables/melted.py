"""The rows of a table whose series stand in a row each, below each other: made one by one, when they are looked at.

Tens of thousands of series with thousands of values are as many lists otherwise, of which each has the series' name.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import overload

import numpy as np
from numpy.typing import NDArray


class Melted(Sequence[list[str]]):
    """Rows with what tells of a series, what a value is called where the columns are called so, and the value.

    Args:
        rows: a series each.
        kept: places of what tells of it.
        spans: place of the first value of each series and that behind its last one, (series, 2).
        called: what the values of each column are called; none where they are not.
    """

    def __init__(
        self, rows: Sequence[list[str]], kept: Sequence[int], spans: NDArray[np.int64], called: Sequence[str] = ()
    ) -> None:
        self._rows, self._kept, self._spans, self._called = rows, kept, spans, called
        self._stops = np.cumsum(self.counts)

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many rows each series has."""
        counts: NDArray[np.int64] = self._spans[:, 1] - self._spans[:, 0]
        return counts

    def __len__(self) -> int:
        return int(self._stops[-1]) if len(self._stops) else 0

    @overload
    def __getitem__(self, at: int) -> list[str]: ...
    @overload
    def __getitem__(self, at: slice) -> list[list[str]]: ...
    def __getitem__(self, at: int | slice) -> list[str] | list[list[str]]:
        if isinstance(at, slice):
            return [self._row(place) for place in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return self._row(at % len(self))

    def _row(self, place: int) -> list[str]:
        series = int(np.searchsorted(self._stops, place, side="right"))
        row = self._rows[series]
        at = int(self._spans[series, 1] - self._stops[series]) + place
        return [*(row[one] for one in self._kept), *self._called[at : at + 1], row[at]]

    def __iter__(self) -> Iterator[list[str]]:
        for row, (first, stop) in zip(self._rows, self._spans.tolist(), strict=True):
            own = [row[one] for one in self._kept]
            if self._called:
                yield from ([*own, self._called[at], row[at]] for at in range(first, stop))
            else:
                yield from ([*own, value] for value in row[first:stop])

    def of_series(self, place: int) -> list[str]:
        """Return what tells of each series in a column, without spaces around it."""
        return [row[self._kept[place]].strip() for row in self._rows]

    def texts(self, place: int) -> list[str]:
        """Return the cells of a column, without spaces around them."""
        if place < len(self._kept):
            return list(chain.from_iterable(map(repeat, self.of_series(place), self.counts.tolist())))
        if self._called and place == len(self._kept):
            return list(chain.from_iterable(self._called[first:stop] for first, stop in self._spans.tolist()))
        values = (row[first:stop] for row, (first, stop) in zip(self._rows, self._spans.tolist(), strict=True))
        return list(map(str.strip, chain.from_iterable(values)))

    def tells_of_series(self, places: Sequence[int]) -> bool:
        """Return whether columns are the same in all rows of a series."""
        return all(place < len(self._kept) for place in places)

    def taken(self, places: NDArray[np.intp]) -> Sequence[list[str]]:
        """Return some rows, which are made unless they are all those of some series, in their order."""
        series = np.searchsorted(self._stops, places, side="right")
        own, counts = np.unique(series, return_counts=True)
        if (np.diff(places) > 0).all() and (counts == self.counts[own]).all():
            return Melted([self._rows[one] for one in own.tolist()], self._kept, self._spans[own], self._called)
        return [self._row(place) for place in places.tolist()]


def repeated(lines: Sequence[int], counts: NDArray[np.int64]) -> Sequence[int]:
    """Return the line of each row, where each is that of so many rows."""
    return array("q", np.repeat(np.array(lines, dtype=np.int64), counts).tobytes())
