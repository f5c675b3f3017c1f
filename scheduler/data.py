"""What a report shows, as one record: filled from the store, drawn by `plots` and `page`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Curves(Protocol):
    """The trajectories of one configuration, one row a repeat."""

    @property
    def repeats(self) -> NDArray[np.integer]: ...  #: (n,)
    @property
    def epochs(self) -> NDArray[np.integer]: ...  #: (points,), from 1
    @property
    def train(self) -> NDArray[np.float32]: ...  #: (n, points), RMSE in the units of the series
    @property
    def test(self) -> NDArray[np.float32]: ...  #: (n, points)


class Forecast(Protocol):
    """The forecasts of one configuration."""

    @property
    def observed(self) -> Floats: ...  #: (steps, horizon, targets)
    @property
    def forecast(self) -> Floats: ...  #: (n, steps, horizon, targets)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportData:
    """Everything about one experiment that a picture or the page may show."""

    experiment: str
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
    trajectories: Mapping[str, Curves] = field(default_factory=dict)
    forecasts: Mapping[str, Forecast] = field(default_factory=dict)
    #: columns a, b, difference (mean of b - mean of a), low, high, verdict and, where known, p, effect, probability,
    #: test
    comparisons: pd.DataFrame | None = None
    #: columns baseline, rmse and, where known, mae, mase
    baselines: pd.DataFrame | None = None
    provenance: Mapping[str, object] = field(default_factory=dict)
    #: True while repeats are missing
    partial: bool = False
    #: the answer in one or a few sentences; None where no comparison was made
    answer: str | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The configurations, in the order of the grid."""
        names = [*self.summaries.get("configuration", ()), *self.results.get("configuration", ())]
        return tuple(dict.fromkeys(str(name) for name in names))

    @property
    def persistence(self) -> float | None:
        """RMSE of repeating the last observation, where the baselines were computed."""
        if self.baselines is None:
            return None
        found = self.baselines.loc[self.baselines["baseline"] == "persistence", "rmse"]
        return float(found.iloc[0]) if len(found) else None

    def scores(self) -> dict[str, Floats]:
        """The scores of each configuration, those of repeats that diverged or are not done left out."""
        scores = {label: np.empty(0) for label in self.labels}
        frame = self.results
        if len(frame):
            kept = frame[(frame["state"] == "done") & ~frame["diverged"].fillna(value=False).astype(bool)]
            for label, values in kept.groupby("configuration", sort=False)["test_rmse"]:
                found = values.to_numpy(dtype=np.float64)
                scores[str(label)] = found[np.isfinite(found)]
        return scores

    def diverged(self) -> dict[str, int]:
        """How many repeats of each configuration diverged."""
        counted = dict.fromkeys(self.labels, 0)
        frame = self.results
        if len(frame):
            mask = (frame["state"] == "done") & frame["diverged"].fillna(value=False).astype(bool)
            for label, count in frame.loc[mask, "configuration"].value_counts().items():
                counted[str(label)] = int(count)
        return counted


def printable(text: object) -> str:
    """Replace what neither XML nor a terminal can show; labels and names come from the user."""
    return "".join(mark if mark.isprintable() or mark in "\n\t" else "\N{REPLACEMENT CHARACTER}" for mark in str(text))
