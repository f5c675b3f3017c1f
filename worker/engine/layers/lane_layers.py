"""What is changed of stock Keras layers, before they are built, so that lanes can have numbers of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from store.schema.fields import PerLane, lane_marks
from store.schema.model import Model
from worker.engine.arrays import Array
from worker.engine.backend import keras, tf
from worker.engine.layers.draws import uniform

Tensor = Any
Variable = Any

#: What comes before the names of a model's numbers.
PREFIX = "model."
#: What comes before those of the dense layers between the others and the forecast.
HIDDEN = "dense_"


class LaneL1L2(keras.regularizers.Regularizer):  # type: ignore[misc]
    """Stands for Keras' `L1L2` where each lane has its own weights."""

    def __init__(self, l1: Variable, l2: Variable) -> None:
        self.l1, self.l2 = l1, l2


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
    """Let a stock layer, not built yet, name the lane's numbers and say how its weights start."""
    own = {name.removeprefix(PREFIX): variable for name, variable in numbers.items() if name.startswith(PREFIX)}
    for layer in root._flatten_layers():
        _record(layer, recipes)
        if isinstance(layer, keras.layers.RNN):
            _adapt_recurrent(layer, {name: one for name, one in own.items() if not name.startswith(HIDDEN)})
        if isinstance(layer, keras.layers.Dense):
            _adapt_dense(layer, own)
        if isinstance(layer, keras.layers.Dropout) and f"{HIDDEN}dropout" in own:
            layer.rate = _lane_number(f"{HIDDEN}dropout", own)


def _adapt_recurrent(layer: Any, numbers: dict[str, Variable]) -> None:
    for name in dict.fromkeys(name.partition(".")[0] for name in numbers):
        owner = layer if name == "activity_regularizer" else layer.cell
        setattr(owner, name, _lane_number(name, numbers))


def _adapt_dense(layer: Any, numbers: dict[str, Variable]) -> None:
    for name in ("kernel_regularizer", "bias_regularizer", "activity_regularizer"):
        if getattr(layer, name) is not None and f"{HIDDEN}{name}.l1" in numbers:
            setattr(layer, name, _lane_number(f"{HIDDEN}{name}", numbers))


def _lane_number(name: str, numbers: dict[str, Variable]) -> Any:
    """Return what a layer has instead of its argument `name`; Keras compares switched numbers with 0 in Python."""
    if name not in numbers:
        return LaneL1L2(numbers[f"{name}.l1"], numbers[f"{name}.l2"])
    return LaneRate.of(numbers[name]) if lane_marks(Model)[name] is PerLane.SWITCHED else numbers[name]


def _record(layer: Any, recipes: Recipes) -> None:
    add_weight = layer.add_weight

    def recorded(*args: Any, **kwargs: Any) -> Variable:
        variable = add_weight(*args, **kwargs)
        if variable.trainable:
            recipes[id(variable)] = Recipe(layer, kwargs["initializer"], tuple(variable.shape))
        return variable

    layer.add_weight = recorded


def masks(drawing: Any, keys: Tensor, dropped: Tensor, shape: tuple[int, ...]) -> list[Tensor]:
    """Draw dropout masks for all lanes, each (lanes, ...): one, or one for each gate.

    Args:
        drawing: The cell or the layer that drops, which knows how many it needs.
        keys: What is drawn from (lanes, 2).
        dropped: The rates of the lanes (lanes,).
        shape: What is masked of a lane.
    """
    drawn = uniform(tf.cast(keys, tf.uint32), (getattr(drawing, "dropout_mask_count", None) or 1, *shape))
    rates = tf.reshape(dropped, (-1, *[1] * (len(shape) + 1)))
    found: list[Tensor] = tf.unstack(tf.where(drawn >= rates, 1.0 / (1.0 - rates), 0.0), axis=1)
    return found


def draw_masks(drawing: Any) -> None:
    """Let a stock cell or dropout layer draw its masks as lanes do, so that plain Keras can be compared."""

    def drawn(inputs: Tensor, rate: float) -> Any:
        key = tf.convert_to_tensor(drawing.seed_generator.next())
        found = [mask[0] for mask in masks(drawing, key[None], tf.constant([rate], tf.float32), tuple(inputs.shape))]
        return found if getattr(drawing, "dropout_mask_count", None) else found[0]

    def drop(inputs: Tensor, training: bool = False) -> Tensor:
        return inputs * drawn(inputs, drawing.rate) if training else inputs

    if isinstance(drawing, keras.layers.Dropout):
        drawing.call = drop
    else:
        drawing._create_dropout_mask = drawn
