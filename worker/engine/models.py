"""From a configuration to a Keras model: the layers of each kind, and the optimizer and loss by Keras' own names.

Two places make a kind: a function of its layers here, marked with `@layers_of`, and its row in `store.schema.kinds`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from store.schema.configuration import Model, Named, Regularizer, Training
from store.schema.model import GATES
from store.schema.own_kinds import OWN
from worker.engine.backend import keras
from worker.engine.own_objects import OLDER_ACTIVATIONS, OURS, GateByGate
from worker.engine.series_vectors import beside_vectors

Layer = Any
Layers = list[Layer]
Tensor = Any
#: From what a Keras model takes to what it gives, by Keras' functional API.
Graph = Callable[[Tensor], Tensor]
#: What a kind is made of: layers on one another, or a graph of them.
Made = Layers | Graph


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """What a model takes and gives: (batch, timesteps, features) -> (batch, horizon * targets) or as blocks."""

    batch: int
    timesteps: int
    features: int
    horizon: int
    targets: int
    #: how many numbers are forecast for each value
    quantiles: int = 1
    #: of a model that learns a vector for each series: how many series, and how wide a vector is. The last feature is
    #: then the number of the series
    embedding: tuple[int, int] | None = None

    @property
    def outputs(self) -> int:
        return self.horizon * self.step_outputs

    @property
    def step_outputs(self) -> int:
        return self.targets * self.quantiles


#: layers by the names of their cells
CELLS: Final = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "simple_rnn": keras.layers.SimpleRNN}

#: layers that may draw dropout masks
_DRAWING: Final = (keras.layers.RNN, keras.layers.Dropout)

#: kind -> the function that makes its layers
KINDS: Final[dict[str, Callable[[Model, Shape], Made]]] = {}

Builder = TypeVar("Builder", bound=Callable[[Model, Shape], Made])


def layers_of(*kinds: str) -> Callable[[Builder], Builder]:
    """Name the kinds whose layers a function makes."""

    def register(builder: Builder) -> Builder:
        KINDS.update(dict.fromkeys(kinds, builder))
        return builder

    return register


def network(model: Model, shape: Shape, *, any_batch: bool = False) -> Any:
    """Build the stock Keras model of a configuration, with weights that Keras draws."""
    return connected(layers(model, shape), shape, None if any_batch else shape.batch)


def connected(made: Made, shape: Shape, batch: int | None) -> Any:
    """Connect what a kind is made of to a Keras model."""
    taken = keras.layers.Input(batch_shape=(batch, shape.timesteps, shape.features))
    return keras.Model(taken, made(taken)) if callable(made) else keras.Sequential([taken, *made])


def layers(model: Model, shape: Shape) -> Made:
    """Make the layers of a kind, not built yet, or the function that connects them."""
    if shape.embedding is not None:
        series, width = shape.embedding
        own = replace(shape, features=shape.features - 1 + width, embedding=None)
        return beside_vectors(series, width, shape.timesteps, lambda seen: _through(layers(model, own), seen))
    make = KINDS[model.kind] if model.kind in KINDS else OWN[model.kind].builder
    made: Made = make(model, shape)
    return made if callable(made) else list(made)


def optimizer(training: Training) -> Any:
    """Make the Keras optimizer."""
    return named(keras.optimizers, training.optimizer)


def loss(training: Training) -> Any:
    """Make the loss: one of ours, or Keras'."""
    ours = OURS.get(training.loss.class_name)
    return named(keras.losses, training.loss) if ours is None else ours(**training.loss.arguments)


def named(module: Any, choice: Named, **more: Any) -> Any:
    """Make what a grid chose by name from a Keras module."""
    return getattr(module, choice.class_name)(**choice.arguments, **more)


def recurrent_layer(model: Model, units: int, *, sequences: bool, backwards: bool = False) -> Layer:
    """Make one recurrent layer with the options of a model."""
    arguments = _shared(model)
    if model.cell == "lstm":
        arguments["unit_forget_bias"] = model.unit_forget_bias
    if model.cell == "simple_rnn":
        del arguments["recurrent_activation"]
    return CELLS[model.cell](units, return_sequences=sequences, go_backwards=backwards, **arguments)


def _shared(model: Model) -> dict[str, Any]:
    """Give the arguments that all of Keras' recurrent layers have."""
    return {
        "stateful": model.stateful,
        "activation": activation(model.activation),
        "recurrent_activation": activation(model.recurrent_activation),
        "use_bias": model.use_bias,
        "kernel_initializer": _initializer(model, model.kernel_initializer),
        "recurrent_initializer": _initializer(model, model.recurrent_initializer),
        "bias_initializer": named(keras.initializers, model.bias_initializer),
        "dropout": model.dropout,
        "recurrent_dropout": model.recurrent_dropout,
        "kernel_regularizer": _penalty(model.kernel_regularizer),
        "recurrent_regularizer": _penalty(model.recurrent_regularizer),
        "bias_regularizer": _penalty(model.bias_regularizer),
        "activity_regularizer": _penalty(model.activity_regularizer),
    }


def activation(name: str) -> Any:
    """Find an activation by Keras' name for it, or by the name of what Keras once meant."""
    return OLDER_ACTIVATIONS.get(name, name)


def _initializer(model: Model, choice: Named) -> Any:
    whole = named(keras.initializers, choice)
    return whole if model.gates == "together" else GateByGate(whole, GATES[model.cell])


def _penalty(weights: Regularizer | None) -> Any:
    return None if weights is None else keras.regularizers.L1L2(l1=weights.l1, l2=weights.l2)


def stack(model: Model) -> Layers:
    """Put recurrent layers on one another; the last gives its last step only."""
    *below, last = model.layers
    return [
        *[recurrent_layer(model, units, sequences=True) for units in below],
        recurrent_layer(model, last, sequences=False),
    ]


