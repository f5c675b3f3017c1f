"""How sure the error of an ensemble is, and how it falls with the number of repeats: by drawing repeats again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from scheduler.statistics.ensembles.combine import median

Floats = NDArray[np.float64]
#: forecasts `(..., rows, steps, targets)` -> their scores `(...)`
Score = Callable[[Floats], Floats]

#: fewest repeats whose spread says anything about their ensemble
FEWEST = 5
#: how often repeats are drawn: the standard error is then known to about 5%
DRAWS = 200
#: most repeats that are drawn at once; more tell the spread no better
MOST_DRAWN = 200
#: ensembles of each size whose errors are averaged
SUBSETS = 100
#: sizes of ensembles in a picture, of which those up to the number of repeats are taken
SIZES = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200)
#: repeats from which these are chosen
MOST_POOLED = 1000
#: an ensemble whose expected error is larger by no more than this is as good as that of all repeats
ENOUGH = 0.01
#: numbers that are drawn together: all may be more than the memory holds
_AT_ONCE = 2_000_000
_SEED = 20061122


def standard_error(forecasts: Floats, score: Score) -> float:
    """Return the standard error of the score of the median forecast, by the bootstrap over repeats.

    Of very many repeats fewer are drawn, and the spread is scaled to the number that there are.

    Args:
        forecasts: `(repeats, rows, steps, targets)`.
        score: what is measured.
    """
    count = len(forecasts)
    size = min(count, MOST_DRAWN)
    drawn = np.random.default_rng(_SEED).integers(0, count, (DRAWS, size))
    with np.errstate(invalid="ignore"):
        return float(np.std(_scores(forecasts, drawn, score), ddof=1) * np.sqrt(size / count))


def interval(forecasts: Floats, score: Score, *, level: float = 0.95) -> tuple[float, float]:
    """Return an interval for the expected score of the median forecast of as many repeats as there are.

    Student's t times the bootstrap's standard error, about the score itself, and never below 0. The percentiles of the
    bootstrap would lie too high: drawing with replacement repeats some forecasts, so that its ensembles are of fewer
    different ones, and average less noise away; docs/verdicts.md has how often both covered the expected score in
    simulations. Of fewer than `FEWEST` repeats there is none: both ends are NaN.
    """
    count = len(forecasts)
    if count < FEWEST:
        return np.nan, np.nan
    found = float(score(median(forecasts)))
    room = float(special.stdtrit(count - 1, (1 + level) / 2)) * standard_error(forecasts, score)
    return max(0.0, found - room), found + room


def by_size(forecasts: Floats, score: Score) -> tuple[NDArray[np.int64], Floats]:
    """Return the expected score of ensembles of 1, 2, ... of the repeats, up to all of them.

    It is the mean over random choices of so many different repeats; of one repeat, the mean of all of them.

    Args:
        forecasts: `(repeats, rows, steps, targets)`.
        score: what is measured.

    Returns:
        The sizes, and the expected score of each.
    """
    count = len(forecasts)
    sizes = [size for size in SIZES if size < count] + ([count] if count <= SIZES[-1] else [])
    rng = np.random.default_rng(_SEED)
    pool = np.arange(count) if count <= MOST_POOLED else rng.permutation(count)[:MOST_POOLED]
    order = pool[rng.random((SUBSETS, len(pool))).argsort(axis=1)]
    each = [np.arange(count)[:, None] if size == 1 else order[: 1 if size == count else None, :size] for size in sizes]
    return np.array(sizes), np.array([float(np.mean(_scores(forecasts, drawn, score))) for drawn in each])


def enough(sizes: NDArray[np.int64], scores: Floats) -> int | None:
    """Return the smallest ensemble that is expected to be as good as that of all repeats, to within 1%."""
    if not len(scores) or not np.isfinite(scores[-1]):
        return None
    return int(sizes[np.argmax(scores <= scores[-1] * (1 + ENOUGH))])


def _scores(forecasts: Floats, drawn: NDArray[np.int64], score: Score) -> Floats:
    """Return the score of the median of each choice of repeats: `(choices,)`."""
    size = max(1, _AT_ONCE // max(1, drawn.shape[1] * forecasts[0].size))
    parts = [median(forecasts[drawn[start : start + size]], axis=1) for start in range(0, len(drawn), size)]
    return np.concatenate([np.atleast_1d(score(part)) for part in parts])
