"""A stock Keras model as a pure function of its weights, carried states and numbers, one lane's worth at a time.

`keras.StatelessScope` does it: inside it every variable has the value it is mapped to, and what is assigned stays in
the scope. What differs from lane to lane without changing a shape (rates, penalties) is read from variables, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from store.schema.configuration import Configuration, Optimizer
from store.schema.keras_catalogue import MEDIAN
from worker.engine import models
from worker.engine.arrays import Array
from worker.engine.backend import keras, tf
from worker.engine.layers.lane_layers import Recipe, Recipes, adapt
from worker.engine.layers.products import small_products

Tensor = Any
Variable = Any

#: Optimizers that scale an update by the size of a whole weight, or of its rows.
PER_LAYER = ("adafactor", "lamb")


class LaneValues(NamedTuple):
    """The values of one lane, or of all with a leading axis (lanes, ...)."""

    #: one for each of `Template.trained`
    weights: list[Tensor]
    seeds: list[Tensor]
    #: by the names of `Configuration.lane_numbers`
    numbers: dict[str, Tensor]


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
    #: the place of the median among the quantiles that are forecast
    median: int = 0

    @classmethod
    def of(cls, configuration: Configuration, shape: models.Shape) -> Template:
        """Build the template of a configuration; all lanes of a program share it.

        Args:
            configuration: Which model and training.
            shape: What the model takes and gives.
        """
        numbers = {
            name: keras.Variable(value, trainable=False, dtype="float32")
            for name, value in configuration.lane_numbers.items()
        }
        recipes: Recipes = {}
        layers = models.layers(configuration.model, shape)
        with tf.device("CPU:0"):
            for layer in layers:
                adapt(layer, numbers, recipes)
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
            seeds=tuple(models.seeds(model)),
            numbers=numbers,
            recipes=tuple(recipes[id(weight)] for weight in weights),
            median=configuration.training.loss.quantiles.index(MEDIAN),
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

    def call(self, inputs: Tensor, lane: LaneValues, states: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Forecast one batch.

        Returns:
            Forecasts of (batch, horizon, targets), medians of quantiles, and the states after the batch.
        """
        with small_products(), keras.StatelessScope(state_mapping=self._mapping(lane, states)) as scope:
            outputs = self.model(inputs, training=False)
        return self._blocks(outputs)[..., self.median], _values(scope, self.states)

    def train(
        self, inputs: Tensor, lane: LaneValues, states: Sequence[Tensor]
    ) -> tuple[Tensor, list[Tensor], LaneValues, Tensor]:
        """Run one batch as training does.

        Returns:
            All that the model gives, states as `call`, the lane with its seeds moved on, and the penalty of the
            regularizers.
        """
        mapping = self._mapping(lane, states)
        with small_products(), keras.StatelessScope(state_mapping=mapping, collect_losses=True) as scope:
            outputs = self.model(inputs, training=True)
            penalty = sum(self.model.losses, tf.constant(0.0))
        drawn = lane._replace(seeds=_values(scope, self.seeds))
        return outputs, _values(scope, self.states), drawn, penalty

    def _mapping(self, lane: LaneValues, states: Sequence[Tensor]) -> list[tuple[Variable, Tensor]]:
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
        shape = self.shape
        return tf.reshape(outputs, (shape.batch, shape.horizon, shape.targets, shape.quantiles))


def plain_model(configuration: Configuration, shape: models.Shape, seed: int) -> Any:
    """Build the plain Keras model of a repeat, with the initial weights and the seeds of dropout that its lane has."""
    model = models.network(configuration.model, shape)
    template = Template.of(configuration, shape)
    for variable, value in zip(model.trainable_variables, template.initial_weights(seed), strict=True):
        variable.assign(value)
    for variable, value in zip(models.seeds(model), template.initial_seeds(seed), strict=True):
        variable.assign(value)
    return model


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