@layers_of("vanilla", "stacked")
def _stacked(model: Model, shape: Shape) -> Layers:
    return [*stack(model), *head(model, shape.outputs)]


@layers_of("bidirectional")
def _bidirectional(model: Model, shape: Shape) -> Layers:
    *below, last = model.layers
    both = [_both_ways(model, units, sequences=True) for units in below]
    return [*both, _both_ways(model, last, sequences=False), *head(model, shape.outputs)]


def _both_ways(model: Model, units: int, *, sequences: bool) -> Layer:
    return keras.layers.Bidirectional(
        recurrent_layer(model, units, sequences=sequences),
        backward_layer=recurrent_layer(model, units, sequences=sequences, backwards=True),
    )


@layers_of("cnn_lstm")
def _cnn_lstm(model: Model, shape: Shape) -> Layers:
    """Convolve each subsequence, keep the largest of each pool, and read the subsequences as steps."""
    steps = shape.timesteps // model.subsequences
    convolution = keras.layers.Conv1D(model.filters, model.kernel_size, activation=activation(model.activation))
    return [
        keras.layers.Reshape((model.subsequences, steps, shape.features)),
        keras.layers.TimeDistributed(convolution),
        keras.layers.TimeDistributed(keras.layers.MaxPooling1D(model.pool_size)),
        keras.layers.TimeDistributed(keras.layers.Flatten()),
        *_stacked(model, shape),
    ]


@layers_of("conv_lstm")
def _conv_lstm(model: Model, shape: Shape) -> Layers:
    """Read the subsequences as one-row images, whose convolutions are the gates."""
    steps = shape.timesteps // model.subsequences
    return [
        keras.layers.Reshape((model.subsequences, 1, steps, shape.features)),
        keras.layers.ConvLSTM2D(
            model.filters, (1, model.kernel_size), unit_forget_bias=model.unit_forget_bias, **_shared(model)
        ),
        keras.layers.Flatten(),
        *head(model, shape.outputs),
    ]


@layers_of("encoder_decoder")
def _encoder_decoder(model: Model, shape: Shape) -> Made:
    make = _both_ways if model.encoder.bidirectional else recurrent_layer
    *below, last = [
        make(model, units, sequences=number < len(model.layers) - 1 or model.attention)
        for number, units in enumerate(model.layers[:-1], start=1)
    ]
    decoder = recurrent_layer(model, model.layers[-1], sequences=True)
    above = [*_hidden(model), keras.layers.TimeDistributed(keras.layers.Dense(shape.step_outputs))]
    if not model.attention:
        return [*below, last, keras.layers.RepeatVector(shape.horizon), decoder, *above]

    def attending(taken: Tensor) -> Tensor:
        steps = _through([*below, last], taken)
        decoded = decoder(keras.layers.RepeatVector(shape.horizon)(_encoded(model, steps)))
        seen = keras.layers.Attention()([decoded, steps])
        return _through(above, keras.layers.Concatenate()([decoded, seen]))

    return attending


def _through(made: Made, values: Tensor) -> Tensor:
    for layer in [made] if callable(made) else made:
        values = layer(values)
    return values


def _encoded(model: Model, steps: Tensor) -> Tensor:
    """Take what an encoder ends with from all its steps; one that reads backwards ends with the first."""
    if not model.encoder.bidirectional:
        return steps[:, -1]
    units = model.layers[-2]
    return keras.layers.Concatenate()([steps[:, -1, :units], steps[:, 0, units:]])


@layers_of("cnn")
def _cnn(model: Model, shape: Shape) -> Layers:
    """Convolve the steps and keep the largest of each pool."""
    return [
        keras.layers.Conv1D(model.filters, model.kernel_size, activation=activation(model.activation)),
        keras.layers.MaxPooling1D(model.pool_size),
        keras.layers.Flatten(),
        *head(model, shape.outputs),
    ]


@layers_of("mlp")
def _mlp(model: Model, shape: Shape) -> Layers:
    return [keras.layers.Flatten(), *head(model, shape.outputs)]


def head(model: Model, outputs: int) -> Layers:
    """Put the layers of `dense` below the one that forecasts."""
    return [*_hidden(model), keras.layers.Dense(outputs)]


def _hidden(model: Model) -> Layers:
    found: Layers = []
    for units in model.dense:
        layer = keras.layers.Dense(
            units,
            activation=activation(model.dense_activation),
            kernel_regularizer=_penalty(model.dense_kernel_regularizer),
            bias_regularizer=_penalty(model.dense_bias_regularizer),
            activity_regularizer=_penalty(model.dense_activity_regularizer),
        )
        found += [layer, keras.layers.Dropout(model.dense_dropout)] if model.dense_dropout else [layer]
    return found


def seeds(model: Any) -> list[Any]:
    """Find what the dropout masks of a model are drawn from, in order."""
    return [layer.seed_generator.state for layer in dropping(model)]


def dropping(model: Any) -> Layers:
    """Find what draws dropout masks, cells of recurrent layers and layers of their own, in order."""
    drawing = [getattr(layer, "cell", layer) for layer in model._flatten_layers() if isinstance(layer, _DRAWING)]
    return [one for one in drawing if isinstance(one, keras.layers.Dropout) or one.dropout or one.recurrent_dropout]


def recurrent(model: Any) -> Layers:
    """Find the recurrent layers of a model, those inside other layers too, in order."""
    return [layer for layer in model._flatten_layers() if isinstance(layer, keras.layers.RNN)]


def cells(model: Any) -> Layers:
    """Find the cells of a model's recurrent layers, in order."""
    return [layer.cell for layer in recurrent(model)]
