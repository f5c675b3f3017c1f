"""A vector for each series, which a model of several learns and sees beside the features of each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from worker.engine.backend import keras

Tensor = Any


def beside_vectors(
    series: int, width: int, timesteps: int, model: Callable[[Tensor], Tensor]
) -> Callable[[Tensor], Tensor]:
    """Let a model see the vector of a series; the last feature of its rows is the number of the series.

    A number that no series has stands for the mean of the vectors. These begin as those of Keras' `Embedding`, and are
    the weights of a layer without a bias: with TensorFlow, Keras squares the gradients of an `Embedding` row by row
    before it adds up those of a batch, so that Adam and its like would move them otherwise than with JAX or PyTorch.

    Args:
        series: how many there are.
        width: of a vector.
        timesteps: of a row.
        model: what is made of rows (batch, timesteps, features + width).
    """
    vectors = keras.layers.Dense(width, use_bias=False, kernel_initializer="uniform", name="series_embedding")

    def telling(taken: Tensor) -> Tensor:
        known = keras.ops.one_hot(taken[:, 0, -1], series)
        shares = known + (1 - keras.ops.sum(known, axis=-1, keepdims=True)) / series
        steps = keras.layers.RepeatVector(timesteps)(vectors(shares))
        return model(keras.layers.Concatenate()([taken[:, :, :-1], steps]))

    return telling
