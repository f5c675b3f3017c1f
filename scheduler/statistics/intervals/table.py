"""The intervals of configurations as a table: how often they held what came in the test rows, and how wide they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from scheduler.statistics.ensembles.combine import median
from scheduler.statistics.ensembles.table import Members
from scheduler.statistics.intervals.conformal import Intervals, conformal
from scheduler.statistics.intervals.coverage import leave_one_out, walk_forward
from scheduler.statistics.intervals.levels import TooFewResiduals
from scheduler.statistics.intervals.quantile import Pair, ends_of, uncrossed
from scheduler.statistics.intervals.scores import crps

#: the levels of reports, in percent
LEVELS = (80.0, 95.0)
#: configurations of a split whose intervals a report has: those with the best means
MOST = 30

COLUMNS = (
    *("configuration", "level", "repeats", "rows", "checked", "coverage", "low", "high"),
    *("walk_forward", "walked", "width", "interval_score", "pinball", "crps", "basis"),
)


def score_intervals(members: Iterable[Members], levels: Sequence[float] | None = None) -> pd.DataFrame:
    """Return a row for each configuration and level that its test rows can carry.

    Args:
        members: the repeats of each configuration, whose median forecast the intervals are about.
        levels: in percent; None for those of reports, and of the quantiles that a model forecasts.

    Returns:
        The columns configuration, level, repeats, rows (of the test part); checked (values), coverage, low and high:
        the share of values in intervals that were made without their row, and its 95% binomial interval; walk_forward
        and walked: that of intervals made of earlier rows alone, and of how many values; width, the mean;
        interval_score and pinball, of the intervals made without their row; crps, of the repeats' forecasts; basis:
        conformal, or quantiles where the model forecasts the ends, which are moved as far as they need.
    """
    rows = [row for one in members if len(one.forecast) for row in _rows(one, levels)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(one: Members, levels: Sequence[float] | None) -> Iterator[dict[str, Any]]:
    residuals = one.observed - median(one.forecast)
    spread = float(np.nanmean(crps(one.forecast, one.observed))) if one.observed.size else np.nan
    ends = ends_of(one.quantiles, one.forecast)
    asked = levels or sorted({*LEVELS, *(ends.levels if ends else ())})
    for level in asked:
        pair = None if ends is None else ends.at(level)
        try:
            found = conformal(residuals, (level,), ends=ends)
        except TooFewResiduals:
            continue
        left, walked = leave_one_out(residuals, level, pair), walk_forward(residuals, level, pair)
        low, high = left.interval() if left.checked else (np.nan, np.nan)
        yield {
            "configuration": one.label,
            "level": level,
            "repeats": len(one.forecast),
            "rows": len(residuals),
            "checked": left.checked,
            "coverage": left.share,
            "low": low,
            "high": high,
            "walk_forward": walked.share,
            "walked": walked.checked,
            "width": _width(found, pair),
            "interval_score": left.interval_score,
            "pinball": left.pinball,
            "crps": spread,
            "basis": str(found.basis[0][0]),
        }


def _width(found: Intervals, pair: Pair | None) -> float:
    """Return the mean width, of the intervals of all rows where the model forecasts their ends."""
    low, high = (0.0, 0.0) if pair is None else pair
    first, last = uncrossed(low + found.low[0], high + found.high[0])
    return float(np.mean(last - first))
