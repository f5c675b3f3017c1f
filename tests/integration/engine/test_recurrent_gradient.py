"""The gradient that is written by hand is that of differentiating the same steps one by one, also over lanes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from worker.engine.backend import keras, tf
from worker.engine.layers.axes import LANES_FIRST
from worker.engine.layers.products import over_steps, product
from worker.engine.layers.recurrent import Activation, Memory

LANES, ROWS, UNITS = 3, 3, 2
ACTIVATIONS = ["tanh", "relu", "linear", "elu", "hard_sigmoid"]


def values(steps: int) -> list[Any]:
    """Draw what gates are given, recurrent weights and states of some lanes."""
    rng = np.random.default_rng(steps)
    shapes = [(steps, LANES, ROWS, 4 * UNITS), (LANES, UNITS, 4 * UNITS), (LANES, ROWS, UNITS), (LANES, ROWS, UNITS)]
    return [tf.constant(rng.normal(size=shape), tf.float32) for shape in shapes]


def memory(activation: str) -> Memory:
    """Make a memory with this activation, and the sigmoid's for its gates."""
    get = keras.activations.get
    return Memory(Activation(get(activation)), Activation(get("sigmoid")), over_steps(product, 1), LANES_FIRST)


def plain(activation: str, given: Any, weights: Any, output: Any, cell: Any) -> Any:
    """Run step by step, as a textbook does."""
    function, outputs = keras.activations.get(activation), []
    for step in range(given.shape[0]):
        read, kept, new, out = tf.split(given[step] + output @ weights, 4, -1)
        cell = tf.sigmoid(kept) * cell + tf.sigmoid(read) * function(new)
        output = tf.sigmoid(out) * function(cell)
        outputs.append(output)
    return tf.stack(outputs), [output, cell]


def loss(outputs: Any, states: list[Any]) -> Any:
    """Weigh all outputs of a lane and its states apart."""
    steps, _, *row = outputs.shape
    weights = np.arange(1.0, 1.0 + steps * np.prod(row), dtype=np.float32).reshape(steps, 1, *row)
    return tf.reduce_sum(outputs * weights) + tf.reduce_sum(states[0] * 3.0) + tf.reduce_sum(states[1] * 5.0)


def gradients(run: Any, given: list[Any]) -> list[Any]:
    """Differentiate the loss of a run by all that it is given."""
    with tf.GradientTape() as tape:
        tape.watch(given)
        outputs, states = run(*given)
        total = loss(outputs, states)
    return [total, *tape.gradient(total, given)]


@pytest.mark.parametrize("steps", [1, 3, 9])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradient_is_that_of_plain_steps(activation: str, steps: int) -> None:
    """For loops that are written out and for those that are not."""

    @tf.function(jit_compile=True, autograph=False)
    def ours(*given: Any) -> list[Any]:
        return gradients(lambda a, w, *states: memory(activation).run(a, w, states), list(given))

    given = values(steps)
    for mine, theirs in zip(ours(*given), gradients(lambda *all_: plain(activation, *all_), given), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("steps", [1, 3, 9])
def test_states_that_are_not_given_are_zero(steps: int) -> None:
    """Outputs and the gradients of all else are as with zeros."""
    given, weights, *states = values(steps)
    zeros = [tf.zeros_like(state) for state in states]

    @tf.function(jit_compile=True, autograph=False)
    def ours(*given: Any) -> list[Any]:
        return gradients(lambda a, w: memory("tanh").run(a, w, []), list(given))

    expected = gradients(lambda a, w: plain("tanh", a, w, *zeros), [given, weights])
    for mine, theirs in zip(ours(given, weights), expected, strict=True):
        np.testing.assert_allclose(mine, 0.0 if theirs is None else theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("steps", [3, 9])
def test_lanes_are_what_each_is_alone(steps: int) -> None:
    """Every lane has its own outputs and gradients."""

    @tf.function(jit_compile=True, autograph=False)
    def ours(*given: Any) -> list[Any]:
        return gradients(lambda a, w, *states: memory("tanh").run(a, w, states), list(given))

    def only(number: int, given: list[Any]) -> list[Any]:
        return [tf.gather(value, [number], axis=axis) for axis, value in zip((1, 0, 0, 0), given, strict=True)]

    given = values(steps)
    together = ours(*given)[1:]
    for number in range(LANES):
        alone = ours(*only(number, given))[1:]
        for mine, all_ in zip(alone, only(number, together), strict=True):
            np.testing.assert_allclose(mine, all_, rtol=1e-4, atol=1e-4)
