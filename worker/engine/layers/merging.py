"""Layers that take several values, in all lanes at once: `Attention` and `Concatenate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worker.engine.backend import tf
from worker.engine.layers.axes import Axes
from worker.engine.layers.products import SMALL

Tensor = Any


def attend(query: Tensor, value: Tensor, key: Tensor, axes: Axes) -> Tensor:
    """Weigh the steps of `value` by how much their keys have in common with each step of the query.

    Args:
        query: What asks, (lanes, rows, asking steps, units) in some order of axes.
        value: What is seen, (lanes, rows, steps, units).
        key: What it is found by, as `value`, with the units of the query.
        axes: The order of axes.
    """
    if not axes.lanes_last and query.shape[-1] * value.shape[2] > SMALL:
        return tf.matmul(tf.nn.softmax(tf.matmul(query, key, transpose_b=True)), value)
    steps = axes.rows + 1
    found = tf.reduce_sum(tf.expand_dims(query, steps + 1) * tf.expand_dims(key, steps), axes.units)
    weights = tf.nn.softmax(found, axes.units)
    return tf.reduce_sum(tf.expand_dims(weights, steps + 2) * tf.expand_dims(value, steps), steps + 1)


def concatenate(values: Sequence[Tensor], axis: int, axes: Axes) -> Tensor:
    """Put values side by side in an axis of what a lane has, whose rows are the first."""
    lanes = max(value.shape[axes.lanes] for value in values)
    rank = len(values[0].shape) - 1
    place = axis % rank + (0 if axes.lanes_last else 1)
    return tf.concat([tf.broadcast_to(each, axes.shape(lanes, axes.own(each.shape))) for each in values], place)
