"""What the forecast of several series is worth since it was made: over all of them, and of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from scheduler.future.since import COVERED, SCORED, Since
from scheduler.series.clock import clock_of
from scheduler.statistics.intervals.coverage import clopper_pearson
from store.forecast_scores import SCORES

#: scores in the units of a series, which are not averaged over several
IN_UNITS = ("rmse", "mae")


def by_forecast(found: Sequence[Since]) -> Iterator[list[Since]]:
    """Yield the series of each forecast together."""
    for _, group in groupby(found, key=lambda one: one.forecast):
        yield list(group)


def over_series(found: Sequence[Since]) -> Since:
    """Put the series of a forecast together: scores averaged over series, and values in intervals counted.

    A baseline that lacks a series or a target is left out: a mean over others would be of other values.
    """
    scores = pd.concat([one.scores.assign(series=place) for place, one in enumerate(found)], ignore_index=True)
    coverage = pd.concat([one.coverage for one in found], ignore_index=True)
    return Since(
        experiment=found[0].experiment,
        forecast=found[0].forecast,
        configuration=found[0].configuration,
        series=f"{len(found):,} series",
        times=_span([time for one in found for time in one.times]),
        scores=_averaged(scores),
        coverage=_counted(coverage),
    )


def _span(times: Sequence[str]) -> tuple[str, str]:
    """Return the first and the last of some times: by the clock, else as numbers of rows, else as texts."""
    clock = clock_of(times)
    keys: list[Any] = list(times) if clock is None else clock.wall.tolist()
    if clock is None and all(map(str.isdecimal, times)):
        keys = list(map(int, times))
    ordered = sorted(range(len(times)), key=keys.__getitem__)
    return times[ordered[0]], times[ordered[-1]]


def _averaged(scores: pd.DataFrame) -> pd.DataFrame:
    complete = scores.groupby("of")["steps"].agg("size").eq((scores["of"] == "forecast").sum())
    mine = scores[scores["of"].map(complete)]
    grouped = mine.groupby("of", sort=False)
    means = grouped[list(SCORES)].mean()
    means = means.where(~mine[list(SCORES)].isna().groupby(mine["of"], sort=False).any())
    means.loc[:, list(IN_UNITS)] = np.nan
    whole = means.assign(target="", steps=grouped["steps"].sum()).reset_index()[list(SCORED)]
    others = whole[whole["of"] != "forecast"].sort_values("mase", kind="stable")
    return pd.concat([whole[whole["of"] == "forecast"], others], ignore_index=True)


def _counted(coverage: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for level, mine in coverage.groupby("level"):
        held, steps = int(mine["held"].sum()), int(mine["steps"].sum())
        low, high = clopper_pearson(held, steps)
        numbers = {"steps": steps, "held": held, "coverage": held / steps, "low": low, "high": high}
        rows.append({"target": "", "level": level, **numbers, "width": np.nan, "interval_score": np.nan})
    return pd.DataFrame(rows, columns=list(COVERED))
