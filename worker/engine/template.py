"""A stock Keras model as a pure function of its weights, carried states and numbers, in all lanes at once.

Keras builds the model and its variables, whose values are those of the lanes. What differs from lane to lane without
changing a shape (rates, penalties) is read from variables, too.
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
from worker.engine.layers.axes import LANES_FIRST, LANES_LAST, Axes
from worker.engine.layers.lane_layers import Recipe, Recipes, adapt
from worker.engine.layers.over_lanes import LANES_FIRST_ONLY, Pass, penalty, run_model
from worker.engine.layers.supported import check_graph, check_layers
from worker.engine.layers.vectors import FEW, Vectors
from worker.engine.own_objects import OLDER_ACTIVATIONS
from worker.engine.weight_paths import weight_paths

Tensor = Any
Variable = Any

#: Activations that depend on all numbers of a row.
BY_ROW = ("softmax", "log_softmax", "sparsemax")
#: Optimizers that scale an update by the size of a whole weight, or of its rows.
PER_LAYER = ("adafactor", "lamb")


class LaneValues(NamedTuple):
    """The values of all lanes: weights in the order of `Template.axes`, all others (lanes, ...)."""

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
    #: what the optimizer updates: vectors of weights, or the weights
    trained: tuple[Variable, ...]
    #: none where the weights are updated as they are
    vectors: Vectors | None
    #: what recurrent layers carry from batch to batch, (batch, ...); empty unless stateful
    states: tuple[Variable, ...]
    #: one (2,) for each layer that draws dropout masks
    seeds: tuple[Variable, ...]
    numbers: dict[str, Variable]
    recipes: tuple[Recipe, ...]
    #: what Keras calls the weights of this model where it is the first of a process
    paths: tuple[str, ...]
    #: the place of the median among the quantiles that are forecast
    median: int = 0
    #: the order of the axes of weights, states, inputs and outputs
    axes: Axes = LANES_FIRST

    @classmethod
    def of(cls, configuration: Configuration, shape: models.Shape) -> Template:
        """Build the template of a configuration; all lanes of a program share it.

        Args:
            configuration: Which model and training.
            shape: What the model takes and gives.

        Raises:
            UnsupportedLayerError: A layer asks for what is not trained side by side.
        """
        numbers = {
            name: keras.Variable(value, trainable=False, dtype="float32")
            for name, value in configuration.lane_numbers.items()
        }
        recipes: Recipes = {}
        with tf.device("CPU:0"):
            model = _adapted(models.layers(configuration.model, shape), shape, numbers, recipes)
        recurrent = models.recurrent(model)
        weights, axes = tuple(model.trainable_variables), _axes(configuration, model)
        vectors = _vectors(configuration, weights, axes)
        return cls(
            shape=shape,
            model=model,
            weights=weights,
            trained=weights if vectors is None else tuple(map(_vector, vectors.sizes)),
            vectors=vectors,
            states=tuple(state for layer in recurrent for state in layer.states or ()),
            seeds=tuple(models.seeds(model)),
            numbers=numbers,
            recipes=tuple(recipes[id(weight)] for weight in weights),
            paths=weight_paths(model),
            median=configuration.training.loss.quantiles.index(MEDIAN),
            axes=axes,
        )

    @property
    def joined(self) -> bool:
        """Whether vectors are updated, and not the weights as they are."""
        return self.vectors is not None

    def initial_weights(self, seed: int) -> list[Array]:
        """Draw the weights a repeat starts from, by Keras' initializers, each from its own child of the seed."""
        with tf.device("CPU:0"):
            children = _children(seed, len(self.recipes), stream=0)
            return [recipe.draw(child) for recipe, child in zip(self.recipes, children, strict=True)]

    def initial_values(self, seed: int) -> list[Array]:
        """Give the initial weights as they are trained, one array for each of `trained`."""
        weights = self.initial_weights(seed)
        return self.vectors.joined(weights) if self.vectors else weights

    def learnt(self, trained: Sequence[Tensor], number: int) -> dict[str, Array]:
        """Return the weights of one lane, by the paths that Keras gives them, as arrays of its shapes.

        Args:
            trained: the values of all lanes, one for each of `trained`.
            number: the place of the lane.
        """
        mine = [np.take(np.asarray(values), number, self.axes.lanes) for values in trained]
        if self.vectors:
            mine = self.vectors.cut(mine, lambda vector, sizes: np.split(vector, np.cumsum(sizes)[:-1]))
        named = zip(self.paths, self.weights, mine, strict=True)
        return {path: np.ascontiguousarray(value.reshape(weight.shape)) for path, weight, value in named}

    def initial_seeds(self, seed: int) -> list[Array]:
        """Give the states that a repeat's dropout masks are drawn from, as Keras' `SeedGenerator` keeps them."""
        return [np.array([child, 0], np.int64) for child in _children(seed, len(self.seeds), stream=1)]

    def zeros(self, lanes: int) -> list[Tensor]:
        """Return the states that an epoch starts with."""
        return [tf.zeros(self.axes.shape(lanes, state.shape)) for state in self.states]

    def call(self, inputs: Tensor, lane: LaneValues, states: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Forecast one batch.

        Args:
            inputs: The rows (lanes, batch, timesteps, features), or (1, ...) where these are the same in all lanes.
            lane: What the lanes are worth.
            states: What is carried from the batch before.

        Returns:
            Forecasts of (lanes, batch, horizon, targets), with an axis behind of quantiles where the model forecasts
            several, and the states after the batch.
        """
        (outputs, following), shape = self.outputs(inputs, lane, states), self.shape
        blocks = tf.reshape(outputs, (-1, shape.batch, shape.horizon, shape.targets, shape.quantiles))
        return blocks if shape.quantiles > 1 else blocks[..., 0], following

    def middle(self, forecasts: Tensor) -> Tensor:
        """Return the medians of what `call` forecasts, (..., horizon, targets)."""
        return forecasts[..., self.median] if self.shape.quantiles > 1 else forecasts

    def outputs(self, inputs: Tensor, lane: LaneValues, states: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Run one batch as `call` does, and return all that the model gives, (lanes, batch, ...), and the states."""
        batch = self._pass(lane, states, training=False)
        return self._forward(inputs, batch), self._values(self.states, batch)

    def train(
        self, inputs: Tensor, lane: LaneValues, states: Sequence[Tensor]
    ) -> tuple[Tensor, list[Tensor], LaneValues, Tensor]:
        """Run one batch as training does.

        Returns:
            All that the model gives (lanes, batch, ...), states as `call`, the lanes with their seeds moved on, and the
            penalties of the regularizers.
        """
        batch = self._pass(lane, states, training=True)
        outputs = self._forward(inputs, batch)
        held = [weight for weight in self.weights if weight.regularizer is not None]
        penalties = [penalty(weight.regularizer, batch.value(weight), batch) for weight in held]
        total = sum([*penalties, *batch.penalties], tf.constant(0.0))
        return outputs, self._values(self.states, batch), lane._replace(seeds=self._values(self.seeds, batch)), total

    def _forward(self, inputs: Tensor, batch: Pass) -> Tensor:
        return self.axes.first(run_model(self.model, self.axes.place(inputs), batch))

    def _pass(self, lane: LaneValues, states: Sequence[Tensor], *, training: bool) -> Pass:
        pairs = [
            *zip(self.weights, self._apart(lane.weights), strict=True),
            *zip(self.seeds, lane.seeds, strict=True),
            *zip(self.states, states, strict=True),
            *((variable, lane.numbers[name]) for name, variable in self.numbers.items()),
        ]
        return Pass(values={id(variable): value for variable, value in pairs}, axes=self.axes, training=training)

    @staticmethod
    def _values(variables: Sequence[Variable], batch: Pass) -> list[Tensor]:
        return [batch.value(variable) for variable in variables]

    def _apart(self, trained: Sequence[Tensor]) -> Sequence[Tensor]:
        if not self.vectors:
            return trained
        parts = self.vectors.cut(trained, lambda vector, sizes: tf.split(vector, sizes, self.axes.units))
        shapes = [self.axes.shape(-1, weight.shape) for weight in self.weights]
        return [tf.reshape(part, shape) for part, shape in zip(parts, shapes, strict=True)]


def plain_model(configuration: Configuration, shape: models.Shape, seed: int) -> Any:
    """Build the plain Keras model of a repeat, with the initial weights and the seeds of dropout that its lane has."""
    model = models.network(configuration.model, shape)
    template = Template.of(configuration, shape)
    for variable, value in zip(model.trainable_variables, template.initial_weights(seed), strict=True):
        variable.assign(value)
    for variable, value in zip(models.seeds(model), template.initial_seeds(seed), strict=True):
        variable.assign(value)
    return model


def _adapted(made: models.Made, shape: models.Shape, numbers: dict[str, Variable], recipes: Recipes) -> Any:
    """Connect the layers of a kind, each adapted before it is built; those of a graph are built once to be found."""
    if not callable(made):
        check_layers(made)
        for layer in made:
            adapt(layer, numbers, recipes)
        return models.connected(made, shape, shape.batch)
    stock = models.connected(made, shape, shape.batch)
    check_graph(stock)

    def adapted(operation: Any) -> Any:
        if not isinstance(operation, keras.layers.Layer):
            return operation  # has nothing of its own
        copy = type(operation).from_config(_unbuilt(operation.get_config()))
        adapt(copy, numbers, recipes)
        return copy

    return keras.models.clone_model(stock, clone_function=adapted)


def _unbuilt(config: Any) -> Any:
    """Leave out of a layer's configuration that layers inside it were built, so that a copy builds them anew."""
    if isinstance(config, list):
        return [_unbuilt(each) for each in config]
    if not isinstance(config, dict):
        return config
    return {name: _unbuilt(value) for name, value in config.items() if name != "build_config"}


def _elementwise(optimizer: Optimizer) -> bool:
    """Return whether what a weight becomes depends on its own gradient alone, and not on that of others."""
    clipped = any(optimizer.arguments.get(name) is not None for name in ("clipnorm", "global_clipnorm"))
    return optimizer.name not in PER_LAYER and not clipped


def _axes(configuration: Configuration, model: Any) -> Axes:
    """Choose the order of axes by the model alone, so that a repeat always runs in the same program."""
    layers = model._flatten_layers()
    alone = all(map(_number_by_number, _activations(layers)))
    plain = not any(isinstance(layer, LANES_FIRST_ONLY) for layer in layers)
    return (
        LANES_LAST
        if configuration.model.narrow and plain and alone and _elementwise(configuration.training.optimizer)
        else LANES_FIRST
    )


def _activations(layers: Sequence[Any]) -> list[Any]:
    """List the activations of layers and of their cells."""
    parts = [part for layer in layers for part in (layer, getattr(layer, "cell", None))]
    found = [getattr(part, name, None) for part in parts for name in ("activation", "recurrent_activation")]
    return [each for each in found if each is not None]


def _number_by_number(activation: Any) -> bool:
    """Return whether an activation is known to change each number of a row by itself."""
    name = getattr(activation, "__name__", "")
    known = getattr(keras.activations, name, None) is activation or activation in OLDER_ACTIVATIONS.values()
    return known and name not in BY_ROW


def _vectors(configuration: Configuration, weights: Sequence[Variable], axes: Axes) -> Vectors | None:
    """Choose which weights are updated as one vector.

    A narrow model that sees one row at a time has gradients that are computed with the update itself, unless they are
    put together first.
    """
    if not _elementwise(configuration.training.optimizer):
        return None
    sizes = tuple(int(np.prod(weight.shape)) for weight in weights)
    return Vectors(sizes, few=0 if axes.lanes_last and configuration.training.batch_size == 1 else FEW)


def _vector(size: int) -> Variable:
    return keras.Variable(np.zeros(size), dtype="float32")


def _children(seed: int, count: int, *, stream: int) -> list[int]:
    return [int(word) for word in np.random.SeedSequence(seed, spawn_key=(stream,)).generate_state(max(count, 1))][
        :count
    ]
