"""Whether one forecast is more accurate than another beyond the rows at hand: the test of Diebold and Mariano (1995).

The sign test over repeats asks whether new repeats would beat a baseline on the same test rows. This one takes the rows
as a sample of time: it asks whether the errors differ by more than they vary from row to row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

#: fewest rows of one step; below, a single row decides the statistic (Harvey, Leybourne and Newbold begin at 8)
FEWEST_ROWS = 10
#: fewest rows for each step of a longer horizon, which needs autocovariances: with so many, of two forecasts that are
#: equally accurate one passes for the better one in less than 5% of simulated series
ROWS_PER_STEP = 8


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What the test found; `p` is NaN where there are too few rows to say."""

    #: mean squared error of the first forecast minus that of the second, over the standard error; negative: the first
    #: is more accurate
    statistic: float
    #: two-sided
    p: float
    rows: int


def compare_accuracy(first: Floats, second: Floats, observed: Floats) -> Accuracy:
    """Test whether two forecasts have the same expected squared error.

    With the correction of Harvey, Leybourne and Newbold (1997) for few rows, against Student's t. Rows of several steps
    overlap, so that errors less than a horizon apart go together; these autocovariances are counted in.

    Args:
        first: `(rows, steps, targets)`, from origins that are one step apart.
        second: the same of another forecast.
        observed: the same of what came.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        unit = float(np.max(np.abs(np.stack([first - observed, second - observed])), initial=0.0)) or 1.0
        losses = [np.mean(((given - observed) / unit) ** 2, axis=(1, 2)) for given in (first, second)]
    gap = losses[0] - losses[1]
    rows, steps = observed.shape[0], observed.shape[1]
    if rows < fewest_rows(steps) or not np.isfinite(gap).all():
        return Accuracy(np.nan, np.nan, rows)
    apart = gap - gap.mean()
    shifted = [float(apart[lag:] @ apart[: rows - lag]) / rows for lag in range(steps)]
    variance = shifted[0] + 2 * sum(shifted[1:])
    if variance <= 0:  # the sum of autocovariances may be negative; their own first one is not
        variance = shifted[0]
    if variance <= np.finfo(float).eps ** 2:
        return Accuracy(0.0, 1.0, rows)
    correction = (rows + 1 - 2 * steps + steps * (steps - 1) / rows) / rows
    statistic = float(gap.mean() / np.sqrt(variance / rows) * np.sqrt(correction))
    return Accuracy(statistic, float(2 * special.stdtr(rows - 1, -abs(statistic))), rows)


def median_forecast(forecasts: Floats) -> Floats | None:
    """Return the median over the repeats, `(repeats, rows, steps, targets)`, that are finite; None where none is."""
    finite = forecasts[np.isfinite(forecasts).all(axis=(1, 2, 3))]
    return np.asarray(np.median(finite, axis=0)) if len(finite) else None


def fewest_rows(steps: int) -> int:
    """Return the fewest test rows of so many steps that can say anything beyond themselves."""
    return FEWEST_ROWS if steps == 1 else max(FEWEST_ROWS, ROWS_PER_STEP * steps)
