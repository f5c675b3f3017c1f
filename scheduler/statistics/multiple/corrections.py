"""Corrections of p-values for the number of pairs that are tested together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.statistics.scores import Floats


def holm(p: Floats, unseen: int = 0) -> Floats:
    """Adjust the p-values along the last axis so that any false rejection has chance alpha (Holm 1979).

    Args:
        p: `(..., pairs)`.
        unseen: how many more pairs the family has, which nobody looks at: their p-values are taken as 1, which holds
            whatever they are, also where the scores decide at which pairs to look.
    """
    order = np.argsort(p, axis=-1)
    weight = p.shape[-1] + unseen - np.arange(p.shape[-1])
    stepped = np.maximum.accumulate(np.take_along_axis(p, order, axis=-1) * weight, axis=-1)
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(stepped, 1.0), axis=-1)
    return adjusted


def benjamini_hochberg(p: Floats) -> Floats:
    """Adjust the p-values along the last axis for the false discovery rate (Benjamini and Hochberg 1995)."""
    order = np.argsort(p, axis=-1)[..., ::-1]
    weight = p.shape[-1] / (p.shape[-1] - np.arange(p.shape[-1]))
    stepped = np.minimum.accumulate(np.take_along_axis(p, order, axis=-1) * weight, axis=-1)
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(stepped, 1.0), axis=-1)
    return adjusted


@dataclass(frozen=True, kw_only=True, slots=True)
class Others:
    """The pairs of other splits, which belong to the same family."""

    #: `(pairs elsewhere,)`, the p-values of those that are compared
    p: Floats
    #: how many are not
    unseen: int = 0

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.p) + self.unseen


#: no pairs in other splits
NONE = Others(p=np.empty(0))


def holm_beside(p: Floats, others: Others, alpha: float, *, unseen: int) -> tuple[Floats, int]:
    """Adjust p-values by Holm's correction over a family that includes others, too.

    Args:
        p: `(..., pairs)`.
        others: the pairs of other splits.
        alpha: the error rate.
        unseen: how many pairs of this split are not among `p`.

    Returns:
        The adjusted `p`, and how many of all others are not rejected.
    """
    unseen += others.unseen
    if not len(others.p):
        return holm(p, unseen), unseen
    adjusted = holm(np.concatenate([p, others.p]), unseen)
    return adjusted[: len(p)], int((adjusted[len(p) :] > alpha).sum()) + unseen
