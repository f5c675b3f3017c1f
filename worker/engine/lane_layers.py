"""What is changed of stock Keras layers, before they are built, so that many lanes can share them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from store.schema.fields import PerLane, lane_marks
from store.schema.model import Model
from worker.engine.arrays import Array
from worker.engine.backend import keras, tf
from worker.engine.draws import uniform
from worker.engine.products import convolve
from worker.engine.scan import scan

Tensor = Any
Variable = Any

#: Recurrent layers of at most so many steps are unrolled: faster, but each step is compiled.
UNROLLED = 6
#: What comes before the names of a model's numbers.
PREFIX = "model."
#: Where a cell keeps the masks that Keras draws before the loop over time.
MASKS = ("_dropout_mask", "_recurrent_dropout_mask")


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


def adapt(root: Any, numbers: dict[str, Variable], recipes: Recipes, *, alone: bool) -> None:
    """Let a stock layer, not built yet, read the lane's numbers, unroll its loops and say how its weights start."""
    own = {name.removeprefix(PREFIX): variable for name, variable in numbers.items() if name.startswith(PREFIX)}
    for layer in root._flatten_layers():
        _record(layer, recipes)
        if isinstance(layer, keras.layers.RNN):
            _adapt_recurrent(layer, own, alone=alone)
        if isinstance(layer, keras.layers.Conv1D):
            layer.call = lambda inputs, layer=layer: layer.activation(
                convolve(inputs[:, None], layer.kernel[None], "valid")[:, 0] + layer.bias
            )


def _adapt_recurrent(layer: Any, numbers: dict[str, Variable], *, alone: bool) -> None:
    cell, stock = layer.cell, layer.inner_loop
    for name in dict.fromkeys(name.partition(".")[0] for name in numbers):
        owner = layer if name == "activity_regularizer" else cell
        setattr(owner, name, _lane_number(name, numbers))
    draw_masks(cell)

    if isinstance(layer, keras.layers.ConvLSTM2D):
        cell.input_conv = lambda x, w, b=None, padding="valid": convolve(x, w, padding) + (0.0 if b is None else b)
        cell.recurrent_conv = lambda x, w: convolve(x, w, "same")

    def inner_loop(sequences: Tensor, initial_state: list[Tensor], mask: None, training: bool = False) -> Any:
        if alone and sequences.shape[1] > UNROLLED:
            return stock(sequences, initial_state, mask, training=training)
        states = [tf.convert_to_tensor(state) for state in initial_state]
        return _recur(layer, sequences, states, training=training)

    layer.use_cudnn = False
    layer.inner_loop = inner_loop


def _lane_number(name: str, numbers: dict[str, Variable]) -> Any:
    """Return what a layer reads instead of its argument `name`; Keras compares switched numbers with 0 in Python."""
    if name not in numbers:
        return LaneL1L2(numbers[f"{name}.l1"], numbers[f"{name}.l2"])
    return LaneRate.of(numbers[name]) if lane_marks(Model)[name] is PerLane.SWITCHED else numbers[name]


def _recur(
    layer: Any, sequences: Tensor, states: list[Tensor], *, training: bool
) -> tuple[Tensor, Tensor, list[Tensor]]:
    """Run the steps of a recurrent layer, as Keras' `RNN.inner_loop` does."""
    cell, variables = layer.cell, layer.cell.trainable_variables
    masks = {name: getattr(cell, name, None) for name in MASKS}

    def step(inputs: Tensor, states: list[Tensor], weights: list[Tensor]) -> list[Tensor]:
        # The layer forgets its masks after the loop, but the way back runs each step again, with the same masks.
        vars(cell).update(masks)
        with keras.StatelessScope(state_mapping=list(zip(variables, weights, strict=True))):
            return list(cell(inputs, states, training=training)[1])

    weights = [tf.convert_to_tensor(variable) for variable in variables]
    turned = tf.transpose(sequences, (1, 0, *range(2, len(sequences.shape))))
    sequence = tf.reverse(turned, (0,)) if layer.go_backwards else turned
    if sequence.shape[0] <= UNROLLED:
        kept = []
        for k in range(sequence.shape[0]):
            states = step(sequence[k], states, weights)
            kept.append(states[0])
        outputs = tf.stack(kept)
    else:
        outputs, states = scan(step, sequence, states, weights)
    return states[0], tf.transpose(outputs, (1, 0, *range(2, len(outputs.shape)))), states


def draw_masks(cell: Any) -> None:
    """Let a cell draw its masks as lanes do: vectorized, and with a rate that may be a tensor."""

    def masks(inputs: Tensor, rate: float) -> Any:
        dropped = tf.convert_to_tensor(rate.variable if isinstance(rate, LaneRate) else rate, tf.float32)

        def mask() -> Tensor:
            key = tf.cast(tf.convert_to_tensor(cell.seed_generator.next()), tf.uint32)
            drawn = uniform(key, tuple(inputs.shape))
            return tf.where(drawn >= dropped, 1.0 / (1.0 - dropped), 0.0)

        count = getattr(cell, "dropout_mask_count", None)
        return mask() if count is None else [mask() for _ in range(count)]

    cell._create_dropout_mask = masks


def _record(layer: Any, recipes: Recipes) -> None:
    add_weight = layer.add_weight

    def recorded(*args: Any, **kwargs: Any) -> Variable:
        variable = add_weight(*args, **kwargs)
        if variable.trainable:
            recipes[id(variable)] = Recipe(layer, kwargs["initializer"], tuple(variable.shape))
        return variable

    layer.add_weight = recorded
