"""Whether values, as a model sees them, fit the 32-bit floats of the training."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.grid.messages import Found
from store.schema.configuration import Configuration
from store.schema.framing import ROUNDING, Frame, frame

if TYPE_CHECKING:
    from store.records import Float64s, Series

#: of a value that a model sees or forecasts, either way: its square is within 32 bits
MOST_SCALED = 1e18


def magnitude_mistakes(configuration: Configuration, series: Series) -> Iterator[Found]:
    """Check the columns of an otherwise valid configuration."""
    cut = frame(configuration, len(series.values))
    for name in configuration.series.columns:
        scaled = configuration.prepare.scale_of(name)
        largest = _largest(configuration, series, name, cut)
        if largest > MOST_SCALED and scaled is None:
            yield (
                ("prepare", "scale"),
                f"prepare.scale is null for {name}, whose values reach {largest:.2g}; 32-bit training allows -1e18 to "
                "1e18: scale it, as with prepare.scale: [-1, 1]",
            )
        elif largest > MOST_SCALED:
            yield (
                ("series",),
                f"the values of {name} reach {largest:.2g} when scaled by the training rows; 32-bit training allows "
                "-1e18 to 1e18: correct the value that is far outside the rest",
            )


def _largest(configuration: Configuration, series: Series, name: str, cut: Frame) -> float:
    """Return the largest scaled value of a column, without the trimmed rows."""
    import numpy as np

    values = _changes(configuration, series, name)
    ends = configuration.prepare.scale_of(name)
    if ends is None:
        return float(np.abs(values).max(initial=0.0))
    fitted = values[: max(1, len(values) - (cut.rows - cut.available))]
    low, span = float(fitted.min(initial=np.inf)), float(np.ptp(fitted))
    known = series.values[: cut.target_times(max(0, cut.available - 1)).stop, series.columns.index(name)]
    if span <= ROUNDING * float(np.abs(known).max(initial=0.0)):
        return max(map(abs, ends))  # a constant, and later values count as that
    with np.errstate(over="ignore", invalid="ignore"):
        return float((np.abs(values - low) / span).max(initial=0.0) * (ends[1] - ends[0]) + abs(ends[0]))


def _changes(configuration: Configuration, series: Series, name: str) -> Float64s:
    """Difference a column as training does."""
    values: Float64s = series.values[:, series.columns.index(name)]
    step = configuration.prepare.difference_of(name)
    return values[step:] - values[:-step] if step else values
