"""The order in which the rows of an epoch are trained on where they are shuffled: from the repeat's seed alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from worker.engine.arrays import Array
from worker.engine.backend import tf
from worker.engine.batches import Batches
from worker.engine.layers.draws import uniform_each
from worker.engine.layers.scan import take_one

Tensor = Any

#: which of a seed's children orders are drawn from; weights, masks and refits have others
_STREAM = 3


def begin(seed: int) -> Array:
    """Return what a repeat's orders are drawn from: a child of its seed, and the number of the epoch."""
    (child,) = np.random.SeedSequence(seed, spawn_key=(_STREAM,)).generate_state(1)
    return np.array([child, 0], np.int64)


def order(states: Tensor, counts: Tensor) -> Tensor:
    """Draw the order of one epoch for each lane.

    Args:
        states: The states of the lanes, (lanes, 2).
        counts: (rows,), 1, or 0 for rows that only fill the last batch: these stay behind the others.

    Returns:
        The places of the rows, (lanes, rows); rows that only fill the last batch do not change the order of the others.
    """
    drawn = uniform_each(tf.cast(states, tf.uint32), counts.shape[0])
    return tf.argsort(drawn + (1.0 - counts), stable=True)


def after(state: Tensor) -> Tensor:
    """Return the states (lanes, 2) of the next epoch."""
    return state + tf.constant([0, 1], tf.int64)


def picked(rows: Batches, k: Tensor, places: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """Return the inputs, targets and counts of batch k, (1, batch, ...), or of the rows at places (lanes, batch)."""
    values = (rows.inputs, rows.targets, rows.counts)
    if places is None:
        inputs, targets, counts = (take_one(each, k) for each in values)
    else:
        inputs, targets, counts = (tf.gather(tf.reshape(each, (-1, *each.shape[2:])), places) for each in values)
    return inputs, targets, counts
