"""Where the lanes are among the axes of what a program computes: before all others, or behind them.

Lanes that come last are what a processor's vectors hold side by side, which is several times as fast where a layer is
narrower than a vector. Wide layers are multiplied by a library, a lane at a time, so lanes come first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from worker.engine.backend import tf

Tensor = Any


@dataclass(frozen=True, slots=True)
class Axes:
    """One order of axes: (lanes, rows, ..., units), or (rows, ..., units, lanes)."""

    lanes_last: bool

    @property
    def lanes(self) -> int:
        """The axis of the lanes."""
        return -1 if self.lanes_last else 0

    @property
    def units(self) -> int:
        """The axis of the units, or of what else a row's last axis is."""
        return -2 if self.lanes_last else -1

    @property
    def rows(self) -> int:
        """The axis of the rows."""
        return 0 if self.lanes_last else 1

    @property
    def written_out(self) -> int:
        """How many steps a loop over time has at most that is written out, each step compiled for itself.

        Wide models of 3 steps take a quarter less time by it; longer ones run no faster, and take two or three times
        as long to compile. A narrow model's loop is compiled as one function, if it is one.
        """
        return 2 if self.lanes_last else 3

    def place(self, values: Tensor) -> Tensor:
        """Bring values whose lanes come first, (lanes, ...), into this order."""
        return tf.transpose(values, (*range(1, len(values.shape)), 0)) if self.lanes_last else values

    def first(self, values: Tensor) -> Tensor:
        """Bring values of this order into (lanes, ...)."""
        last = len(values.shape) - 1
        return tf.transpose(values, (last, *range(last))) if self.lanes_last else values

    def shape(self, lanes: int, own: Sequence[int]) -> tuple[int, ...]:
        """Return the shape of values, given what a lane has of them."""
        return (*own, lanes) if self.lanes_last else (lanes, *own)

    def own(self, shape: Sequence[int]) -> tuple[int, ...]:
        """Return the shape of what one lane has."""
        return tuple(shape[:-1] if self.lanes_last else shape[1:])

    def others(self, rank: int) -> list[int]:
        """Return all axes but the lanes'."""
        return [*range(rank - 1)] if self.lanes_last else [*range(1, rank)]

    def resized(self, shape: Sequence[int], units: int) -> tuple[int, ...]:
        """Return a shape with another number of units."""
        changed = [*shape]
        changed[self.units] = units
        return tuple(changed)


LANES_FIRST: Final = Axes(lanes_last=False)
LANES_LAST: Final = Axes(lanes_last=True)
