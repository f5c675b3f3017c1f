"""What becomes of forecasts in the program: later steps are made of them, and they are scored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from store.preparation.transforms import errors as errors_of
from worker.engine.backend import tf
from worker.engine.batches import Asked, ByPart
from worker.engine.layers.scan import take
from worker.engine.template import LaneValues, Template, Tensor


def later_steps(
    model: Template, first: Tensor, states: list[Tensor], lane: LaneValues, asked: Asked, k: Tensor
) -> Tensor:
    """Forecast the later steps of batch `k`, by a model that is fed its own forecasts (see `Feeding`).

    A model of several steps forecasts as many each time. What carries a state sees all rows in between, too. Of
    quantiles, the medians are fed.

    Args:
        model: Which model.
        first: Its forecasts of the first steps, (lanes, batch, steps, targets), as `Template.call` gives them.
        states: Those after it, which are moved on for the later steps alone.
        lane: What the lanes are worth.
        asked: All rows.
        k: The batch.

    Returns:
        Forecasts of (lanes, batch, horizon, targets), with an axis behind where `first` has one.
    """
    inputs, (later, *feeding) = take(asked.rows.inputs, k), asked.fed
    lanes, batch, at_once = first.shape[:3]
    horizon = asked.rows.targets.shape[3]
    known, vector = take(later, k), (lanes, batch, -1)
    own = tf.reshape(tf.broadcast_to(inputs, (lanes, *inputs.shape[1:])), vector)

    further = 1 if states else at_once
    behind = [1] * (first.shape.rank - 3)

    def step(ahead: Tensor, found: Tensor, states: list[Tensor]) -> tuple[Tensor, Tensor, list[Tensor]]:
        sources, gains, shifts = (take(one, ahead - 1) for one in feeding)
        now = tf.gather(known, ahead - 1, axis=2)
        now = tf.broadcast_to(now, (lanes, *now.shape[1:]))
        whole = tf.concat([own, tf.reshape(model.middle(found), vector), now], -1)
        seen = gathered(whole, sources) * gains[:, None] + shifts[:, None]
        outputs, states = model.call(seen, lane, states)
        if at_once == 1:
            return ahead + 1, tf.where(tf.reshape(tf.range(horizon), (-1, *behind)) == ahead, outputs, found), states
        mine = tf.reshape(_of_block(ahead, at_once, horizon), (-1, *behind))
        return ahead + further, tf.where(mine, _repeated(outputs, horizon), found), states

    begin = (tf.constant(further), _repeated(first, horizon), states)
    return tf.while_loop(lambda ahead, *_: ahead < horizon - at_once + 1, step, begin)[1]


def _repeated(outputs: Tensor, horizon: int) -> Tensor:
    """Repeat forecasts (lanes, batch, steps, ...) until they are as many steps as the horizon."""
    if outputs.shape[2] == 1:
        return tf.repeat(outputs, horizon, axis=2)
    return tf.tile(outputs, [1, 1, horizon // outputs.shape[2], *[1] * (outputs.shape.rank - 3)])


def _of_block(ahead: Tensor, steps: int, horizon: int) -> Tensor:
    """Return which steps of the horizon a row so many steps ahead forecasts, (horizon,): none within a block."""
    number = tf.range(horizon)
    return (ahead % steps == 0) & (number >= ahead) & (number < ahead + steps)


def gathered(values: Tensor, places: Tensor) -> Tensor:
    """Gather from the last axis of values (lanes, batch, numbers), at places (lanes, ...) or the same, (1, ...)."""
    if places.shape[0] == 1:
        return tf.gather(values, places[0], axis=-1)
    return tf.gather(values, places, axis=-1, batch_dims=1)


def rmse(forecasts: Tensor, asked: Asked, spread: Tensor, transforms: Sequence[str]) -> Tensor:
    """Score forecasts (batches, lanes, batch, horizon, targets) by lane and part, in the units of its series."""
    scaled = forecasts - asked.rows.targets
    for parts in asked.by_part:
        return _by_part(scaled, parts, transforms)
    errors = tf.reduce_sum(tf.expand_dims(scaled, -3) * tf.expand_dims(spread, 1), -2)
    for terms in asked.terms:
        errors = _of_series(errors, terms, transforms)
    squares = tf.reduce_sum(tf.square(errors), [-2, -1])
    counted = tf.where(asked.parts > 0, squares, 0.0)
    counts = tf.reduce_sum(asked.parts, [1, 3]) * float(np.prod(asked.rows.targets.shape[3:]))
    return tf.transpose(tf.sqrt(tf.reduce_sum(counted, [1, 3]) / counts))


def _by_part(scaled: Tensor, parts: ByPart, transforms: Sequence[str]) -> Tensor:
    """Score scaled errors by lane and part, where each part is of a series with a scale of its own.

    Rows are gathered part by part and not added where they are, the order of which would be the device's.
    """
    batches, lanes, batch, *row = scaled.shape
    flat = tf.reshape(tf.transpose(scaled, [0, 2, 1, 3, 4]), (batches * batch, lanes, *row))
    mine = tf.gather(flat, parts.places)
    errors = tf.reduce_sum(tf.expand_dims(mine, -3) * parts.spread[:, None, None], -2)
    for terms in parts.terms:
        errors = _of_series(errors, terms, transforms)
    squares = tf.reduce_sum(tf.square(errors), [-2, -1])
    counted = tf.where(parts.counts[..., None] > 0, squares, 0.0)
    counts = tf.reduce_sum(parts.counts, 1) * float(np.prod(row))
    return tf.transpose(tf.sqrt(tf.reduce_sum(counted, 1) / counts[:, None]))


def _of_series(moved: Tensor, terms: Tensor, transforms: Sequence[str]) -> Tensor:
    """Turn errors of transformed targets, (..., horizon, targets), into those of the series."""
    each = zip(transforms, tf.unstack(moved, axis=-1), tf.unstack(terms, axis=-1), strict=True)
    return tf.stack([errors_of(word, one, tf.unstack(own, axis=-2), tf.math) for word, one, own in each], -1)
