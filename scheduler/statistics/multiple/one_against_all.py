"""The sums behind the tests of one configuration against each of the others, without those of all other pairs.

The pairs are in the order of the other configurations; `pairs` says which of the two is a. Scores have shape
`(repeats, configurations)`, as there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scheduler.statistics.scores import Floats

#: counts, (numbers of a, of b), (their squares, of a and of b), products: each `(..., pairs)`
PairSums = tuple[Floats, tuple[Floats, Floats], tuple[Floats, Floats], Floats]


def sums_with_one(mask: Floats, numbers: Floats, against: int, a: NDArray[np.intp], b: NDArray[np.intp]) -> PairSums:
    """Sum over the rows that both sides of a pair have.

    Args:
        mask: `(..., rows, configurations)`, 1 where there is a number.
        numbers: the numbers, 0 where there is none.
        against: the configuration that all pairs have.
        a: `(pairs,)`, the first of each pair.
        b: `(pairs,)`, the second.
    """
    own, mine = mask[..., against, None], numbers[..., against, None]
    first = a == against

    def of_both(power: int) -> tuple[Floats, Floats]:
        ours = (mine**power * mask).sum(axis=-2)
        theirs = (own * numbers**power).sum(axis=-2)
        return np.where(first, ours[..., b], theirs[..., a]), np.where(first, theirs[..., b], ours[..., a])

    other = np.where(first, b, a)
    return (own * mask).sum(axis=-2)[..., other], of_both(1), of_both(2), (mine * numbers).sum(axis=-2)[..., other]


def win_share_of_one(values: Floats, against: int) -> Floats:
    """Return the share of all (a, b) repeats in which b is lower, ties counted half: `(pairs,)`."""
    own = np.sort(values[~np.isnan(values[:, against]), against])
    others = np.delete(values, against, axis=1)
    here = ~np.isnan(others)
    above = len(own) - np.searchsorted(own, others, side="right")
    below = np.searchsorted(own, others, side="left")
    higher = np.where(here, (len(own) + above - below) / 2, 0.0).sum(axis=0)  # its repeats above, ties counted half
    with np.errstate(divide="ignore", invalid="ignore"):
        share = higher / (len(own) * here.sum(axis=0))
    return np.asarray(np.where(np.arange(others.shape[1]) < against, 1 - share, share))


def ties_with_one(values: Floats, against: int) -> Floats:
    """Sum t^3 - t over the groups of t equal scores in the union of each pair: `(pairs,)`."""
    others = np.delete(values, against, axis=1).T
    own = np.broadcast_to(values[:, against], others.shape)
    union = np.sort(np.concatenate([own, others], axis=1), axis=1)
    first, last = places_of_equal(union)
    return np.asarray(np.where(np.isnan(union), 0.0, (last - first + 1) ** 2 - 1).sum(axis=1))


def places_of_equal(ordered: Floats) -> tuple[Floats, Floats]:
    """Return where the run of equal numbers that each one belongs to starts and ends, counted from 1, in each row."""
    place = np.broadcast_to(np.arange(1.0, ordered.shape[-1] + 1), ordered.shape)
    new = np.ones(ordered.shape, dtype=np.bool_)
    new[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    first = np.maximum.accumulate(np.where(new, place, 0.0), axis=-1)
    ends = np.ones_like(new)
    ends[..., :-1] = new[..., 1:]
    return first, np.minimum.accumulate(np.where(ends, place, np.inf)[..., ::-1], axis=-1)[..., ::-1]


def products_of_pairs(rows: Floats, a: NDArray[np.intp], b: NDArray[np.intp]) -> Floats:
    """Return the product of the rows of each pair, `(pairs,)`; of some pairs alone no others are computed.

    Args:
        rows: `(configurations, n)`.
        a: the first of each pair.
        b: the second.
    """
    every = len(rows) * (len(rows) - 1) // 2
    return np.asarray((rows @ rows.T)[a, b] if len(a) == every else np.einsum("ij,ij->i", rows[a], rows[b]))
