"""Scores by which a grid cannot be judged: their denominator is 0, or another one in each configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from scheduler.series.scales import scales_of
from store.forecast_scores import SCALED
from store.schema.framing import frame
from store.schema.splits import Split

if TYPE_CHECKING:
    from store import Series
    from store.schema.configuration import Configuration

#: what exists of every series that can be forecast
ALWAYS = ("rmse", "mae")


def score_fault(score: str, configuration: Configuration, series: Series) -> str:
    """Return why repeats of a configuration cannot be judged by a score, and what to write; empty if they can."""
    if score in ALWAYS:
        return ""
    if score in SCALED:
        return _scaled_fault(score, configuration, series)
    for name in configuration.series.targets:
        values = _forecast_values(configuration, series, name)
        zeros = int(np.sum(values == 0))
        if zeros:
            are = f"{zeros:,} of the {len(values):,} values to forecast {'is' if zeros == 1 else 'are'} 0"
            return f"score: {score} divides by each value, and of {name} {are}: write score: mae, rmse, mase or rmsse"
    return ""


def differing_scales(score: str, configurations: Iterable[Configuration], series: Mapping[str, Series]) -> str:
    """Return why scores of one split would be over different errors; empty if they are not."""
    found: dict[Split, tuple[str, ...]] = {}
    for one in configurations if score in SCALED else ():
        over = tuple(scale.of for scale in scales_of(one, series[one.series.content_hash]))
        first = found.setdefault(Split.of(one), over)
        if first != over:
            return (
                f"score: {score} divides by the error of the naive forecast before the test part, which for "
                f"{one.series.name} is {', '.join(first)} in one configuration and {', '.join(over)} in another: write "
                f"the same series.season for all of them, or score: {SCALED[score]}"
            )
    return ""


def _scaled_fault(score: str, configuration: Configuration, series: Series) -> str:
    for name, scale in zip(configuration.series.targets, scales_of(configuration, series), strict=True):
        if not getattr(scale, SCALED[score]) > 0:
            return (
                f"score: {score} divides by the error of the naive forecast before the test part ({scale.of}), and of "
                f"{name} that is 0 or there is none: write score: {SCALED[score]}, or another series.season"
            )
    return ""


def _forecast_values(configuration: Configuration, series: Series, name: str) -> np.ndarray:
    """Return the values of a target that the configuration forecasts: of the test rows, or of the training rows."""
    cut = frame(configuration, len(series.values))
    rows = cut.test or cut.train
    if not len(rows):
        return np.empty(0)
    times = slice(cut.target_times(rows[0]).start, cut.target_times(rows[-1]).stop)
    return np.asarray(series.values[times, series.columns.index(name)])
