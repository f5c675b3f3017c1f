"""The ensembles of an experiment as a table: a row for each configuration and way of combining its repeats."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scheduler.statistics.ensembles.combine import COMBINATIONS
from scheduler.statistics.ensembles.resampling import interval
from store.forecast_scores import ROWS, SCORES, score_forecasts
from store.quantiles import Quantiles

Floats = NDArray[np.float64]
#: what MASE and RMSSE of a configuration divide by
Scales = Mapping[str, Floats]

COLUMNS = ("configuration", "combination", "repeats", *SCORES, "low", "high")
STEP_COLUMNS = ("configuration", "target", "step", *SCORES)
#: numbers of forecasts that are combined together
_AT_ONCE = 500_000


class Forecasts(Protocol):
    """The forecasts of one configuration, as the store gives them."""

    @property
    def repeats(self) -> NDArray[np.integer]: ...  #: (n,)
    @property
    def observed(self) -> Floats: ...  #: (rows, steps, targets)
    @property
    def forecast(self) -> Floats: ...  #: (n, rows, steps, targets)


@dataclass(frozen=True, kw_only=True, slots=True)
class Members:
    """The repeats of one configuration that are combined: those that finished and did not diverge."""

    label: str
    #: (rows, steps, targets)
    observed: Floats
    #: (repeats, rows, steps, targets)
    forecast: Floats
    scales: Scales | None = None
    #: that the repeats forecast beside their medians
    quantiles: Quantiles | None = None

    @classmethod
    def of(
        cls, label: str, found: Forecasts, kept: Collection[int] | None = None, scales: Scales | None = None
    ) -> Members:
        """Return the repeats of a configuration whose forecasts are all finite.

        A repeat that diverged is known by its forecasts alone, without the observed values, so leaving it out is no
        choice that the test rows made.

        Args:
            label: the configuration.
            found: its forecasts.
            kept: the numbers of repeats that may be combined; None for all.
            scales: what MASE and RMSSE divide by.
        """
        usable = np.isfinite(found.forecast).all(axis=(1, 2, 3))
        if kept is not None:
            usable &= np.isin(found.repeats, np.fromiter(kept, dtype=np.int64))
        own: Quantiles | None = getattr(found, "quantiles", None)  # reports keep medians alone
        return cls(
            label=label,
            observed=found.observed,
            forecast=found.forecast[usable],
            scales=scales,
            quantiles=own and Quantiles(shares=own.shares, values=own.values[usable]),
        )

    def score(self, name: str, forecasts: Floats) -> Floats:
        """Return one score of forecasts of these rows."""
        return score_forecasts(self.observed, forecasts, self.scales)[name]


def score_ensembles(members: Iterable[Members], *, score: str = "rmse", sure: Collection[str] | None = None) -> Found:
    """Combine and score the repeats of every configuration that has at least two.

    Args:
        members: of each configuration; few are in memory at a time.
        score: what the experiment is judged by, of which the interval is.
        sure: configurations whose ensembles get an interval; None for all.
    """
    rows: list[pd.DataFrame] = []
    steps: list[pd.DataFrame] = []
    for batch in _batches(one for one in members if len(one.forecast) > 1):
        bounds = [
            interval(one.forecast, partial(one.score, score)) if sure is None or one.label in sure else (np.nan, np.nan)
            for one in batch
        ]
        rows.append(_rows(batch, np.array(bounds)))
        steps += [_steps(batch)] if batch[0].observed[0].size > 1 else []
    empty = pd.DataFrame(columns=list(COLUMNS)), pd.DataFrame(columns=list(STEP_COLUMNS))
    return Found(
        scores=pd.concat(rows, ignore_index=True) if rows else empty[0],
        steps=pd.concat(steps, ignore_index=True) if steps else empty[1],
    )


@dataclass(frozen=True, slots=True)
class Found:
    """The scores of ensembles."""

    #: `COLUMNS`; low and high are of the median alone, and of the score that the experiment is judged by
    scores: pd.DataFrame
    #: `STEP_COLUMNS` of the median, where there are several steps or targets, both counted from 1
    steps: pd.DataFrame


def _batches(members: Iterable[Members]) -> Iterator[list[Members]]:
    """Put configurations of the same shape together, which are computed as one array."""
    batch: list[Members] = []
    size = 0
    for one in members:
        alike = (
            batch
            and batch[0].forecast.shape == one.forecast.shape
            and (batch[0].scales is None) == (one.scales is None)
        )
        if batch and (not alike or size + one.forecast.size > _AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += one.forecast.size
    if batch:
        yield batch


def _rows(batch: list[Members], bounds: Floats) -> pd.DataFrame:
    """Return the scores of a batch, each configuration's combinations together."""
    forecasts, observed, scales = _stacked(batch)
    labels = [one.label for one in batch]
    parts = []
    for name, combine in COMBINATIONS.items():
        found = score_forecasts(observed, combine(forecasts, 1), scales)
        low, high = bounds.T if name == "median" else np.full((2, len(batch)), np.nan)
        columns: dict[str, Any] = {"configuration": labels, "combination": name, "repeats": forecasts.shape[1]}
        parts.append(pd.DataFrame({**columns, **found, "low": low, "high": high}))
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def _steps(batch: list[Members]) -> pd.DataFrame:
    """Return the scores of the medians of a batch by target and step."""
    forecasts, observed, scales = _stacked(batch)
    found = score_forecasts(observed, COMBINATIONS["median"](forecasts, 1), scales, over=(ROWS,))
    count, steps, targets = found["rmse"].shape
    place, target, step = (index.ravel() for index in np.indices((count, targets, steps)))
    labels = np.array([one.label for one in batch], dtype=object)
    values = {name: table.transpose(0, 2, 1).ravel() for name, table in found.items()}
    return pd.DataFrame({"configuration": labels[place], "target": target + 1, "step": step + 1, **values})


def _stacked(batch: list[Members]) -> tuple[Floats, Floats, dict[str, Floats] | None]:
    """Return forecasts `(configurations, repeats, rows, steps, targets)`, what was observed, and the scales."""
    forecasts, observed = np.stack([one.forecast for one in batch]), np.stack([one.observed for one in batch])
    if batch[0].scales is None:
        return forecasts, observed, None
    names = batch[0].scales
    scales = {
        name: np.stack([one.scales[name] for one in batch if one.scales is not None])[:, None, None, :]
        for name in names
    }
    return forecasts, observed, scales
