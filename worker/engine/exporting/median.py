"""One Keras model whose output is the median over those of several repeats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from store.schema.configuration import Configuration
from worker.engine.arrays import Float64s
from worker.engine.backend import keras
from worker.engine.prepare import Prepared


def median_model(repeats: Sequence[Any], configuration: Configuration, prepared: Prepared | None) -> Any:
    """Join the models of repeats.

    Forecast differences of several steps add up, and the median of sums is not the sum of medians: outputs are added up
    before the median is taken, and taken apart again, so that they mean what those of a single repeat mean.
    Without rows, as where series have scales of their own, the median is that of the outputs.
    """
    first = repeats[0]
    taken = keras.layers.Input(batch_shape=first.input_shape, name="rows")
    named = [keras.Model(one.inputs[0], one.outputs[0], name=f"repeat_{place}") for place, one in enumerate(repeats)]
    quantiles = len(configuration.training.loss.quantiles)
    steps = configuration.prepare.steps_at_once
    there = _added_up(prepared, steps, quantiles) if steps > 1 and prepared is not None else None
    said = [one(taken) for one in named]
    flat = [keras.ops.reshape(one, (-1, int(np.prod(one.shape[1:])))) for one in said]
    if there is not None:
        adding = _fixed(there, "added_up")
        flat = [adding(one) for one in flat]
    middle = keras.ops.median(keras.ops.stack(flat, axis=0), axis=0)
    if there is None:
        return keras.Model(taken, middle)
    apart = _fixed(np.asarray(np.linalg.inv(there), np.float64), "taken_apart")
    return keras.Model(taken, apart(middle))


def _added_up(prepared: Prepared, steps: int, quantiles: int) -> Float64s:
    """Return how outputs, by step, target and quantile, add up to what is forecast, but for constants."""
    sums, targets = prepared.sums[:steps, :steps], prepared.sums.shape[2]
    factor = np.where(prepared.scaler.constant, 1.0, prepared.scaler.factor)[:steps]
    whole = np.zeros((steps, targets, steps, targets))
    for target in range(targets):
        whole[:, target, :, target] = sums[:, :, target] / factor[:, target] * factor[0, target]
    size = steps * targets
    return np.asarray(np.kron(whole.reshape(size, size), np.eye(quantiles)), np.float64)


def _fixed(weights: Float64s, name: str) -> Any:
    """Return a layer that multiplies by fixed numbers."""
    layer = keras.layers.Dense(len(weights), use_bias=False, trainable=False, name=name)
    layer.build((None, len(weights)))
    layer.kernel.assign(weights.T)
    return layer
