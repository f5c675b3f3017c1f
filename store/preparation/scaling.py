"""The scale of columns, fitted to training rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from store.schema.framing import ROUNDING
from store.schema.prepare import ScaleOf

if TYPE_CHECKING:
    from store.records import Float64s


@dataclass(frozen=True, kw_only=True, slots=True)
class Scaler:
    """A linear map of columns, fitted to the training rows of each.

    A column that is constant where it is fitted has no spread to measure by: all its values are scaled to `bottom`, and
    all scaled values are turned back into the constant, whatever the unit of the series.
    """

    #: scaled = (value - low) * factor + bottom, each with the shape of one row
    low: Float64s
    #: infinite for a constant column
    factor: Float64s
    bottom: Float64s

    @classmethod
    def fit(cls, rows: Float64s, scales: Sequence[ScaleOf], sizes: Float64s) -> Scaler:
        """Fit to the columns of rows, which are their last axis.

        Args:
            rows: The training rows, (rows, ..., columns).
            scales: How each column is scaled: to two ends, `standard`, `robust` or, with None, not at all.
            sizes: The size of the values that each column is made of.
        """
        fitted = [_fit(rows[..., place], scale, sizes[place]) for place, scale in enumerate(scales)]
        low, factor, bottom = (np.stack(part, axis=-1) for part in zip(*fitted, strict=True))
        return cls(low=low, factor=factor, bottom=bottom)

    def of_shape(self, shape: tuple[int, ...]) -> Scaler:
        """Return the same map for rows of a larger shape."""
        low, factor, bottom = (np.broadcast_to(one, shape) for one in (self.low, self.factor, self.bottom))
        return Scaler(low=low, factor=factor, bottom=bottom)

    def repeated(self, steps: int) -> Scaler:
        """Return the same map for so many steps, the first axis of a row, whose own steps are repeated."""
        places = np.arange(steps) % len(self.low)
        return Scaler(low=self.low[places], factor=self.factor[places], bottom=self.bottom[places])

    def part(self, place: int) -> Scaler:
        """Return the map of one column."""
        return Scaler(low=self.low[..., place], factor=self.factor[..., place], bottom=self.bottom[..., place])

    @property
    def constant(self) -> NDArray[np.bool_]:
        """Which columns are constant where the map is fitted."""
        return np.isinf(self.factor)

    def apply(self, values: Float64s) -> Float64s:
        """Scale values."""
        return (values - self.low) * np.where(self.constant, 0.0, self.factor) + self.bottom

    def undo(self, scaled: Float64s) -> Float64s:
        """Turn scaled values back."""
        return (scaled - self.bottom) / self.factor + self.low


def _fit(rows: Float64s, scale: ScaleOf, size: float) -> tuple[Float64s, Float64s, Float64s]:
    """Fit one column: what is subtracted, the factor, and what is added."""
    low, high = rows.min(axis=0), rows.max(axis=0)
    zeros = np.zeros_like(low)
    if scale is None:
        return zeros, zeros + 1.0, zeros
    constant = high - low <= ROUNDING * size
    if isinstance(scale, str):
        middle, spread = _measured(rows, scale)
        return np.where(constant, low, middle), np.where(constant, np.inf, 1.0 / np.where(constant, 1.0, spread)), zeros
    bottom, top = scale
    factor = np.where(constant, np.inf, (top - bottom) / np.where(constant, 1.0, high - low))
    return low, factor, zeros + bottom


def _measured(rows: Float64s, scale: str) -> tuple[Float64s, Float64s]:
    """Return middle and spread: those of `robust` are the median and the range of the inner half.

    Where the inner half is one value, as of a column that is mostly 0, the spread is the standard deviation.
    """
    deviation = rows.std(axis=0)
    if scale == "standard":
        return rows.mean(axis=0), deviation
    lower, middle, upper = np.percentile(rows, [25, 50, 75], axis=0)
    return middle, np.where(upper > lower, upper - lower, deviation)
