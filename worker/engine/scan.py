"""A recurrent loop whose compile time does not grow with its steps, and whose gradient can be vectorized over lanes.

TensorFlow's own loop gradient keeps what it needs in lists that XLA cannot vectorize. Here the states are kept in one
tensor, and the way back runs each step again from the state before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from worker.engine.backend import tf

Tensor = Any
#: (input, states, weights) -> states after the step; the first state is the output, too
Step = Callable[[Tensor, list[Tensor], list[Tensor]], list[Tensor]]


def scan(
    step: Step, sequence: Tensor, states: Sequence[Tensor], weights: Sequence[Tensor]
) -> tuple[Tensor, list[Tensor]]:
    """Apply a step along the first axis of a sequence.

    Returns:
        The outputs of all steps (steps, ...), and the states after the last one.
    """
    count, steps = len(states), sequence.shape[0]

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def run(sequence: Tensor, *rest: Tensor) -> Any:
        initial, weights = list(rest[:count]), list(rest[count:])
        kept = _forward(step, sequence, initial, weights)

        def back(*gradients: Tensor) -> tuple[Tensor, ...]:
            return _backward(step, sequence, initial, weights, kept, list(gradients))

        return tuple(kept), back

    kept = run(sequence, *states, *weights)
    return kept[0], [state[steps - 1] for state in kept]


def _forward(step: Step, sequence: Tensor, initial: list[Tensor], weights: list[Tensor]) -> list[Tensor]:
    """Give each state after every step, (steps, ...)."""

    def body(k: Tensor, states: list[Tensor], kept: list[Tensor]) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        states = step(tf.gather(sequence, k), states, weights)
        return k + 1, states, [_put(values, k, state) for values, state in zip(kept, states, strict=True)]

    empty = [tf.zeros((sequence.shape[0], *state.shape)) for state in initial]
    _, kept = _loop(sequence.shape[0], body, initial, empty)
    return list(kept)


def _backward(
    step: Step,
    sequence: Tensor,
    initial: list[Tensor],
    weights: list[Tensor],
    kept: list[Tensor],
    gradients: list[Tensor],
) -> tuple[Tensor, ...]:
    """Give the gradients of the sequence, the initial states and the weights from those of the kept states."""
    steps = sequence.shape[0]
    before = [tf.concat([first[None], values[:-1]], 0) for first, values in zip(initial, kept, strict=True)]

    def body(number: Tensor, later: list[Tensor], found: list[Tensor]) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        k = steps - 1 - number
        inputs = [tf.gather(sequence, k), *[tf.gather(values, k) for values in before], *weights]
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            after = step(inputs[0], inputs[1 : len(initial) + 1], weights)
        arriving = [tf.gather(values, k) + more for values, more in zip(gradients, later, strict=True)]
        own = tape.gradient(after, inputs, arriving, unconnected_gradients="zero")
        of_weights = [total + more for total, more in zip(found[1:], own[len(initial) + 1 :], strict=True)]
        return number + 1, own[1 : len(initial) + 1], [_put(found[0], k, own[0]), *of_weights]

    nothing = [tf.zeros_like(state) for state in initial]
    begin = [tf.zeros(sequence.shape), *[tf.zeros(weight.shape) for weight in weights]]
    states, (of_sequence, *of_weights) = _loop(steps, body, nothing, begin)
    return (of_sequence, *states, *of_weights)


def _loop(steps: int, body: Callable[..., Any], states: list[Tensor], kept: list[Tensor]) -> Any:
    return tf.while_loop(lambda k, *_: k < steps, body, (tf.constant(0), states, kept))[1:]


def _put(values: Tensor, index: Tensor, value: Tensor) -> Tensor:
    return tf.tensor_scatter_nd_update(values, index[None, None], value[None])
