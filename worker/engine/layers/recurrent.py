"""The mathematics of a long short-term memory over time and its gradient, one lane's worth at a time.

It is written once for all kinds of models: layers differ only in how a state is multiplied with the recurrent weights,
by a matrix product or by a convolution. The way forward keeps what the gates were. The way back finds the gradient of
what each gate was given, step by step; the gradient of the weights is then one product over all steps, where
differentiating step by step would add up one product a step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from worker.engine.backend import keras, tf
from worker.engine.layers.scan import UNROLLED, Steps, scan, stacked

Tensor = Any
#: (states (..., units), recurrent weights) -> what they add to the gates (..., 4 units); linear in both
Product = Callable[[Tensor, Tensor], Tensor]

#: How steep an activation is, by its value.
_SLOPES: dict[Any, Callable[[Tensor], Tensor]] = {
    keras.activations.tanh: lambda value: 1.0 - value * value,
    keras.activations.sigmoid: lambda value: value * (1.0 - value),
    keras.activations.relu: lambda value: tf.cast(value > 0.0, value.dtype),
    keras.activations.linear: tf.ones_like,
}


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation that can be gone back through: by its value where that says how steep it is, else by its input."""

    function: Callable[[Tensor], Tensor]

    def keep(self, given: Tensor) -> Tensor:
        """Compute what the way back needs."""
        return self.function(given) if self.function in _SLOPES else given

    def value(self, kept: Tensor) -> Tensor:
        """Compute the value from what is kept."""
        return kept if self.function in _SLOPES else self.function(kept)

    def back(self, kept: Tensor, arriving: Tensor) -> Tensor:
        """Turn the gradient of the value into that of the input."""
        if self.function in _SLOPES:
            return arriving * _SLOPES[self.function](kept)
        return pulled(self.function, kept, arriving)


@dataclass(frozen=True, slots=True)
class Memory:
    """A long short-term memory: its activations, and how its state is multiplied."""

    activation: Activation
    recurrent_activation: Activation
    product: Product

    def run(self, given: Tensor, weights: Tensor, states: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Run over time.

        Args:
            given: What the inputs add to the gates, (steps, rows, ..., 4 units).
            weights: The recurrent weights.
            states: The output and the cell before the first step, (rows, ..., units); none where these are 0, which
                saves a product where the loop is written out.

        Returns:
            The outputs of all steps (steps, rows, ..., units), and the states after the last one.
        """

        @tf.custom_gradient  # type: ignore[untyped-decorator]
        def differentiable(given: Tensor, weights: Tensor, *states: Tensor) -> Any:
            after, kept = self._forward(given, weights, list(states))
            outputs = stacked(kept[0])
            steps = outputs.shape[0]

            def back(of_outputs: Tensor, *of_after: Tensor) -> tuple[Tensor, ...]:
                of_states, of_given = self._backward(weights, kept[1:], of_outputs, list(of_after))
                before = [state[None] for state in states[:1]] + ([outputs[:-1]] if steps > 1 else [])
                if not before:
                    return of_given, tf.zeros_like(weights)
                seen, arriving = tf.concat(before, 0), of_given if states else of_given[1:]
                of_weights = pulled(lambda weights: self.product(seen, weights), weights, arriving)
                return (of_given, of_weights, *of_states[: len(states)])

            return (outputs, *after), back

        outputs, *after = differentiable(given, weights, *states)
        return outputs, after

    def _forward(self, given: Tensor, weights: Tensor, states: list[Tensor]) -> tuple[list[Tensor], list[Steps]]:
        """Return the states after, and what is kept: outputs, gates, shown cells, and the cells before each step."""

        def step(carry: list[Tensor], share: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
            output, cell = carry
            seen = 0.0 if output is None else self.product(output, weights)
            asked = tf.split(share[0] + seen, 4, -1)
            gates = [each.keep(part) for each, part in zip(self._activations, asked, strict=True)]
            read, kept, new, out = self._values(gates)
            cell = tf.zeros_like(read) if cell is None else cell
            after = kept * cell + read * new
            shown = self.activation.keep(after)
            output = out * self.activation.value(shown)
            return [output, after], [output, *gates, shown, cell]

        narrow = (*given.shape[1:-1], given.shape[-1] // 4)
        nothing = [None, None] if given.shape[0] <= UNROLLED else [tf.zeros(narrow)] * 2
        return scan(step, states or nothing, [given], [narrow] * 7)

    def _backward(
        self, weights: Tensor, kept: list[Steps], of_outputs: Tensor, of_after: list[Tensor]
    ) -> tuple[list[Tensor], Tensor]:
        """Return the gradients of the states before, and of what all gates were given."""

        def step(carry: list[Tensor], share: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
            (of_state, of_cell), (of_output, *gates, shown, cell) = carry, share
            read, kept, new, out = self._values(gates)
            of_state += of_output
            of_cell += self.activation.back(shown, of_state * out)
            arriving = [of_cell * new, of_cell * cell, of_cell * read, of_state * self.activation.value(shown)]
            parts = zip(self._activations, gates, arriving, strict=True)
            asked = tf.concat([activation.back(gate, gradient) for activation, gate, gradient in parts], -1)
            before = pulled(lambda state: self.product(state, weights), tf.zeros_like(of_state), asked)
            return [before, of_cell * kept], [asked]

        shape = of_after[0].shape
        wide = (*shape[:-1], 4 * shape[-1])
        states, (of_given,) = scan(step, of_after, [of_outputs, *kept], [wide], backwards=True)
        return states, stacked(of_given)

    @property
    def _activations(self) -> tuple[Activation, ...]:
        """Of the gates, in Keras' order: what is read in, what is kept, what is new and what is given out."""
        return (self.recurrent_activation, self.recurrent_activation, self.activation, self.recurrent_activation)

    def _values(self, gates: Sequence[Tensor]) -> list[Tensor]:
        return [each.value(gate) for each, gate in zip(self._activations, gates, strict=True)]


def pulled(function: Callable[[Tensor], Tensor], at: Tensor, arriving: Tensor) -> Tensor:
    """Turn the gradient of a function's value into that of its argument."""
    with tf.GradientTape() as tape:
        tape.watch(at)
        value = function(at)
    return tape.gradient(value, at, arriving, unconnected_gradients="zero")
