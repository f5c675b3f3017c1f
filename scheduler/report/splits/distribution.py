"""Scores over many splits: how they are distributed for each configuration and baseline, and where they are extreme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from scheduler.statistics.splits.record import OverSplits

#: percentiles of the distribution
PERCENTS = (5, 25, 50, 75, 95)
#: splits that are named at either end
MOST_EXTREME = 5
CONFIGURATION, BASELINE = "configuration", "baseline"


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitReport:
    """What a report shows of many splits."""

    #: verdicts beyond them, and the parts of the variance; None where nothing was compared
    over: OverSplits | None
    #: they are windows of one series
    windows: bool
    #: how many series, or windows of the only one
    units: int
    #: how many splits
    splits: int
    #: name, kind, count, mean, p5, p25, p50, p75, p95: of the scores of series, or windows of the only one
    distribution: pd.DataFrame
    #: scores of series, or windows, of each configuration and baseline: its name -> numbers
    scores: Mapping[str, np.ndarray]
    #: a row a split: split, a column for each configuration (its mean), `best baseline` and `baseline` (its score)
    table: pd.DataFrame
    #: which (best or worst), split, configuration, mean, baseline, baseline_score
    extremes: pd.DataFrame
    #: show each split
    every: bool = False
    #: all repeats together on each split: configuration, split, combination, and their scores
    ensembles: pd.DataFrame = field(default_factory=pd.DataFrame)
    #: the same of their intervals: configuration, split, level, coverage and what else is known of them
    intervals: pd.DataFrame = field(default_factory=pd.DataFrame)

    def kind_of(self, row: Mapping[Any, Any]) -> str:
        """Return what a row of the distribution is of: `baseline`, and of how many where some lack a score."""
        of = [str(row["kind"])] if row["kind"] == BASELINE else []
        return ", ".join([*of, *([f"{row['count']:,} of {self.words}"] if row["count"] < self.units else [])])

    @property
    def words(self) -> str:
        """What the sample is: `12 series`, `6 windows`."""
        return f"{self.units:,} {'windows' if self.windows else 'series'}"


def split_report(
    means: pd.DataFrame,
    baselines: pd.DataFrame,
    series: Mapping[str, str],
    over: OverSplits | None,
    best: str,
    *,
    squared: bool = False,
) -> SplitReport:
    """Gather what a report shows of many splits.

    Args:
        means: one row a configuration and split: configuration, split, mean.
        baselines: one row a baseline and split: baseline, split, score.
        series: the series of each split, in the order in which they are shown.
        over: the verdicts beyond the splits.
        best: the configuration whose extremes are named; the first if empty.
        squared: whether it is the squares of the score that are averaged over windows.
    """
    windows = len(set(series.values())) == 1
    whole = _whole(baselines, series)
    scores = _by_unit(means, "configuration", "mean", series, squared=squared)
    scores |= _by_unit(whole, "baseline", "score", series, squared=squared)
    kinds = dict.fromkeys(means["configuration"].unique(), CONFIGURATION)
    kinds |= dict.fromkeys(baselines["baseline"].unique(), BASELINE)
    table = _table(means, baselines, series)
    return SplitReport(
        over=over,
        windows=windows,
        units=len(series) if windows else len(set(series.values())),
        splits=len(series),
        distribution=_distribution(scores, kinds),
        scores=scores,
        table=table,
        extremes=_extremes(table, best or str(next(iter(kinds), ""))),
    )


def _by_unit(
    frame: pd.DataFrame, name: str, score: str, series: Mapping[str, str], *, squared: bool
) -> dict[str, np.ndarray]:
    """Return the scores of each name: of windows of one series, or averaged over the windows of each of several."""
    if frame.empty:
        return {}
    unit = frame["split"] if len(set(series.values())) == 1 else frame["split"].map(series)
    power = 2 if squared else 1
    averaged = (frame[score] ** power).groupby([frame[name], unit], sort=False).mean() ** (1 / power)
    return {str(label): found.to_numpy(dtype=np.float64) for label, found in averaged.groupby(level=0, sort=False)}


def _whole(baselines: pd.DataFrame, series: Mapping[str, str]) -> pd.DataFrame:
    """Take the scores of baselines from the series where they lack a window: the others are of other rows."""
    if baselines.empty or len(set(series.values())) == 1:
        return baselines
    unit = baselines["split"].map(series)
    found = baselines["score"].groupby([baselines["baseline"], unit]).transform("count")
    windows = unit.map(pd.Series(list(series.values())).value_counts())
    return baselines.assign(score=baselines["score"].where(found == windows))


def _distribution(scores: Mapping[str, np.ndarray], kinds: Mapping[str, str]) -> pd.DataFrame:
    rows = []
    for name, values in scores.items():
        known = values[np.isfinite(values)]
        edges = np.percentile(known, PERCENTS) if len(known) else np.full(len(PERCENTS), np.nan)
        mean = float(known.mean()) if len(known) else np.nan
        numbers = dict(zip((f"p{percent}" for percent in PERCENTS), map(float, edges), strict=True))
        rows.append({"name": name, "kind": kinds[name], "count": len(known), "mean": mean} | numbers)
    columns = ["name", "kind", "count", "mean", *(f"p{percent}" for percent in PERCENTS)]
    return in_order(pd.DataFrame(rows, columns=columns))


def in_order(distribution: pd.DataFrame) -> pd.DataFrame:
    """Sort the least mean first; last are means over fewer series or windows, which may be the easier ones."""
    fewer = distribution["count"] < distribution["count"].max()
    order = distribution.assign(fewer=fewer).sort_values(["fewer", "mean"], kind="stable").index
    return distribution.loc[order].reset_index(drop=True)


def _table(means: pd.DataFrame, baselines: pd.DataFrame, series: Mapping[str, str]) -> pd.DataFrame:
    wide = means.pivot(index="split", columns="configuration", values="mean")
    wide = wide.reindex(index=list(series), columns=list(means["configuration"].unique()))
    known = baselines.dropna(subset=["score"])
    lowest = known.loc[known.groupby("split")["score"].idxmin()].set_index("split") if len(known) else None
    found = wide.reset_index(names="split")
    found.columns.name = None
    if lowest is None:
        return found.assign(**{"best baseline": None, "baseline": np.nan})
    return found.assign(
        **{"best baseline": found["split"].map(lowest["baseline"]), "baseline": found["split"].map(lowest["score"])}
    )


def _extremes(table: pd.DataFrame, best: str) -> pd.DataFrame:
    """Return where the score of a configuration is lowest and highest; nothing where all splits are shown anyway."""
    columns = ["which", "split", "configuration", "mean", "baseline", "baseline_score"]
    if best not in table or len(table) <= 2 * MOST_EXTREME:
        return pd.DataFrame(columns=columns)
    known = table.dropna(subset=[best]).sort_values(best, kind="stable")
    parts = {"best": known.head(MOST_EXTREME), "worst": known.tail(MOST_EXTREME).iloc[::-1]}
    rows = [
        dict(zip(columns, (which, row["split"], best, row[best], row["best baseline"], row["baseline"]), strict=True))
        for which, part in parts.items()
        for row in part.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=columns)
