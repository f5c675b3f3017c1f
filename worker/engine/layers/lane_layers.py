"""What is changed of stock Keras layers, before they are built, so that many lanes can share them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from store.schema.fields import PerLane, lane_marks
from store.schema.model import Model
from worker.engine.arrays import Array
from worker.engine.backend import keras, tf
from worker.engine.layers.draws import uniform
from worker.engine.layers.products import convolve, flattened, product
from worker.engine.layers.recurrent import Activation, Memory, Product
from worker.engine.layers.stepwise import STEPS, Stepwise, biases

Tensor = Any
Variable = Any

#: What comes before the names of a model's numbers.
PREFIX = "model."
#: What comes before those of the dense layers between the others and the forecast.
HIDDEN = "dense_"


class LaneL1L2(keras.regularizers.Regularizer):  # type: ignore[misc]
    """Keras' `L1L2` with the lane's own weights."""

    def __init__(self, l1: Variable, l2: Variable) -> None:
        self.l1, self.l2 = l1, l2

    def __call__(self, x: Tensor) -> Tensor:
        """Give the penalty of a tensor."""
        return self.l1 * keras.ops.sum(keras.ops.abs(x)) + self.l2 * keras.ops.sum(keras.ops.square(x))


class LaneRate(float):
    """A dropout rate: Keras sees a number between 0 and 1, masks are drawn with the lane's own."""

    variable: Variable

    @classmethod
    def of(cls, variable: Variable) -> LaneRate:
        """Make the rate that is read from a variable."""
        rate = cls(0.5)
        rate.variable = variable
        return rate


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a weight starts: Keras' initializer, and the layer whose random initializers take the seed."""

    layer: Any
    initializer: Callable[..., Tensor]
    shape: tuple[int, ...]

    def draw(self, seed: int) -> Array:
        """Draw the initial value."""
        for part in vars(self.layer).values():
            if isinstance(part, keras.initializers.Initializer) and hasattr(part, "seed"):
                part.seed = seed
        value: Array = self.initializer(self.shape, dtype="float32").numpy()
        return value


#: by the identity of the variable
Recipes = dict[int, Recipe]


def adapt(root: Any, numbers: dict[str, Variable], recipes: Recipes) -> None:
    """Let a stock layer, not built yet, read the lane's numbers, unroll its loops and say how its weights start."""
    own = {name.removeprefix(PREFIX): variable for name, variable in numbers.items() if name.startswith(PREFIX)}
    for layer in root._flatten_layers():
        _record(layer, recipes)
        if isinstance(layer, keras.layers.RNN):
            _adapt_recurrent(layer, {name: one for name, one in own.items() if not name.startswith(HIDDEN)})
        if isinstance(layer, keras.layers.Dense):
            _adapt_dense(layer, own)
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = _lane_number(f"{HIDDEN}dropout", own)
            draw_masks(layer)
        if isinstance(layer, keras.layers.TimeDistributed):
            layer.call = partial(_at_every_step, layer.layer)
        if isinstance(layer, keras.layers.Conv1D):
            layer.call = lambda inputs, layer=layer: layer.activation(
                convolve(inputs[:, None], layer.kernel[None], "valid")[:, 0] + layer.bias
            )


def _adapt_dense(layer: Any, numbers: dict[str, Variable]) -> None:
    for name in ("kernel_regularizer", "bias_regularizer", "activity_regularizer"):
        if getattr(layer, name) is not None:
            setattr(layer, name, _lane_number(f"{HIDDEN}{name}", numbers))


def _adapt_recurrent(layer: Any, numbers: dict[str, Variable]) -> None:
    cell = layer.cell
    for name in dict.fromkeys(name.partition(".")[0] for name in numbers):
        owner = layer if name == "activity_regularizer" else cell
        setattr(owner, name, _lane_number(name, numbers))
    draw_masks(cell)

    draw, layer._maybe_config_dropout_masks = layer._maybe_config_dropout_masks, lambda *_: None

    def inner_loop(sequences: Tensor, initial_state: list[Tensor], mask: None, training: bool = False) -> Any:
        states = [tf.convert_to_tensor(state) for state in initial_state]
        if training:  # Keras draws them for forecasts, too, and drops them
            draw(cell, sequences[:, 0], states)
        return _recur(layer, sequences, states, training=training)

    layer.use_cudnn = False
    layer.inner_loop = inner_loop


