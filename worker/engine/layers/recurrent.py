"""The mathematics of a long short-term memory over time and its gradient, in all lanes at once.

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
from worker.engine.layers.axes import Axes
from worker.engine.layers.products import Product
from worker.engine.layers.scan import Record, scan

Tensor = Any

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
    axes: Axes

    def run(self, given: Tensor, weights: Tensor, states: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Run over time.

        Args:
            given: What the inputs add to the gates, (steps, ...) and the axes of all lanes, with 4 units.
            weights: The recurrent weights.
            states: The output and the cell before the first step; none where these are 0, which saves a product where
                the loop is written out.

        Returns:
            The outputs of all steps (steps, ...), and the states after the last one.
        """

        @tf.custom_gradient  # type: ignore[untyped-decorator]
        def differentiable(given: Tensor, weights: Tensor, *states: Tensor) -> Any:
            after, record = self._forward(given, weights, list(states))
            outputs = record.part(0)

            def back(of_outputs: Tensor, *of_after: Tensor) -> tuple[Tensor, ...]:
                of_states, of_given = self._backward(weights, record, of_outputs, list(of_after))
                before = [state[None] for state in states[:1]] + ([outputs[:-1]] if outputs.shape[0] > 1 else [])
                if not before:
                    return of_given, tf.zeros_like(weights)
                seen, arriving = tf.concat(before, 0), of_given if states else of_given[1:]
                of_weights = pulled(lambda weights: self.product(seen, weights), weights, arriving)
                return (of_given, of_weights, *of_states[: len(states)])

            return (outputs, *after), back

        outputs, *after = differentiable(given, weights, *states)
        return outputs, after

    def forecast(self, given: Tensor, weights: Tensor, states: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Run over time as `run` does, where nothing is differentiated."""
        after, record = self._forward(given, weights, list(states), kept=1)
        return record.part(0), after

    def _forward(
        self, given: Tensor, weights: Tensor, states: list[Tensor], kept: int | None = None
    ) -> tuple[list[Tensor], Record]:
        """Return the states after, and of each step the output, the gates, the shown cell and the cell before it."""
        units = given.shape[self.axes.units] // 4

        def step(carry: list[Tensor], share: Tensor, _: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
            output, cell = carry
            asked = share if output is None else share + self.product(output, weights)
            parts = tf.split(asked, self._widths(units), self.axes.units)
            gates = [each.keep(part) for each, part in zip(self._activations, parts, strict=True)]
            read, keep, new, out = self._values(gates)
            after = read * new if cell is None else keep * cell + read * new
            shown = self.activation.keep(after)
            output = out * self.activation.value(shown)
            return [output, after], [output, *gates, shown, tf.zeros_like(after) if cell is None else cell][:kept]

        zero = tf.zeros(self.axes.resized(given.shape, units)[1:])
        nothing = [None, None] if given.shape[0] <= self.axes.written_out else [zero, zero]
        widths = [units, *self._widths(units), units, units][:kept]
        return scan(step, states or nothing, given, widths, axes=self.axes)

    def _backward(
        self, weights: Tensor, record: Record, of_outputs: Tensor, of_after: list[Tensor]
    ) -> tuple[list[Tensor], Tensor]:
        """Return the gradients of the states before, and of what all gates were given."""
        units = self.axes.units

        def step(carry: list[Tensor], of_output: Tensor, kept: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
            (of_state, of_cell), (_, *gates, shown, cell) = carry, kept
            read, keep, new, out = self._values(gates)
            of_state += of_output
            of_cell += self.activation.back(shown, of_state * out)
            of_values = [of_cell * new, of_cell * cell, of_cell * read, of_state * self.activation.value(shown)]
            arriving = [tf.concat(of_values[:2], units), *of_values[2:]] if self._paired else of_values
            parts = zip(self._activations, gates, arriving, strict=True)
            asked = tf.concat([activation.back(gate, gradient) for activation, gate, gradient in parts], units)
            before = pulled(lambda state: self.product(state, weights), tf.zeros_like(of_state), asked)
            return [before, of_cell * keep], [asked]

        width = 4 * of_after[0].shape[units]
        states, of_given = scan(step, of_after, of_outputs, [width], axes=self.axes, record=record, backwards=True)
        return states, of_given.part(0)

    @property
    def _paired(self) -> bool:
        """Whether the first two gates, which are alike, are computed as one: each number for itself."""
        return self.recurrent_activation.function in _SLOPES

    @property
    def _activations(self) -> tuple[Activation, ...]:
        """Of the gates, in Keras' order: what is read in and what is kept, what is new, and what is given out."""
        return (*[self.recurrent_activation] * (1 if self._paired else 2), self.activation, self.recurrent_activation)

    def _widths(self, units: int) -> list[int]:
        return [2 * units, units, units] if self._paired else [units] * 4

    def _values(self, gates: Sequence[Tensor]) -> list[Tensor]:
        """Return what the four gates are."""
        first, *others = [each.value(gate) for each, gate in zip(self._activations, gates, strict=True)]
        return [*tf.split(first, 2, self.axes.units), *others] if self._paired else [first, *others]


def pulled(function: Callable[[Tensor], Tensor], at: Tensor, arriving: Tensor) -> Tensor:
    """Turn the gradient of a function's value into that of its argument."""
    with tf.GradientTape() as tape:
        tape.watch(at)
        value = function(at)
    return tape.gradient(value, at, arriving, unconnected_gradients="zero")
