"""What a report shows, as one record: filled from the store by `gather`, drawn by `plots` and `page`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from scheduler.statistics.baseline_table import baseline_errors
from store.forecast_scores import SCALED, TITLES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.future.panel import Future, PanelFuture
    from scheduler.report.splits.distribution import SplitReport
    from store.forecast_scores import Scale

    Floats = NDArray[np.float64]


#: the percentiles of a band, and of the line in its middle
BAND = (10.0, 50.0, 90.0)


class Curves(Protocol):
    """The trajectories of one configuration, one row a repeat; `validation`, shaped as `test`, is drawn where it is."""

    @property
    def repeats(self) -> NDArray[np.integer]: ...  #: (n,)
    @property
    def epochs(self) -> NDArray[np.integer]: ...  #: (points,), from 1
    @property
    def train(self) -> NDArray[np.floating]: ...  #: (n, points), RMSE in the units of the series
    @property
    def test(self) -> NDArray[np.floating]: ...  #: (n, points)


class Forecast(Protocol):
    """The forecasts of one configuration."""

    @property
    def repeats(self) -> NDArray[np.integer]: ...  #: (n,)
    @property
    def observed(self) -> Floats: ...  #: (steps, horizon, targets)
    @property
    def forecast(self) -> Floats: ...  #: (n, steps, horizon, targets)


@dataclass(frozen=True, slots=True)
class TestPart:
    """Where the test part of a configuration lies in the series of the report."""

    __test__ = False  # no test of pytest's

    #: the first target's place among the observations
    row: int
    #: the column of each target
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """An error that scores are held against, as a line in a picture."""

    name: str
    baseline: str
    value: float
    #: whether it is the best baseline, and not persistence
    best: bool


@dataclass(frozen=True, slots=True)
class BaselineForecast:
    """What a baseline forecasts for the test rows."""

    name: str
    #: (steps, horizon, targets)
    values: Floats


def references(errors: Mapping[str, float]) -> list[Reference]:
    """Return persistence, then the best baseline if that is another one; the errors are in order."""
    best = next(iter(errors), "persistence")
    found = [Reference("persistence", "persistence", errors["persistence"], False)] if "persistence" in errors else []
    if best != "persistence":
        found.append(Reference(f"best baseline, {best}", best, errors[best], True))
    return found


def validation(curves: Curves) -> NDArray[np.floating] | None:
    """Return the RMSE on the held-out training rows, (n, points), where there were any."""
    found = getattr(curves, "validation", None)
    return found if found is not None and np.isfinite(found).any() else None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportData:
    """Everything about one experiment that a picture or the page may show."""

    experiment: str
    #: the URL of the store, for the commands that a report suggests; empty where it is the usual one
    store: str = ""
    grid_text: str
    description: str
    created: datetime
    finished: datetime | None
    #: how many jobs are in each state
    counts: Mapping[str, int]
    series_name: str
    #: (observations,) or (observations, columns)
    series_values: Floats
    series_times: tuple[str, ...]
    #: columns configuration, repeat, seed, state, diverged, train_rmse, test_rmse, seconds, worker
    results: pd.DataFrame
    #: columns configuration, count, mean, std, min, p25, p50, p75, max, diverged, in the order of the grid
    summaries: pd.DataFrame
    #: the same of each split, with the column `split`; None where configurations have one split
    split_summaries: pd.DataFrame | None = None
    #: of all configurations, or of the best where there are very many; and their forecasts
    trajectories: Mapping[str, Curves] = field(default_factory=dict)
    forecasts: Mapping[str, Forecast] = field(default_factory=dict)
    #: the names of the targets
    target_names: tuple[str, ...] = ()
    #: where the forecasts of each configuration lie in the series
    test_parts: Mapping[str, TestPart] = field(default_factory=dict)
    #: the best baseline's forecasts of the same values
    baseline_forecast: BaselineForecast | None = None
    #: columns configuration, repeat, target, step, rmse, mae; None where there are not several steps or targets
    step_scores: pd.DataFrame | None = None
    #: what `statistics.ensembles` found: the scores of all repeats of a configuration together, a row for each way of
    #: combining them; and those of the median by target and step
    ensembles: pd.DataFrame | None = None
    ensemble_steps: pd.DataFrame | None = None
    #: what `statistics.intervals.table` found of the best configurations
    intervals: pd.DataFrame | None = None
    #: what MASE and RMSSE of each configuration divide by, one for each target
    scales: Mapping[str, Sequence[Scale]] = field(default_factory=dict)
    #: columns configuration, train_rmse, rmse, mae: means over the repeats
    mean_errors: pd.DataFrame | None = None
    #: what `statistics.comparison` found of each pair: a, b, difference (mean of b minus mean of a), low, high,
    #: outcome, verdict, winner and, where known, p_adjusted or p, effect, probability, test, why
    comparisons: pd.DataFrame | None = None
    #: its ranking: configuration, rank, group
    ranking: pd.DataFrame | None = None
    #: what `scheduler.statistics.baselines` found: baseline, rmse and, where known, target, mae, mase, note
    baselines: pd.DataFrame | None = None
    #: what `statistics.against_baselines` found of each configuration and baseline: configuration, baseline, repeats,
    #: beating, outcome and, where there are forecasts, whether it holds beyond the test rows: beyond, beyond_p_adjusted
    against: pd.DataFrame | None = None
    #: what `statistics.selection_audit` found: configuration, repeats, last, best, best_epoch, optimism, validation,
    #: validation_epoch; and its answer and flags in words
    audit: pd.DataFrame | None = None
    audit_words: tuple[str, ...] = ()
    provenance: Mapping[str, object] = field(default_factory=dict)
    #: True while repeats are missing
    partial: bool = False
    #: the answer in one or a few sentences; None where no comparison was made
    answer: str | None = None
    #: notes on the answer
    notes: tuple[str, ...] = ()
    #: what the grid is allowed to ask but probably should not, each with what to do
    warnings: tuple[str, ...] = ()
    #: what was understood of the files that the series came from
    series_notes: tuple[str, ...] = ()
    #: how many pairs each test decided, in words
    tests: str = ""
    #: what repeats are judged by: one of `store.forecast_scores.SCORES`
    score: str = "rmse"
    #: the newest forecast beyond the end of the data, where there is one
    future: Future | PanelFuture | None = None
    splits: SplitReport | None = None  #: None where configurations have one
    #: a report of each split by itself, where there are several
    parts: tuple[ReportData, ...] = ()
    #: the split's name, in a report of one of several splits
    split: str = ""
    #: the name of the series in whose units the scores are, where `series_name` is that of a split
    unit: str = ""

    @property
    def unit_name(self) -> str:
        """The name of the series in whose units the scores are."""
        return self.unit or self.series_name

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The notes and the tests that were used."""
        return (*self.notes, self.tests) if self.tests else self.notes

    @property
    def labels(self) -> tuple[str, ...]:
        """The configurations, in the order of the grid."""
        found = [frame["configuration"].unique() for frame in (self.summaries, self.results) if len(frame)]
        return tuple(dict.fromkeys(str(name) for names in found for name in names))

    @property
    def baseline_errors(self) -> dict[str, float]:
        """The score of every baseline that has one, over all targets, the least first; of several splits none."""
        frame = self.baselines
        if self.parts:
            return {}
        return {} if frame is None or not len(frame) else baseline_errors(frame, self.score)

    @property
    def persistence(self) -> float | None:
        """The score of repeating the last observation, where the baselines were computed."""
        return self.baseline_errors.get("persistence")

    @property
    def references(self) -> list[Reference]:
        """What the scores are held against: persistence, then the best baseline if that is another one."""
        return references(self.baseline_errors)

    @property
    def curve_references(self) -> list[Reference]:
        """The same for trajectories, which are RMSE whatever the score is."""
        if self.score == "rmse" or self.parts or self.baselines is None or not len(self.baselines):
            return self.references
        return references(baseline_errors(self.baselines))

    @property
    def score_name(self) -> str:
        """The score for people: `test RMSE`."""
        return f"test {TITLES[self.score]}"

    @property
    def in_units(self) -> str:
        """The units of the score behind its name; empty where it has none."""
        if self.score in {"rmse", "mae"}:
            return f" in the units of {self.unit_name}"
        return "" if self.score in SCALED else " in percent"

    @property
    def best_label(self) -> str:
        """The configuration that is ranked first, or the one with the lowest mean; empty where none has a score."""
        if self.ranking is not None and len(self.ranking):
            return str(self.ranking["configuration"].iloc[0])
        known = self.summaries.dropna(subset=["mean"]).sort_values("mean", kind="stable")
        return str(known["configuration"].iloc[0]) if len(known) else ""

    def scores(self) -> dict[str, Floats]:
        """The scores of each configuration, those of repeats that diverged or are not done left out."""
        return self._finished(f"test_{self.score}")

    def repeats(self) -> dict[str, Floats]:
        """The numbers of the repeats that `scores` has, in the same order."""
        return self._finished("repeat")

    def diverged(self) -> dict[str, int]:
        """How many repeats of each configuration diverged."""
        counted = dict.fromkeys(self.labels, 0)
        if len(self.results):
            for label, count in self.results.loc[self._mask(diverged=True), "configuration"].value_counts().items():
                counted[str(label)] = int(count)
        return counted

    def _finished(self, column: str) -> dict[str, Floats]:
        found = {label: np.empty(0) for label in self.labels}
        kept = self.results[self._mask(diverged=False)] if len(self.results) else self.results
        if len(kept):
            group, labels = pd.factorize(kept["configuration"])
            ordered = kept[column].to_numpy(dtype=np.float64)[np.argsort(group, kind="stable")]
            ends = np.cumsum(np.bincount(group))[:-1]
            found |= dict(zip(map(str, labels), np.split(ordered, ends), strict=True))
        return found

    def _mask(self, *, diverged: bool) -> NDArray[np.bool_]:
        done = (self.results["state"] == "done").to_numpy(dtype=bool)
        flagged = self.results["diverged"].isin([True, 1]).to_numpy(dtype=bool)
        lost: NDArray[np.bool_] = flagged | ~np.isfinite(self.results[f"test_{self.score}"].to_numpy(dtype=np.float64))
        kept: NDArray[np.bool_] = done & (lost if diverged else ~lost)
        return kept


def quantiles(values: NDArray[np.floating], percents: Sequence[float]) -> NDArray[np.float64]:
    """Interpolate percentiles over the first axis, leaving out what is not finite.

    Args:
        values: (n, ...) numbers.
        percents: Each from 0 to 100.

    Returns:
        (percents, ...); NaN where no value is finite.
    """
    ordered = np.sort(np.where(np.isfinite(values), values, np.nan), axis=0)  # NaN goes last
    last = np.isfinite(ordered).sum(axis=0) - 1
    found = []
    for percent in percents:
        place = np.maximum(last, 0) * (percent / 100)
        below = np.floor(place).astype(int)
        low = np.take_along_axis(ordered, below[None], axis=0)[0].astype(np.float64)
        high = np.take_along_axis(ordered, np.minimum(below + 1, np.maximum(last, 0))[None], axis=0)[0].astype(
            np.float64
        )
        found.append(low + (high - low) * (place - below))
    return np.stack(found)