def _at_every_step(layer: Any, inputs: Tensor, training: bool | None = None, mask: None = None) -> Tensor:
    """Apply a layer to each step as if steps were rows, where Keras vectorizes over them."""
    rows, steps, *inner = inputs.shape
    outputs = layer(tf.reshape(inputs, (rows * steps, *inner)))
    return tf.reshape(outputs, (rows, steps, *outputs.shape[1:]))


def _lane_number(name: str, numbers: dict[str, Variable]) -> Any:
    """Return what a layer reads instead of its argument `name`; Keras compares switched numbers with 0 in Python."""
    if name not in numbers:
        return LaneL1L2(numbers[f"{name}.l1"], numbers[f"{name}.l2"])
    return LaneRate.of(numbers[name]) if lane_marks(Model)[name] is PerLane.SWITCHED else numbers[name]


def _recur(
    layer: Any, sequences: Tensor, states: list[Tensor], *, training: bool
) -> tuple[Tensor, Tensor, list[Tensor]]:
    """Run the steps of a recurrent layer, as Keras' `RNN.inner_loop` does."""
    cell = layer.cell
    multiply_inputs, multiply_states = _products(layer)
    sequence = _turned(tf.reverse(sequences, (1,)) if layer.go_backwards else sequences)
    kernel, recurrent_kernel = tf.convert_to_tensor(cell.kernel), tf.convert_to_tensor(cell.recurrent_kernel)
    given = masked(multiply_inputs, cell._dropout_mask if training else None)(sequence, kernel)
    if type(layer) in STEPS:
        bias, shift = biases(cell)
        multiply = masked(multiply_states, cell._recurrent_dropout_mask if training else None)
        run = Stepwise(STEPS[type(layer)](cell), multiply).run
        outputs, states = run(given + bias, recurrent_kernel, shift, states[0])
        return states[0], _turned(outputs), states
    if cell.use_bias:
        given += tf.convert_to_tensor(cell.bias)
    memory = Memory(
        Activation(cell.activation),
        Activation(cell.recurrent_activation),
        masked(multiply_states, cell._recurrent_dropout_mask if training else None),
    )
    outputs, states = memory.run(given, recurrent_kernel, states if layer.stateful else [])
    return states[0], _turned(outputs), states


def _turned(values: Tensor) -> Tensor:
    """Exchange rows and steps."""
    return tf.transpose(values, (1, 0, *range(2, len(values.shape))))


def _products(layer: Any) -> tuple[Product, Product]:
    """Choose how a layer multiplies its inputs, and how its states."""
    if not isinstance(layer, keras.layers.ConvLSTM2D):
        return flattened(product, 1), flattened(product, 1)
    inputs = flattened(lambda images, kernel: convolve(images, kernel, layer.cell.padding), 3)
    return inputs, flattened(lambda images, kernel: convolve(images, kernel, "same"), 3)


def masked(multiply: Product, masks: Any) -> Product:
    """Let a product drop what a mask does, or several masks, one for each gate."""
    if masks is None:
        return multiply
    if not isinstance(masks, list):
        return lambda values, weights: multiply(values * masks, weights)

    def by_gate(values: Tensor, weights: Tensor) -> Tensor:
        parts = zip(masks, tf.split(weights, len(masks), -1), strict=True)
        return tf.concat([multiply(values * mask, part) for mask, part in parts], -1)

    return by_gate


def draw_masks(drawing: Any) -> None:
    """Let a cell or a dropout layer draw its masks as lanes do: vectorized, and with a rate that may be a tensor."""

    def masks(inputs: Tensor, rate: float) -> Any:
        dropped = tf.convert_to_tensor(rate.variable if isinstance(rate, LaneRate) else rate, tf.float32)

        count = getattr(drawing, "dropout_mask_count", None)
        key = tf.cast(tf.convert_to_tensor(drawing.seed_generator.next()), tf.uint32)
        drawn = uniform(key, (count or 1, *inputs.shape))
        found = tf.unstack(tf.where(drawn >= dropped, 1.0 / (1.0 - dropped), 0.0))
        return found[0] if count is None else found

    def drop(inputs: Tensor, training: bool = False) -> Tensor:
        return inputs * masks(inputs, drawing.rate) if training else inputs

    if isinstance(drawing, keras.layers.Dropout):
        drawing.call = drop
    else:
        drawing._create_dropout_mask = masks


def _record(layer: Any, recipes: Recipes) -> None:
    add_weight = layer.add_weight

    def recorded(*args: Any, **kwargs: Any) -> Variable:
        variable = add_weight(*args, **kwargs)
        if variable.trainable:
            recipes[id(variable)] = Recipe(layer, kwargs["initializer"], tuple(variable.shape))
        return variable

    layer.add_weight = recorded
