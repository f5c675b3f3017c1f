"""Which of many points are drawn: one rule for scores, one for trajectories, on the page and in the pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def evenly(count: int, most: int) -> NDArray[Any]:
    """Return at most so many positions, evenly spread, both ends among them."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(int))


def early_and_late(count: int, most: int) -> NDArray[Any]:
    """Return at most so many positions, every second one closer to the start, where a trajectory falls steeply."""
    if count <= most:
        return np.arange(count)
    early = np.geomspace(1, count, most // 2).astype(int) - 1
    return np.unique(np.concatenate([early, evenly(count, most - most // 2)]))
