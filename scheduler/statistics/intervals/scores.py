"""Scores of intervals, quantiles and ensembles; less is better in all of them.

width           mean of u - l
interval score  (u - l) + 2/a (l - y) if y < l, + 2/a (y - u) if y > u, for the level 100 (1 - a): Winkler (1972);
Gneiting and Raftery (2007), "Strictly proper scoring rules, prediction, and estimation", equation 43
pinball         (y - q) t if y >= q, else (q - y) (1 - t), for the quantile q at t: Koenker and Bassett (1978)
CRPS            mean |x_i - y| - 1/2 mean |x_i - x_j| over the members x of an ensemble: Gneiting and Raftery (2007),
equation 21
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def interval_score(low: Floats, high: Floats, observed: Floats, level: float) -> Floats:
    """Return the interval score, or Winkler score, of each value: its width, and a fine for each value outside.

    Args:
        low: the lower ends.
        high: the upper ends.
        observed: what came.
        level: in percent.
    """
    fine = 2 / (1 - level / 100)
    below, above = np.maximum(low - observed, 0), np.maximum(observed - high, 0)
    return np.asarray(high - low + fine * (below + above))


def pinball(quantile: Floats, observed: Floats, share: float) -> Floats:
    """Return the pinball loss of each value.

    Args:
        quantile: what was forecast.
        observed: what came.
        share: of the quantile, from 0 to 1.
    """
    error = observed - quantile
    return np.asarray(np.maximum(share * error, (share - 1) * error))


def crps(members: Floats, observed: Floats) -> Floats:
    """Return the continuous ranked probability score of the members of an ensemble, of each value.

    Args:
        members: (members, ...).
        observed: what came, (...).
    """
    count = len(members)
    ordered = np.sort(members, axis=0)
    weight = (2 * np.arange(count) - count + 1).reshape(-1, *[1] * observed.ndim)
    spread = np.sum(weight * ordered, axis=0) / count**2  # half the mean distance of two members
    return np.asarray(np.mean(np.abs(members - observed), axis=0) - spread)
