"""Whether one forecast is more accurate than another beyond the rows at hand: the test of Diebold and Mariano (1995).

The sign test over repeats asks whether new repeats would beat a baseline on the same test rows. This one takes the rows
as a sample of time: it asks whether the errors differ by more than they vary from row to row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from scheduler.statistics.against_baselines import of_split
from scheduler.statistics.baseline_table import baseline_forecasts
from scheduler.statistics.outcomes import BeyondRows

if TYPE_CHECKING:
    from store import ForecastSet

    #: label of a configuration -> its forecasts, if it has any
    Forecasts = Callable[[str], ForecastSet | None]

Floats = NDArray[np.float64]

#: configurations of a split that are tested: those with the best means
MOST_TESTED = 100
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
    #: below the minimum of its horizon
    too_few: bool = False


def compare_accuracy(
    first: Floats, second: Floats, observed: Floats, *, rounding: float = 0.0, score: str = "rmse"
) -> Accuracy:
    """Test whether two forecasts have the same expected error: squared, or as the score has it.

    With the correction of Harvey, Leybourne and Newbold (1997) for few rows, against Student's t. Rows of several steps
    overlap, so that errors less than a horizon apart go together; these autocovariances are counted in.

    Args:
        first: `(rows, steps, targets)`, from origins that are one step apart.
        second: the same of another forecast.
        observed: the same of what came.
        rounding: forecasts that differ by no more are equally accurate.
        score: what forecasts are judged by: RMSE and RMSSE by squared errors, MAE and MASE by absolute ones, MAPE and
            sMAPE by those in percent.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        second = np.where(np.abs(second - first) <= rounding, first, second)
        unit = float(np.max(np.abs(np.stack([first - observed, second - observed])), initial=0.0)) or 1.0
        losses = [np.mean(_loss(given, observed, unit, score), axis=(1, 2)) for given in (first, second)]
    gap = losses[0] - losses[1]
    rows, steps = observed.shape[0], observed.shape[1]
    too_few = rows < fewest_rows(steps)
    if too_few or not np.isfinite(gap).all():
        return Accuracy(np.nan, np.nan, rows, too_few)
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


def _loss(forecast: Floats, observed: Floats, unit: float, score: str) -> Floats:
    """Return the loss of each value: squared and absolute errors in units of the largest."""
    error = np.abs(forecast - observed)
    if score in {"mape", "smape"}:
        by = np.abs(observed) + (np.abs(forecast) if score == "smape" else 0.0)
        return np.asarray(np.divide(error, by, out=np.full_like(error, np.nan), where=by > 0))
    return np.asarray((error / unit) ** (1 if score in {"mae", "mase"} else 2))


def median_forecast(forecasts: Floats) -> Floats | None:
    """Return the median over the repeats, `(repeats, rows, steps, targets)`, that are finite; None where none is."""
    finite = forecasts[np.isfinite(forecasts).all(axis=(1, 2, 3))]
    return np.asarray(np.median(finite, axis=0)) if len(finite) else None


def fewest_rows(steps: int) -> int:
    """Return the fewest test rows of so many steps that can say anything beyond themselves."""
    return FEWEST_ROWS if steps == 1 else max(FEWEST_ROWS, ROWS_PER_STEP * steps)


def with_beyond_rows(
    against: pd.DataFrame,
    baselines: pd.DataFrame,
    forecasts: Forecasts,
    *,
    rounding: Mapping[str, float] | None = None,
    score: str = "rmse",
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Test the median forecast of the repeats against each baseline, as samples of time (Diebold and Mariano 1995).

    Args:
        against: what `compare_with_baselines` returned.
        baselines: the baselines, with their forecasts.
        forecasts: reads those of a configuration.
        rounding: how much of an error of each configuration may be rounding.
        score: what repeats are judged by.
        alpha: chance of any false verdict for one baseline.

    Returns:
        `against` with the columns beyond (a `BeyondRows`), beyond_statistic (negative where the configuration is more
        accurate), beyond_p, and beyond_p_adjusted: times the number of configurations, of which only the `MOST_TESTED`
        best means of a split are tested.
    """
    counts = against.groupby("split", sort=False)["configuration"].transform("nunique").to_numpy()
    outcome = np.full(len(against), BeyondRows.UNKNOWN, dtype=object)
    numbers = np.full((3, len(against)), np.nan)
    for split, rows in against.reset_index(drop=True).groupby("split", sort=False):
        own = of_split(baselines, str(split))
        names = () if _mixed(own) else map(str, rows["baseline"].unique())
        there = {name: baseline_forecasts(own, name) for name in names}
        best = rows.drop_duplicates("configuration").nsmallest(MOST_TESTED, "mean")["configuration"]
        for label, mine in rows[rows["configuration"].isin(best)].groupby("configuration", sort=False):
            found = _tested(forecasts(str(label)), there, (rounding or {}).get(str(label), 0.0), score)
            for place, name in zip(mine.index, mine["baseline"], strict=True):
                if name in found:
                    outcome[place], *numbers[:, place] = _record(found[name], int(counts[place]), alpha)
    statistic, p, adjusted = numbers
    return against.assign(beyond=outcome, beyond_statistic=statistic, beyond_p=p, beyond_p_adjusted=adjusted)


def _mixed(baselines: pd.DataFrame) -> bool:
    """Return whether the baselines are of several splits, of which nobody knows which is meant."""
    return "split" in baselines and baselines["split"].nunique() > 1


def _tested(
    forecasts: ForecastSet | None, baselines: Mapping[str, NDArray[np.float64] | None], rounding: float, score: str
) -> dict[str, Accuracy]:
    """Test one configuration against each baseline that forecasts the same values."""
    median = median_forecast(forecasts.forecast) if forecasts else None
    if forecasts is None or median is None:
        return {}
    return {
        name: compare_accuracy(median, values, forecasts.observed, rounding=rounding, score=score)
        for name, values in baselines.items()
        if values is not None and values.shape == forecasts.observed.shape
    }


def _record(found: Accuracy, configurations: int, alpha: float) -> tuple[BeyondRows, float, float, float]:
    """Return the outcome, the statistic, p, and p corrected for the number of configurations."""
    if not np.isfinite(found.p):
        return BeyondRows.TOO_FEW_ROWS if found.too_few else BeyondRows.UNKNOWN, np.nan, np.nan, np.nan
    p = min(1.0, found.p * configurations)
    better = BeyondRows.MORE_ACCURATE if found.statistic < 0 else BeyondRows.LESS_ACCURATE
    return better if p <= alpha else BeyondRows.NOT_SHOWN, found.statistic, found.p, p
