"""Recurrent layers whose state is their output, and their gradient, one lane's worth at a time: GRU and SimpleRNN.

A layer says how its next state follows from what the inputs and the state add to its gates, value by value. The way
back finds the gradient of what both add, step by step; the gradient of the weights is then one product over all steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from worker.engine.backend import keras, tf
from worker.engine.layers.recurrent import Product, pulled
from worker.engine.layers.scan import Steps, scan, stacked

Tensor = Any
#: (what the inputs add, what the state adds, state) -> the next state
Step = Callable[[Tensor, Tensor, Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Stepwise:
    """Such a layer: its step, and how its state is multiplied."""

    step: Step
    product: Product

    def run(self, given: Tensor, weights: Tensor, shift: Tensor, state: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Run over time.

        Args:
            given: What the inputs add to the gates, (steps, rows, gates * units).
            weights: The recurrent weights.
            shift: The bias of what the state adds, (gates * units,).
            state: The state before the first step, (rows, units).

        Returns:
            The outputs of all steps (steps, rows, units), and the state after the last one.
        """

        @tf.custom_gradient  # type: ignore[untyped-decorator]
        def differentiable(given: Tensor, weights: Tensor, shift: Tensor, state: Tensor) -> Any:
            last, kept = self._forward(given, weights, shift, state)

            def back(of_outputs: Tensor, of_last: Tensor) -> tuple[Tensor, ...]:
                of_state, of_given, of_seen = self._backward(weights, given, kept[1:], of_outputs, of_last)
                before = stacked(kept[2])
                of_weights = pulled(lambda weights: self.product(before, weights), weights, of_seen)
                return of_given, of_weights, tf.reduce_sum(of_seen, [0, 1]), of_state

            return (stacked(kept[0]), last), back

        outputs, last = differentiable(given, weights, shift, state)
        return outputs, [last]

    def _forward(self, given: Tensor, weights: Tensor, shift: Tensor, state: Tensor) -> tuple[Tensor, list[Steps]]:
        """Return the last state, and what is kept: outputs, what the state adds, and the states before each step."""

        def step(carry: list[Tensor], share: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
            (before,), (added,) = carry, share
            seen = self.product(before, weights) + shift
            after = self.step(added, seen, before)
            return [after], [after, seen, before]

        (last,), kept = scan(step, [state], [given], [state.shape, given.shape[1:], state.shape])
        return last, kept

    def _backward(
        self, weights: Tensor, given: Tensor, kept: Sequence[Steps], of_outputs: Tensor, of_last: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the gradients of the state before, and of what the inputs and the states add."""

        def step(carry: list[Tensor], share: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
            (of_state,), (of_output, *at) = carry, share
            with tf.GradientTape() as tape:
                tape.watch(at)
                after = self.step(*at)
            of_given, of_seen, of_before = tape.gradient(after, at, of_state + of_output, unconnected_gradients="zero")
            of_before += pulled(lambda state: self.product(state, weights), tf.zeros_like(of_state), of_seen)
            return [of_before], [of_given, of_seen]

        shapes = [given.shape[1:]] * 2
        (of_state,), found = scan(step, [of_last], [of_outputs, given, *kept], shapes, backwards=True)
        of_given, of_seen = (stacked(one) for one in found)
        return of_state, of_given, of_seen


def _gated(cell: Any) -> Step:
    """Return the step of Keras' `GRUCell`, which resets after the product."""

    def step(given: Tensor, seen: Tensor, state: Tensor) -> Tensor:
        (kept, reset, new), (of_kept, of_reset, of_new) = tf.split(given, 3, -1), tf.split(seen, 3, -1)
        kept = cell.recurrent_activation(kept + of_kept)
        new = cell.activation(new + cell.recurrent_activation(reset + of_reset) * of_new)
        return kept * state + (1.0 - kept) * new

    return step


def _simple(cell: Any) -> Step:
    """Return the step of Keras' `SimpleRNNCell`."""
    return lambda given, seen, state: cell.activation(given + seen)


#: class of layers -> the step of its cell
STEPS: Final[dict[type, Callable[[Any], Step]]] = {keras.layers.GRU: _gated, keras.layers.SimpleRNN: _simple}


def biases(cell: Any) -> tuple[Tensor, Tensor]:
    """Return the bias of what the inputs add, and of what the state adds, which only a GRU has."""
    if not cell.use_bias:
        return tf.zeros(()), tf.zeros(cell.recurrent_kernel.shape[-1:])
    bias = tf.convert_to_tensor(cell.bias)
    return (bias[0], bias[1]) if len(bias.shape) > 1 else (bias, tf.zeros_like(bias))
