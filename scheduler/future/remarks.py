"""What is worth a sentence about a forecast: inputs unlike those before, and medians outside of their intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scheduler.text import figure, many

if TYPE_CHECKING:
    from scheduler.statistics.intervals.conformal import Intervals
    from store.records import Float64s, Series

#: of the usual size of a series, below which all values may be in other units
SMALL = 1 / 20


def on_inputs(series: Series, observations: int) -> Iterator[str]:
    """Yield which columns have values ahead that are far from all those before, as in other units.

    Args:
        series: with what is known beyond its end.
        observations: before its end.
    """
    for place, name in enumerate(series.columns):
        before, ahead = series.values[:observations, place], series.values[observations:, place]
        ahead = ahead[np.isfinite(ahead)]
        if len(ahead) and are_far(ahead, before):
            given, had = (f"{figure(one.min())} to {figure(one.max())}" for one in (ahead, before))
            yield (
                f"{name} is from {given} at the steps ahead, and was from {had}: if these are other units, write it in "
                "those of the series"
            )


def are_far(values: Float64s, known: Float64s) -> bool:
    """Return whether values are further from known ones than these are from each other, or far smaller.

    A column of zeros, such as a holiday that has not been yet, says nothing of units.
    """
    low, high = float(known.min()), float(known.max())
    if low == high == 0:
        return False
    middle, span, largest = float(np.median(values)), (high - low) or abs(high), float(np.abs(values).max())
    small = 0 < largest < SMALL * float(np.median(np.abs(known)))
    return bool(middle > high + span or middle < low - span or small)


def on_medians(targets: Sequence[str], middle: Float64s, found: Intervals | None, steps: int) -> Iterator[str]:
    """Yield where medians lie outside of their intervals, which were moved by the errors in the test rows.

    Args:
        targets: what is forecast.
        middle: (steps, targets).
        found: the intervals; None where there are none.
        steps: how many are shown.
    """
    if found is None or not len(found.levels):
        return
    low, high = found.around(middle)
    for place, name in enumerate(targets):
        least = int(np.argmin(found.levels))
        own = middle[:steps, place]
        outside = (own < low[least, :steps, place]) | (own > high[least, :steps, place])
        if outside.any():
            of_target = f" of {name}" if len(targets) > 1 else ""
            yield (
                f"the median{of_target} lies outside of its interval in {int(outside.sum()):,} of "
                f"{many(steps, 'step')}: the values of the test rows were mostly on one side of what was "
                "forecast, by which intervals are moved and medians are not"
            )
