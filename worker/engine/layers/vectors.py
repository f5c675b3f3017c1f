"""Weights as the vectors that an optimizer updates, where it updates each number by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from worker.engine.arrays import Array

#: Weights of at most so many numbers are one vector: each operation of a program takes time of its own. To cut a larger
#: one out of a vector in every batch, and to put its gradient into one, takes longer than that.
FEW: Final = 1024

Values = TypeVar("Values")


@dataclass(frozen=True, slots=True)
class Vectors:
    """Which weights are one vector: those of few numbers, and each of the others.

    Args:
        weights: How many numbers each weight has.
        few: How many those have at most that are put together.
    """

    weights: tuple[int, ...]
    few: int = FEW

    @property
    def sizes(self) -> list[int]:
        """How many numbers each vector has."""
        return [sum(self.weights[place] for place in places) for places in self._places()]

    def joined(self, weights: Sequence[Array]) -> list[Array]:
        """Put the weights of one lane into the vectors."""
        return [np.concatenate([weights[place].ravel() for place in places]) for places in self._places()]

    def cut(self, vectors: Sequence[Values], split: Callable[[Values, list[int]], Sequence[Values]]) -> list[Values]:
        """Cut vectors into weights, in their order.

        Args:
            vectors: What is cut.
            split: Cuts one of them into parts of some sizes.
        """
        found: dict[int, Values] = {}
        for places, vector in zip(self._places(), vectors, strict=True):
            found |= zip(places, split(vector, [self.weights[place] for place in places]), strict=True)
        return [found[place] for place in range(len(self.weights))]

    def _places(self) -> list[list[int]]:
        few = [place for place, size in enumerate(self.weights) if size <= self.few]
        others = [[place] for place, size in enumerate(self.weights) if size > self.few]
        return [few, *others] if few else others
