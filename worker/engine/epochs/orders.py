"""The order in which the rows of an epoch are trained on where they are shuffled: from the repeat's seed alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from worker.engine.arrays import Array
from worker.engine.backend import tf
from worker.engine.batches import Batches
from worker.engine.layers.draws import uniform_each
from worker.engine.layers.products import swapped
from worker.engine.layers.scan import take

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
        counts: (rows,) or (lanes, rows), 1, or 0 for rows that only fill the last batch: these stay behind the others.

    Returns:
        The places of the rows, (lanes, rows); rows that only fill the last batch do not change the order of the others.
    """
    drawn = uniform_each(tf.cast(states, tf.uint32), counts.shape[-1])
    return tf.argsort(drawn + (1.0 - counts), stable=True)


def after(state: Tensor) -> Tensor:
    """Return the states (lanes, 2) of the next epoch."""
    return state + tf.constant([0, 1], tf.int64)


def by_lane(rows: Batches) -> Batches:
    """Bring rows (batches, lanes, batch, ...) into (lanes, rows, ...), from which they are picked by place."""
    inputs, targets, counts, fresh = (_by_lane(each) for each in rows[:4])
    return Batches(inputs, targets, counts, fresh, rows.first, rows.last)


def picked(rows: Batches, k: Tensor, places: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the inputs, targets, counts and resets of batch k, each (lanes, batch, ...).

    Args:
        rows: All batches; with places, as `by_lane` returns them.
        k: Which one.
        places: (lanes, batch), the places of the rows that are trained on in place of those of batch k.
    """
    values = rows[:4]
    if places is None:
        inputs, targets, counts, fresh = (take(each, k) for each in values)
    else:
        inputs, targets, counts, fresh = (_gathered(each, places) for each in values)
    return inputs, targets, counts, fresh


def _by_lane(values: Tensor) -> Tensor:
    first = swapped(values)
    return tf.reshape(first, (first.shape[0], -1, *first.shape[3:]))


def _gathered(values: Tensor, places: Tensor) -> Tensor:
    """Gather the rows of each lane; of rows that all lanes share there is one lane."""
    if values.shape[0] == 1:
        return tf.gather(values[0], places)
    return tf.gather(values, places, batch_dims=1)
