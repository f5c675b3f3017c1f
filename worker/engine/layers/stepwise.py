"""Recurrent layers whose state is their output, and their gradient, in all lanes at once: GRU and SimpleRNN.

A layer says how its next state follows from what the inputs and the state add to its gates, value by value. The way
back finds the gradient of what both add, step by step; the gradient of the weights is then one product over all steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from worker.engine.backend import keras, tf
from worker.engine.layers.axes import Axes
from worker.engine.layers.products import Product
from worker.engine.layers.recurrent import pulled
from worker.engine.layers.scan import Record, scan

Tensor = Any
#: (what the inputs add, what the state adds, state) -> the next state
Step = Callable[[Tensor, Tensor, Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Stepwise:
    """Such a layer: its step, and how its state is multiplied."""

    step: Step
    product: Product
    axes: Axes

    def run(self, given: Tensor, weights: Tensor, shift: Tensor, state: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Run over time.

        Args:
            given: What the inputs add to the gates, (steps, ...) and the axes of all lanes.
            weights: The recurrent weights.
            shift: The bias of what the state adds, for one row.
            state: The state before the first step.

        Returns:
            The outputs of all steps (steps, ...), and the state after the last one.
        """

        @tf.custom_gradient  # type: ignore[untyped-decorator]
        def differentiable(given: Tensor, weights: Tensor, shift: Tensor, state: Tensor) -> Any:
            last, record = self._forward(given, weights, shift, state)

            def back(of_outputs: Tensor, of_last: Tensor) -> tuple[Tensor, ...]:
                of_state, of_given, of_seen = self._backward(weights, record, of_outputs, of_last)
                before = record.part(3)
                of_weights = pulled(lambda weights: self.product(before, weights), weights, of_seen)
                of_shift = tf.reduce_sum(tf.reduce_sum(of_seen, 0), self.axes.rows, keepdims=True)
                return of_given, of_weights, of_shift, of_state

            return (record.part(0), last), back

        outputs, last = differentiable(given, weights, shift, state)
        return outputs, [last]

    def _forward(self, given: Tensor, weights: Tensor, shift: Tensor, state: Tensor) -> tuple[Tensor, Record]:
        """Return the last state, and of each step the output, what inputs and state add, and the state before it."""

        def step(carry: list[Tensor], added: Tensor, _: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
            (before,) = carry
            seen = self.product(before, weights) + shift
            after = self.step(added, seen, before)
            return [after], [after, added, seen, before]

        axis = self.axes.units
        units, wide = state.shape[axis], given.shape[axis]
        (last,), record = scan(step, [state], given, [units, wide, wide, units], axes=self.axes)
        return last, record

    def _backward(
        self, weights: Tensor, record: Record, of_outputs: Tensor, of_last: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the gradients of the state before, and of what the inputs and the states add."""

        def step(carry: list[Tensor], of_output: Tensor, kept: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
            (of_state,), (_, *at) = carry, kept
            with tf.GradientTape() as tape:
                tape.watch(at)
                after = self.step(*at)
            of_given, of_seen, of_before = tape.gradient(after, at, of_state + of_output, unconnected_gradients="zero")
            of_before += pulled(lambda state: self.product(state, weights), tf.zeros_like(of_state), of_seen)
            return [of_before], [of_given, of_seen]

        (of_state,), found = scan(
            step, [of_last], of_outputs, record.widths[1:3], axes=self.axes, record=record, backwards=True
        )
        return of_state, found.part(0), found.part(1)


def _gated(cell: Any, axis: int) -> Step:
    """Return the step of Keras' `GRUCell`, which resets after the product."""

    def step(given: Tensor, seen: Tensor, state: Tensor) -> Tensor:
        (kept, reset, new), (of_kept, of_reset, of_new) = tf.split(given, 3, axis), tf.split(seen, 3, axis)
        kept = cell.recurrent_activation(kept + of_kept)
        new = cell.activation(new + cell.recurrent_activation(reset + of_reset) * of_new)
        return kept * state + (1.0 - kept) * new

    return step


def _simple(cell: Any, axis: int) -> Step:
    """Return the step of Keras' `SimpleRNNCell`."""
    return lambda given, seen, state: cell.activation(given + seen)


#: class of layers -> the step of its cell, given the axis of the units
STEPS: Final[dict[type, Callable[[Any, int], Step]]] = {keras.layers.GRU: _gated, keras.layers.SimpleRNN: _simple}
