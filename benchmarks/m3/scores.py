"""The competition's scores of forecasts (series, horizon)."""

from __future__ import annotations

import numpy as np

from benchmarks.m3.data import Floats


def smape(observed: Floats, forecast: Floats) -> Floats:
    """Return 200 |y - f| / (|y| + |f|) of each value, in percent (Makridakis and Hibon 2000)."""
    return np.asarray(200 * np.abs(observed - forecast) / (np.abs(observed) + np.abs(forecast)))


def scaled(observed: Floats, forecast: Floats, known: Floats, season: int) -> Floats:
    """Return errors in units of the mean error of the seasonal naive forecast of what is known (Hyndman 2006)."""
    return np.asarray(np.abs(observed - forecast) / np.mean(np.abs(known[season:] - known[:-season])))
