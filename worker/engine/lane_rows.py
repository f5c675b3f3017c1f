"""The rows of the lanes of a pack: the same for all lanes, or each lane's own, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from worker.engine.arrays import Float32s
from worker.engine.batches import Asked, Batches
from worker.engine.prepare import Prepared

Cut = TypeVar("Cut")


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneRows:
    """What lanes are prepared with."""

    #: one for all lanes, or one for each
    each: Sequence[Prepared]
    #: whether each lane has its own, be they equal or not: a repeat's program does not depend on the lanes beside it
    apart: bool = False

    def of(self, position: int) -> Prepared:
        """Return the rows of a lane."""
        return self.each[position if self.apart else 0]

    def of_block(self, positions: Sequence[int], lanes: int) -> LaneRows:
        """Return the rows of the lanes of a program; lanes that are left over repeat the last one."""
        if not self.apart:
            return self
        filled = [*positions, *[positions[-1]] * (lanes - len(positions))]
        return LaneRows(each=[self.each[position] for position in filled], apart=True)

    def batches(self, cut: Callable[[Prepared], Batches]) -> Batches:
        """Cut the rows of each lane, to the same number of batches, and put them side by side."""
        return _batches(self._cut(cut))

    def asked(self, cut: Callable[[Prepared], Asked]) -> Asked:
        """Cut the rows of each lane that are forecast, and put them side by side."""
        found = self._cut(cut)
        terms, fed = (
            [np.concatenate(each, 1) for each in zip(*lists, strict=True)]
            for lists in ([one.terms for one in found], [one.fed for one in found])
        )
        parts = np.concatenate([one.parts for one in found], 2)
        return Asked(_batches([one.rows for one in found]), parts, terms, fed)

    @property
    def spread(self) -> Float32s:
        """How scaled errors of each lane become errors in its unit: (lanes, horizon, horizon, targets)."""
        return np.stack(self._cut(lambda prepared: prepared.spread))

    def _cut(self, cut: Callable[[Prepared], Cut]) -> list[Cut]:
        """Cut the rows of each lane; the repeats of a series are cut once."""
        found = {id(prepared): cut(prepared) for prepared in {id(one): one for one in self.each}.values()}
        return [found[id(prepared)] for prepared in self.each]


def _batches(each: Sequence[Batches]) -> Batches:
    first, last = min(one.first for one in each), max(one.last for one in each)
    inputs, targets, counts, fresh = (np.concatenate([one[field] for one in each], 1) for field in range(4))
    return Batches(inputs, targets, counts, fresh, first, last)
