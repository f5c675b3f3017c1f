"""How stock Keras layers run in all lanes at once: each by the same mathematics, with a leading axis for lanes.

A layer that is not in the table is run by Keras itself, vectorized over lanes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from worker.engine.backend import keras, tf
from worker.engine.layers.lane_layers import LaneL1L2, LaneRate, masks
from worker.engine.layers.products import Product, convolve, over_steps, product
from worker.engine.layers.recurrent import Activation, Memory
from worker.engine.layers.stepwise import STEPS, Stepwise

Tensor = Any
Variable = Any
Layer = Any


@dataclass(kw_only=True, slots=True)
class Pass:
    """A batch on its way through a model."""

    #: what variables are worth, (lanes, ...), by the identity of the variable
    values: dict[int, Tensor]
    training: bool
    #: what regularizers add to the loss, (lanes,) each
    penalties: list[Tensor] = field(default_factory=list)

    def value(self, variable: Variable) -> Tensor:
        """Return what a variable is worth at the moment."""
        return self.values[id(variable)]

    def assign(self, variable: Variable, value: Tensor) -> None:
        """Let a variable be worth something else from now on."""
        self.values[id(variable)] = value


def run(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    """Run a layer: (lanes, rows, ...) -> (lanes, rows, ...); inputs that all lanes share have a leading axis of 1."""
    if type(layer) in _ROW_BY_ROW:
        return _folded(layer.call, inputs, 2)
    if type(layer) not in _FORMS:
        return _vectorized(layer, inputs, batch)
    outputs = _FORMS[type(layer)](layer, inputs, batch)
    if layer.activity_regularizer is not None:
        batch.penalties.append(penalty(layer.activity_regularizer, outputs, batch) / outputs.shape[1])
    return outputs


def penalty(regularizer: Any, values: Tensor, batch: Pass) -> Tensor:
    """Compute what a regularizer makes of each lane's values."""
    if not isinstance(regularizer, LaneL1L2):
        return tf.vectorized_map(regularizer, values)
    axes = [*range(1, len(values.shape))]
    l1, l2 = batch.value(regularizer.l1), batch.value(regularizer.l2)
    return l1 * tf.reduce_sum(tf.abs(values), axes) + l2 * tf.reduce_sum(tf.square(values), axes)


def _folded(function: Callable[[Tensor], Tensor], values: Tensor, axes: int) -> Tensor:
    """Apply a function of rows to values whose rows have several leading axes."""
    leading, inner = values.shape[:axes], values.shape[axes:]
    found = function(tf.reshape(values, (-1, *inner)))
    return tf.reshape(found, (*leading, *found.shape[1:]))


