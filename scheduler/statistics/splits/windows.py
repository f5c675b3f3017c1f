"""The mean of a short series of numbers whose neighbours are correlated, and how sure it is.

Windows of one series follow each other in time: a difference between two configurations that is large in one window is
likely large in the next. A plain t-test takes them for independent and errs far too often. Here the variance of the
mean is the long-run variance, from the first few cosine transforms of the numbers alike (Lazarus, Lewis, Stock and
Watson 2018, "HAR inference: recommendations for practice"), which has Student's t as its fixed-b distribution. With
few windows these transforms see too little of the correlation, so the variance is multiplied by what they miss where
neighbours correlate by `CORRELATION`, and the degrees of freedom are those of Satterthwaite (1946) there.
`benchmarks/beyond.py` shows that this holds 5% and that other ways do not.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scheduler.statistics.scores import Floats

#: correlation of neighbours up to which the error rate holds
CORRELATION = 0.5
#: transforms for the square root of the number of windows: near the narrowest intervals for correlations from 0 to 0.5
TRANSFORMS = 1.25


def transforms(windows: int) -> int:
    """Return how many cosine transforms the variance comes from."""
    return max(1, min(windows - 2, round(TRANSFORMS * math.sqrt(windows))))


@cache
def cosines(windows: int) -> Floats:
    """Return the orthonormal cosines of type II without the constant, `(transforms, windows)`."""
    place = np.arange(1, windows + 1) - 0.5
    waves = np.arange(1, transforms(windows) + 1)[:, None]
    return np.asarray(np.sqrt(2 / windows) * np.cos(np.pi * waves * place / windows))


@cache
def calibration(windows: int) -> tuple[float, float]:
    """Return what the variance is multiplied by, at least 1, and the degrees of freedom."""
    lag = np.abs(np.subtract.outer(np.arange(windows), np.arange(windows)))
    together = CORRELATION**lag
    seen = cosines(windows) @ together @ cosines(windows).T
    share = np.trace(seen) / transforms(windows) / (together.sum() / windows)
    return float(max(1.0, 1 / share)), float(np.trace(seen) ** 2 / np.trace(seen @ seen))


def spread_transforms(values: Floats) -> Floats:
    """Return the cosine transforms of each column; those of a difference are the differences of these.

    Args:
        values: `(windows, columns)` in the order of time.
    """
    return cosines(len(values)) @ values


def error_of_mean(transformed: Floats, windows: int) -> tuple[Floats, float]:
    """Return the standard error of the mean and its degrees of freedom.

    Args:
        transformed: `(transforms, ...)`, the cosine transforms of the numbers.
        windows: how many numbers there are.
    """
    factor, df = calibration(windows)
    return np.sqrt(np.mean(transformed**2, axis=0) * factor / windows), df
