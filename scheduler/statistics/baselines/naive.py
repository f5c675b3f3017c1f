"""Baselines by a rule: the last value, the one before, the one a season before, the drift, an autoregression."""

from __future__ import annotations

import numpy as np

from scheduler.statistics.baselines.walk import Floats, is_constant


def drift(series: Floats, known: int, horizon: int) -> Floats:
    """Extrapolate the line from the first observation to the last."""
    origins = np.arange(known, len(series) + 1)
    slopes = (series[origins - 1] - series[0]) / (origins - 1)
    return np.asarray(series[origins - 1, None] + slopes[:, None] * np.arange(1, horizon + 1))


def autoregression(series: Floats, known: int, horizon: int) -> Floats:
    """Regress each change on the one before, with a constant, by least squares over all observations before a row."""
    return np.stack([_autoregressed(series[:origin], horizon) for origin in range(known, len(series) + 1)])


def _autoregressed(history: Floats, horizon: int) -> Floats:
    changes = np.diff(history)
    before, after = changes[:-1], changes[1:]
    slope = 0.0 if is_constant(before) else float(np.cov(before, after)[0, 1] / np.var(before, ddof=1))
    change, constant = changes[-1], after.mean() - slope * before.mean()
    steps = np.empty(horizon)
    for step in range(horizon):
        change = constant + slope * change
        steps[step] = change
    return np.asarray(history[-1] + np.cumsum(steps))