def _vectorized(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    """Let Keras run a layer for one lane, and TensorFlow make that all lanes."""
    known = [variable for variable in layer.variables if id(variable) in batch.values]
    values = [batch.value(variable) for variable in known]
    lanes = values[0].shape[0] if values else inputs.shape[0]

    def one(lane: Any) -> tuple[Tensor, Tensor]:
        given, own = lane
        with keras.StatelessScope(state_mapping=[*zip(known, own, strict=True)], collect_losses=True) as scope:
            outputs = layer(given, training=batch.training)
        return outputs, sum(scope.losses, tf.constant(0.0))

    rows = tf.broadcast_to(inputs, (lanes, *inputs.shape[1:]))
    outputs, penalties = tf.vectorized_map(one, (rows, values), fallback_to_while_loop=False)
    batch.penalties.append(penalties)
    return outputs


def _dense(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    kernel = batch.value(layer.kernel)
    lanes, *rows, width = inputs.shape
    outputs = product(tf.reshape(inputs, (lanes, -1, width)), kernel)
    if layer.use_bias:
        outputs += batch.value(layer.bias)[:, None]
    return layer.activation(tf.reshape(outputs, (kernel.shape[0], *rows, kernel.shape[-1])))


def _dropout(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    if not batch.training:
        return inputs
    (mask,) = _masks(layer, layer.rate, tuple(inputs.shape[1:]), batch)
    return inputs * mask


def _conv1d(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    outputs = convolve(inputs[:, :, None], batch.value(layer.kernel)[:, None], "valid")[:, :, 0]
    return layer.activation(outputs + batch.value(layer.bias)[:, None, None])


def _time_distributed(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    """Take steps for rows."""
    lanes, rows, steps, *inner = inputs.shape
    outputs = run(layer.layer, tf.reshape(inputs, (lanes, rows * steps, *inner)), batch)
    return tf.reshape(outputs, (outputs.shape[0], rows, steps, *outputs.shape[2:]))


def _bidirectional(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    forward, backward = (run(part, inputs, batch) for part in (layer.forward_layer, layer.backward_layer))
    return tf.concat([forward, tf.reverse(backward, (2,)) if layer.return_sequences else backward], -1)


def _recurrent(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    """Run all steps of a recurrent layer."""
    cell = layer.cell
    sequence = _steps_first(inputs)
    states = [batch.value(state) for state in layer.states] if layer.stateful else []
    kernel, recurrent_kernel = batch.value(cell.kernel), batch.value(cell.recurrent_kernel)
    multiply_inputs, multiply_states = _products(layer)
    if batch.training and cell.dropout:
        multiply_inputs = masked(multiply_inputs, _masks(cell, cell.dropout, sequence.shape[2:], batch))
    given = multiply_inputs(tf.reverse(sequence, (0,)) if layer.go_backwards else sequence, kernel)
    if batch.training and cell.recurrent_dropout:
        shape = (*given.shape[2:-1], recurrent_kernel.shape[-2])
        multiply_states = masked(multiply_states, _masks(cell, cell.recurrent_dropout, shape, batch))
    if type(layer) in STEPS:
        outputs, states = _stepwise(layer, given, multiply_states, states, batch)
    else:
        given += _bias(batch.value(cell.bias), len(given.shape) - 1) if cell.use_bias else 0.0
        memory = Memory(Activation(cell.activation), Activation(cell.recurrent_activation), multiply_states)
        outputs, states = (memory.run if batch.training else memory.forecast)(given, recurrent_kernel, states)
    for variable, state in zip(layer.states if layer.stateful else (), states, strict=False):
        batch.assign(variable, state)
    return _steps_behind_rows(outputs) if layer.return_sequences else states[0]


def _stepwise(
    layer: Layer, given: Tensor, multiply: Product, states: list[Tensor], batch: Pass
) -> tuple[Tensor, list[Tensor]]:
    """Run a layer whose state is its output; a GRU has a second bias for what the state adds."""
    cell = layer.cell
    weights, shift = batch.value(cell.recurrent_kernel), tf.zeros((given.shape[1], 1, given.shape[-1]))
    if cell.use_bias:
        bias = batch.value(cell.bias)
        bias, shift = (bias[:, :1], bias[:, 1:]) if len(bias.shape) > 2 else (bias[:, None], shift)
        given += bias
    state = states[0] if states else tf.zeros((*given.shape[1:-1], weights.shape[-2]))
    return Stepwise(STEPS[type(layer)](cell), multiply).run(given, weights, shift, state)


def _bias(bias: Tensor, rank: int) -> Tensor:
    """Give a bias the axes of the rows that it is added to, `rank` with the lanes'."""
    return tf.reshape(bias, (bias.shape[0], *[1] * (rank - 2), -1))


def _steps_first(values: Tensor) -> Tensor:
    """(lanes, rows, steps, ...) -> (steps, lanes, rows, ...)."""
    return tf.transpose(values, (2, 0, 1, *range(3, len(values.shape))))


def _steps_behind_rows(values: Tensor) -> Tensor:
    return tf.transpose(values, (1, 2, 0, *range(3, len(values.shape))))


def _products(layer: Layer) -> tuple[Product, Product]:
    """Choose how a layer multiplies its inputs, and how its states."""
    if not isinstance(layer, keras.layers.ConvLSTM2D):
        return over_steps(product, 1), over_steps(product, 1)
    inputs = over_steps(lambda images, kernel: convolve(images, kernel, layer.cell.padding), 3)
    return inputs, over_steps(lambda images, kernel: convolve(images, kernel, "same"), 3)


def _masks(drawing: Any, rate: float, shape: tuple[int, ...], batch: Pass) -> list[Tensor]:
    """Draw masks, and let the next ones be others."""
    state = drawing.seed_generator.state
    keys = batch.value(state)
    batch.assign(state, keys + tf.constant([0, 1], keys.dtype))
    dropped = batch.value(rate.variable) if isinstance(rate, LaneRate) else tf.constant([rate], tf.float32)
    return masks(drawing, keys, dropped, tuple(shape))


def masked(multiply: Product, found: list[Tensor]) -> Product:
    """Let a product drop what a mask does, or several masks, one for each gate."""

    def by_gate(values: Tensor, weights: Tensor) -> Tensor:
        parts = zip(found, tf.split(weights, len(found), -1), strict=True)
        return tf.concat([multiply(values * mask, part) for mask, part in parts], -1)

    return by_gate


_LAYERS: Final = keras.layers
#: Layers that do the same to each row.
_ROW_BY_ROW: Final = {_LAYERS.Flatten, _LAYERS.MaxPooling1D, _LAYERS.RepeatVector, _LAYERS.Reshape}
_FORMS: Final[dict[type, Callable[[Layer, Tensor, Pass], Tensor]]] = {
    _LAYERS.Bidirectional: _bidirectional,
    _LAYERS.Conv1D: _conv1d,
    _LAYERS.ConvLSTM2D: _recurrent,
    _LAYERS.Dense: _dense,
    _LAYERS.Dropout: _dropout,
    _LAYERS.GRU: _recurrent,
    _LAYERS.LSTM: _recurrent,
    _LAYERS.SimpleRNN: _recurrent,
    _LAYERS.TimeDistributed: _time_distributed,
}
