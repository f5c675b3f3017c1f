"""Naive2 and Theta as the competition computed them: a check that series and scores here are those published.

Both forecast a series whose season is removed by the classical multiplicative decomposition, where the autocorrelation
at the season's lag is significant at 10%. Theta: Assimakopoulos and Nikolopoulos (2000), "The theta model", in the
form of Hyndman and Billah (2003), simple exponential smoothing with half the slope of the trend as its drift.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar

from benchmarks.m3.data import Floats

#: of the normal distribution, for a test at 10%
_CRITICAL = 1.645


def naive2(known: Floats, season: int, horizon: int) -> Floats:
    """Return the last value without its season, repeated, with the season put back."""
    adjusted, indices = adjust(known, season)
    return np.full(horizon, adjusted[-1]) * _ahead(indices, len(known), horizon)


def theta(known: Floats, season: int, horizon: int) -> Floats:
    """Return the mean of the trend line and of a smoothed series with twice the curvature."""
    adjusted, indices = adjust(known, season)
    rows = len(adjusted)
    slope, intercept = np.polyfit(np.arange(rows), adjusted, 1)
    line = intercept + slope * np.arange(rows + horizon)
    level = _smoothed(2 * adjusted - line[:rows])
    return (line[rows:] + level) / 2 * _ahead(indices, rows, horizon)


def adjust(values: Floats, season: int) -> tuple[Floats, Floats]:
    """Return a series without its season, and (season,) the indices that it was divided by."""
    if not _is_seasonal(values, season):
        return values, np.ones(season)
    window = np.ones(season) / season
    trend = np.convolve(values, window, mode="valid")
    if season % 2 == 0:
        trend = (trend[1:] + trend[:-1]) / 2
    first = season // 2
    ratios = np.full(len(values), np.nan)
    ratios[first : first + len(trend)] = values[first : first + len(trend)] / trend
    indices = np.array([np.nanmean(ratios[phase::season]) for phase in range(season)])
    indices *= season / indices.sum()
    return values / indices[np.arange(len(values)) % season], indices


def _is_seasonal(values: Floats, season: int) -> bool:
    if season == 1 or len(values) < 3 * season:
        return False
    centred = values - values.mean()
    spread = float(centred @ centred)
    if spread == 0:
        return False
    correlations = np.array([centred[lag:] @ centred[:-lag] for lag in range(1, season + 1)]) / spread
    limit = _CRITICAL * np.sqrt((1 + 2 * float(correlations[:-1] @ correlations[:-1])) / len(values))
    return bool(abs(correlations[-1]) > limit)


def _ahead(indices: Floats, rows: int, horizon: int) -> Floats:
    return np.asarray(indices[np.arange(rows, rows + horizon) % len(indices)])


def _smoothed(values: Floats) -> float:
    """Return the last level of simple exponential smoothing, whose parameters have the least squared error."""

    def run(alpha: float) -> tuple[float, float]:
        # the first level enters linearly: level t = a_t + b_t * first, so that its best value has a closed form
        constant, slope, errors, slopes = 0.0, 1.0, [], []
        for value in values:
            errors.append(value - constant)
            slopes.append(slope)
            constant += alpha * (value - constant)
            slope *= 1 - alpha
        error, gradient = np.array(errors), np.array(slopes)
        first = float(error @ gradient / (gradient @ gradient))
        return float(((error - first * gradient) ** 2).sum()), constant + slope * first

    found = minimize_scalar(lambda alpha: run(alpha)[0], bounds=(1e-4, 0.9999), method="bounded")
    return run(float(found.x))[1]
