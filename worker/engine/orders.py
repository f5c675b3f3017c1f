"""The order in which the rows of an epoch are trained on where they are shuffled: from the repeat's seed alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from worker.engine.arrays import Array
from worker.engine.backend import tf
from worker.engine.batches import Batches
from worker.engine.layers.draws import uniform_each

Tensor = Any

#: which of a seed's children orders are drawn from; weights, masks and refits have others
_STREAM = 3


def begin(seed: int) -> Array:
    """Return what a repeat's orders are drawn from: a child of its seed, and the number of the epoch."""
    (child,) = np.random.SeedSequence(seed, spawn_key=(_STREAM,)).generate_state(1)
    return np.array([child, 0], np.int64)


def order(state: Tensor, counts: Tensor) -> Tensor:
    """Draw the order of one epoch.

    Args:
        state: A lane's state, (2,).
        counts: (rows,), 1, or 0 for rows that only fill the last batch: these stay behind the others.

    Returns:
        The places of the rows, (rows,); how many only fill the last batch does not change the order of the others.
    """
    drawn = uniform_each(tf.cast(state, tf.uint32), counts.shape[0])
    return tf.argsort(drawn + (1.0 - counts), stable=True)


def after(state: Tensor) -> Tensor:
    """Return the states (lanes, 2) of the next epoch."""
    return state + tf.constant([0, 1], tf.int64)


def picked(rows: Batches, k: Tensor, places: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """Return the inputs, targets and counts of batch k, or of the rows at some places."""
    inputs, targets, counts = rows.inputs, rows.targets, rows.counts
    if places is None:
        return inputs[k], targets[k], counts[k]
    return _at(inputs, places), _at(targets, places), _at(counts, places)


def _at(batches: Tensor, places: Tensor) -> Tensor:
    return tf.gather(tf.reshape(batches, (-1, *batches.shape[2:])), places)
