"""Wilcoxon's signed ranks (1945) for many pairs: exact where there are few differences, none of them equal."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from scheduler.statistics.multiple.one_against_all import places_of_equal

if TYPE_CHECKING:
    from scheduler.statistics.scores import Floats

#: with more differences than this the normal approximation serves
MOST_EXACT = 50


def signed_ranks(differences: Floats) -> tuple[Floats, Floats]:
    """Test whether differences are symmetric about 0; those that are 0 or NaN are left out, as Wilcoxon did.

    Args:
        differences: `(pairs, units)`.

    Returns:
        The two-sided p, `(pairs,)`, NaN where nothing is left; and by how much the rank sum of positive differences
        exceeds that of negative ones.
    """
    kept = np.where((differences != 0) & np.isfinite(differences), differences, np.nan)
    size = np.abs(kept)
    order = np.argsort(size, axis=-1)
    ordered = np.take_along_axis(size, order, axis=-1)
    first, last = places_of_equal(ordered)
    here = ~np.isnan(ordered)
    rank = np.where(here, (first + last) / 2, 0.0)
    count = here.sum(axis=-1)
    signed = (np.sign(np.take_along_axis(np.nan_to_num(kept), order, axis=-1)) * rank).sum(axis=-1)
    ties = np.where(here, (last - first + 1) ** 2 - 1, 0.0).sum(axis=-1)
    return np.where(count > 0, _chances(signed, count.astype(np.int64), ties), np.nan), signed


def _chances(signed: Floats, count: Floats, ties: Floats) -> Floats:
    """Return the two-sided chances of signed rank sums."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt((count * (count + 1) * (2 * count + 1) - ties / 2) / 6)
        p = np.minimum(2 * special.ndtr(-np.maximum(np.abs(signed) - 1, 0) / spread), 1.0)
    for size in np.unique(count[(count <= MOST_EXACT) & (count > 0)]):
        chosen = (count == size) & (ties == 0)
        highest = (np.abs(signed[chosen]) + size * (size + 1) / 2) / 2
        p[chosen] = np.minimum(2 * _upper_tail(int(size))[np.rint(highest).astype(np.int64)], 1.0)
    return np.asarray(np.maximum(p, np.minimum(2.0 ** (1 - count), 1.0)))  # which all differences on one side have


@cache
def _upper_tail(count: int) -> Floats:
    """Return the chance that the sum of positive ranks is at least 0, 1, 2, ..."""
    chance = np.ones(1)
    for rank in range(1, count + 1):
        with_rank = np.concatenate([np.zeros(rank), chance])
        without = np.concatenate([chance, np.zeros(rank)])
        chance = (with_rank + without) / 2
    return np.asarray(np.cumsum(chance[::-1])[::-1])
