"""Weights as vectors: small ones together, large ones by themselves, and back."""

from __future__ import annotations

import numpy as np
import pytest

from worker.engine.layers.vectors import Vectors

SIZES = (6, 40, 3, 50, 1)


@pytest.mark.parametrize(
    ("few", "sizes"), [(0, [6, 40, 3, 50, 1]), (6, [10, 40, 50]), (45, [50, 50]), (100, [100])], ids=str
)
def test_small_weights_are_together(few: int, sizes: list[int]) -> None:
    """Those of at most so many numbers are the first vector."""
    assert Vectors(SIZES, few).sizes == sizes


@pytest.mark.parametrize("few", [0, 6, 45, 100])
def test_weights_come_back_in_their_order(few: int) -> None:
    """Whichever vectors they were in, and whatever their shapes."""
    vectors = Vectors(SIZES, few)
    weights = [np.arange(size, dtype=np.float32).reshape(1, -1) + 1000 * size for size in SIZES]
    joined = vectors.joined(weights)
    assert [len(vector) for vector in joined] == vectors.sizes
    back = vectors.cut(joined, lambda vector, sizes: np.split(vector, np.cumsum(sizes)[:-1]))
    assert [one.tolist() for one in back] == [one.ravel().tolist() for one in weights]
