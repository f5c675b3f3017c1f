"""A stock Keras model as a pure function of its weights, carried states and numbers, one lane's worth at a time.

`keras.StatelessScope` does it: inside it every variable has the value it is mapped to, and what is assigned stays in
the scope. What differs from lane to lane without changing a shape (rates, penalties) is read from variables, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from store.configuration import Configuration, Optimizer
from worker import models
from worker.arrays import Array
from worker.backend import keras, tf
from worker.draws import uniform
from worker.products import convolve, small_products
from worker.scan import scan

Tensor = Any
Variable = Any

#: Recurrent layers of at most so many steps are unrolled: faster, but each step is compiled.
UNROLLED = 6
REGULARIZERS = ("kernel_regularizer", "recurrent_regularizer", "bias_regularizer", "activity_regularizer")
RATES = ("dropout", "recurrent_dropout")
#: Optimizers that scale an update by the size of a whole weight, or of its rows.
PER_LAYER = ("adafactor", "lamb")


def numbers(configuration: Configuration) -> dict[str, float]:
    """Give the numbers that are one value a lane, by name; which names there are depends on what is switched on."""
    model = configuration.model
    rates = {name: getattr(model, name) for name in RATES if getattr(model, name)}
    penalties = {name: getattr(model, name) for name in REGULARIZERS if getattr(model, name) is not None}
    weights = {f"{name}.{norm}": getattr(penalties[name], norm) for name in penalties for norm in ("l1", "l2")}
    return {"learning_rate": configuration.training.optimizer.learning_rate} | rates | weights


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


class Lane(NamedTuple):
    """The values of one lane, or of all with a leading axis (lanes, ...)."""

    #: one for each of `Template.trained`
    weights: list[Tensor]
    seeds: list[Tensor]
    numbers: dict[str, Tensor]


#: by the identity of the variable
Recipes = dict[int, Recipe]


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """A Keras model and its variables, by what they are."""

    shape: models.Shape
    model: Any
    weights: tuple[Variable, ...]
    #: what the optimizer updates: the weights one behind the other in one vector, or each by itself
    trained: tuple[Variable, ...]
    #: what recurrent layers carry from batch to batch, (batch, ...); empty unless stateful
    states: tuple[Variable, ...]
    #: one (2,) for each layer that draws dropout masks
    seeds: tuple[Variable, ...]
    numbers: dict[str, Variable]
    recipes: tuple[Recipe, ...]

    @classmethod
    def of(cls, configuration: Configuration, shape: models.Shape) -> Template:
        """Build the template of a configuration; all lanes of a program share it."""
        lane = {
            name: keras.Variable(value, trainable=False, dtype="float32")
            for name, value in numbers(configuration).items()
        }
        recipes: Recipes = {}
        layers = models.layers(configuration.model, shape)
        with tf.device("CPU:0"):
            for layer in layers:
                _adapt(layer, lane, recipes)
            taken = keras.layers.Input(batch_shape=(shape.batch, shape.timesteps, shape.features))
            model = keras.Sequential([taken, *layers])
        recurrent = models.recurrent(model)
        weights = tuple(model.trainable_variables)
        return cls(
            shape=shape,
            model=model,
            weights=weights,
            trained=_joined(weights) if _elementwise(configuration.training.optimizer) else weights,
            states=tuple(state for layer in recurrent for state in layer.states or ()),
            seeds=tuple(
                layer.cell.seed_generator.state
                for layer in recurrent
                if layer.cell.dropout or layer.cell.recurrent_dropout
            ),
            numbers=lane,
            recipes=tuple(recipes[id(weight)] for weight in weights),
        )

    @property
    def joined(self) -> bool:
        """Whether the weights are one vector."""
        return self.trained is not self.weights

    def initial_weights(self, seed: int) -> list[Array]:
        """Draw the weights a repeat starts from, by Keras' initializers, each from its own child of the seed."""
        with tf.device("CPU:0"):
            children = _children(seed, len(self.recipes), stream=0)
            return [recipe.draw(child) for recipe, child in zip(self.recipes, children, strict=True)]

    def initial_values(self, seed: int) -> list[Array]:
        """Give the initial weights as they are trained, one array for each of `trained`."""
        weights = self.initial_weights(seed)
        return [np.concatenate([weight.ravel() for weight in weights])] if self.joined else weights

    def initial_seeds(self, seed: int) -> list[Array]:
        """Give the states that a repeat's dropout masks are drawn from, as Keras' `SeedGenerator` keeps them."""
        return [np.array([child, 0], np.int64) for child in _children(seed, len(self.seeds), stream=1)]

    def zeros(self) -> list[Tensor]:
        """Give the states that an epoch starts with."""
        return [tf.zeros(state.shape, state.dtype) for state in self.states]

    def call(self, inputs: Tensor, lane: Lane, states: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Forecast one batch.

        Returns:
            Outputs of (batch, horizon, targets), and the states after the batch.
        """
        with small_products(), keras.StatelessScope(state_mapping=self._mapping(lane, states)) as scope:
            outputs = self.model(inputs, training=False)
        return self._blocks(outputs), _values(scope, self.states)

    def train(self, inputs: Tensor, lane: Lane, states: Sequence[Tensor]) -> tuple[Tensor, list[Tensor], Lane, Tensor]:
        """Run one batch as training does.

        Returns:
            Outputs and states as `call`, the lane with its seeds moved on, and the penalty of the regularizers.
        """
        mapping = self._mapping(lane, states)
        with small_products(), keras.StatelessScope(state_mapping=mapping, collect_losses=True) as scope:
            outputs = self.model(inputs, training=True)
            penalty = sum(self.model.losses, tf.constant(0.0))
        drawn = lane._replace(seeds=_values(scope, self.seeds))
        return self._blocks(outputs), _values(scope, self.states), drawn, penalty

    def _mapping(self, lane: Lane, states: Sequence[Tensor]) -> list[tuple[Variable, Tensor]]:
        return [
            *zip(self.weights, self._apart(lane.weights), strict=True),
            *zip(self.seeds, lane.seeds, strict=True),
            *zip(self.states, states, strict=True),
            *((variable, lane.numbers[name]) for name, variable in self.numbers.items()),
        ]

    def _apart(self, trained: Sequence[Tensor]) -> Sequence[Tensor]:
        if not self.joined:
            return trained
        parts = tf.split(trained[0], [_size(weight) for weight in self.weights])
        return [tf.reshape(part, weight.shape) for part, weight in zip(parts, self.weights, strict=True)]

    def _blocks(self, outputs: Tensor) -> Tensor:
        return tf.reshape(outputs, (self.shape.batch, self.shape.horizon, self.shape.targets))


def _elementwise(optimizer: Optimizer) -> bool:
    """Tell whether what a weight becomes depends on its own gradient alone, and not on its layer's."""
    return optimizer.name not in PER_LAYER and optimizer.arguments.get("clipnorm") is None


def _joined(weights: Sequence[Variable]) -> tuple[Variable, ...]:
    return (keras.Variable(np.zeros(sum(map(_size, weights))), dtype="float32"),)


def _size(weight: Variable) -> int:
    return int(np.prod(weight.shape))


def _values(scope: Any, variables: Sequence[Variable]) -> list[Tensor]:
    return [tf.cast(scope.get_current_value(variable), variable.dtype) for variable in variables]


def _children(seed: int, count: int, *, stream: int) -> list[int]:
    return [int(word) for word in np.random.SeedSequence(seed, spawn_key=(stream,)).generate_state(max(count, 1))][
        :count
    ]


def _adapt(root: Any, lane: dict[str, Variable], recipes: Recipes) -> None:
    """Let a stock layer, not built yet, read the lane's numbers, unroll its loops and say how its weights start."""
    for layer in root._flatten_layers():
        _record(layer, recipes)
        if isinstance(layer, keras.layers.RNN):
            _adapt_recurrent(layer, lane)
        if isinstance(layer, keras.layers.Conv1D):
            layer.call = lambda inputs, layer=layer: layer.activation(
                convolve(inputs[:, None], layer.kernel[None], "valid")[:, 0] + layer.bias
            )


def _adapt_recurrent(layer: Any, lane: dict[str, Variable]) -> None:
    cell = layer.cell
    for name in REGULARIZERS:
        if f"{name}.l1" in lane:
            owner = layer if name == "activity_regularizer" else cell
            setattr(owner, name, LaneL1L2(lane[f"{name}.l1"], lane[f"{name}.l2"]))
    for name in RATES:
        if name in lane:
            setattr(cell, name, LaneRate.of(lane[name]))
    draw_masks(cell)

    if isinstance(layer, keras.layers.ConvLSTM2D):
        cell.input_conv = lambda x, w, b=None, padding="valid": convolve(x, w, padding) + (0.0 if b is None else b)
        cell.recurrent_conv = lambda x, w: convolve(x, w, "same")

    def inner_loop(sequences: Tensor, initial_state: list[Tensor], mask: None, training: bool = False) -> Any:
        states = [tf.convert_to_tensor(state) for state in initial_state]
        return _recur(layer, sequences, states, training=training)

    layer.inner_loop = inner_loop


def _recur(
    layer: Any, sequences: Tensor, states: list[Tensor], *, training: bool
) -> tuple[Tensor, Tensor, list[Tensor]]:
    """Run the steps of a recurrent layer, as Keras' `RNN.inner_loop` does."""
    variables = layer.cell.trainable_variables

    def step(inputs: Tensor, states: list[Tensor], weights: list[Tensor]) -> list[Tensor]:
        with keras.StatelessScope(state_mapping=list(zip(variables, weights, strict=True))):
            return list(layer.cell(inputs, states, training=training)[1])

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
