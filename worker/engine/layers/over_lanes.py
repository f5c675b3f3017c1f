"""How stock Keras layers run in all lanes at once: each by the same mathematics, with an axis for lanes.

A layer that is not in the table is run by Keras itself, vectorized over lanes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from worker.engine.backend import keras, tf
from worker.engine.layers.axes import Axes
from worker.engine.layers.lane_layers import LaneL1L2, LaneRate, masks
from worker.engine.layers.merging import attend, concatenate
from worker.engine.layers.products import Product, convolve, lanes_last_product, over_steps, product
from worker.engine.layers.recurrent import Activation, Memory
from worker.engine.layers.stepwise import STEPS, Stepwise

Tensor = Any
Variable = Any
Layer = Any


@dataclass(kw_only=True, slots=True)
class Pass:
    """A batch on its way through a model."""

    #: what variables are worth in all lanes, by the identity of the variable
    values: dict[int, Tensor]
    #: the order of the axes of weights, states and rows; numbers and seeds are (lanes, ...)
    axes: Axes
    training: bool
    #: what regularizers add to the loss, (lanes,) each
    penalties: list[Tensor] = field(default_factory=list)

    def value(self, variable: Variable) -> Tensor:
        """Return what a variable is worth at the moment."""
        return self.values[id(variable)]

    def assign(self, variable: Variable, value: Tensor) -> None:
        """Let a variable be worth something else from now on."""
        self.values[id(variable)] = value


def run_model(model: Any, inputs: Tensor, batch: Pass) -> Tensor:
    """Run a model: its layers one after the other, or the graph of its operations."""
    if not isinstance(model, keras.Sequential):
        return model._run_through_graph(
            inputs, call_fn=lambda each, *given, **more: _operated(each, given, more, batch)
        )
    values = inputs
    for layer in model.layers:
        values = run(layer, values, batch)
    return values


def _operated(operation: Any, given: tuple[Any, ...], more: dict[str, Any], batch: Pass) -> Tensor:
    """Run one operation of a graph; those of the tables take what they work on, and nothing else."""
    if type(operation) in HAVE_FORMS:
        return run(operation, given[0], batch)
    return _vectorized(operation, given, batch, more)


def run(layer: Layer, inputs: Any, batch: Pass) -> Tensor:
    """Run a layer; of inputs that all lanes share there is one lane."""
    if type(layer) in _ROW_BY_ROW:
        return batch.axes.place(_folded(layer.call, batch.axes.first(inputs), 2))
    if type(layer) not in _FORMS:
        return _vectorized(layer, (inputs,), batch)
    outputs = _FORMS[type(layer)](layer, inputs, batch)
    if layer.activity_regularizer is not None:
        batch.penalties.append(penalty(layer.activity_regularizer, outputs, batch) / outputs.shape[batch.axes.rows])
    return outputs


def penalty(regularizer: Any, values: Tensor, batch: Pass) -> Tensor:
    """Compute what a regularizer makes of each lane's values."""
    if not isinstance(regularizer, LaneL1L2):
        return tf.vectorized_map(regularizer, batch.axes.first(values))
    axes = batch.axes.others(len(values.shape))
    l1, l2 = batch.value(regularizer.l1), batch.value(regularizer.l2)
    return l1 * tf.reduce_sum(tf.abs(values), axes) + l2 * tf.reduce_sum(tf.square(values), axes)


def _folded(function: Callable[[Tensor], Tensor], values: Tensor, axes: int) -> Tensor:
    """Apply a function of rows to values whose rows have several leading axes."""
    leading, inner = values.shape[:axes], values.shape[axes:]
    found = function(tf.reshape(values, (-1, *inner)))
    return tf.reshape(found, (*leading, *found.shape[1:]))


def _vectorized(operation: Any, given: tuple[Any, ...], batch: Pass, more: dict[str, Any] | None = None) -> Any:
    """Let Keras run a layer, or another operation, for one lane, and TensorFlow make that all lanes."""
    is_layer = isinstance(operation, keras.layers.Layer)
    known = [variable for variable in operation.variables if id(variable) in batch.values] if is_layer else []
    structure = (given, (more or {}) | ({"training": batch.training} if is_layer else {}))
    leaves = keras.tree.flatten(structure)
    places = [place for place, leaf in enumerate(leaves) if tf.is_tensor(leaf)]
    values = [batch.axes.first(each) for each in (*(leaves[place] for place in places), *map(batch.value, known))]
    lanes = max(value.shape[0] for value in values)

    def one(lane: Any) -> tuple[Any, Tensor]:
        filled = dict(enumerate(leaves)) | dict(zip(places, lane, strict=False))
        arguments, named = keras.tree.pack_sequence_as(structure, [*filled.values()])
        mapping = [*zip(known, lane[len(places) :], strict=True)]
        with keras.StatelessScope(state_mapping=mapping, collect_losses=True) as scope:
            outputs = operation(*arguments, **named)
        return outputs, sum(scope.losses, tf.constant(0.0))

    rows = [tf.broadcast_to(value, (lanes, *value.shape[1:])) for value in values]
    outputs, penalties = tf.vectorized_map(one, rows, fallback_to_while_loop=False)
    batch.penalties.append(penalties)
    return keras.tree.map_structure(batch.axes.place, outputs)


def _dense(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    axes, kernel = batch.axes, batch.value(layer.kernel)
    *rows, width = axes.own(inputs.shape)
    flat = tf.reshape(inputs, axes.shape(inputs.shape[axes.lanes], (math.prod(rows), width)))
    outputs = (lanes_last_product if axes.lanes_last else product)(flat, kernel)
    if layer.use_bias:
        outputs += _bias(batch.value(layer.bias), 3, axes)
    shape = axes.shape(outputs.shape[axes.lanes], (*rows, outputs.shape[axes.units]))
    return layer.activation(tf.reshape(outputs, shape))


def _dropout(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    if not batch.training:
        return inputs
    (mask,) = _masks(layer, layer.rate, batch.axes.own(inputs.shape), batch)
    return inputs * mask


def _conv1d(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    outputs = convolve(inputs[:, :, None], batch.value(layer.kernel)[:, None], "valid")[:, :, 0]
    return layer.activation(outputs + batch.value(layer.bias)[:, None, None])


def _time_distributed(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    """Take steps for rows."""
    axes = batch.axes
    rows, steps, *inner = axes.own(inputs.shape)
    merged = tf.reshape(inputs, axes.shape(inputs.shape[axes.lanes], (rows * steps, *inner)))
    outputs = run(layer.layer, merged, batch)
    _, *inner = axes.own(outputs.shape)
    return tf.reshape(outputs, axes.shape(outputs.shape[axes.lanes], (rows, steps, *inner)))


def _bidirectional(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    axes = batch.axes
    forward, backward = (run(part, inputs, batch) for part in (layer.forward_layer, layer.backward_layer))
    turned = tf.reverse(backward, (axes.rows + 1,)) if layer.return_sequences else backward
    return tf.concat([forward, turned], axes.units)


def _attention(layer: Layer, inputs: list[Tensor], batch: Pass) -> Tensor:
    """Run Keras' `Attention`, of query, value and key; the key is the value unless it is given."""
    query, value, *key = inputs
    return attend(query, value, key[0] if key else value, batch.axes)


def _concatenate(layer: Layer, inputs: list[Tensor], batch: Pass) -> Tensor:
    return concatenate(inputs, layer.axis, batch.axes)


def _recurrent(layer: Layer, inputs: Tensor, batch: Pass) -> Tensor:
    """Run all steps of a recurrent layer."""
    cell, axes = layer.cell, batch.axes
    sequence = _moved(inputs, axes.rows + 1, 0)
    states = [batch.value(state) for state in layer.states] if layer.stateful else []
    kernel, recurrent_kernel = batch.value(cell.kernel), batch.value(cell.recurrent_kernel)
    multiply_inputs, multiply_states = _products(layer, axes)
    if batch.training and cell.dropout:
        shape = axes.own(sequence.shape[1:])
        multiply_inputs = masked(multiply_inputs, _masks(cell, cell.dropout, shape, batch), axes)
    given = multiply_inputs(tf.reverse(sequence, (0,)) if layer.go_backwards else sequence, kernel)
    if batch.training and cell.recurrent_dropout:
        shape = (*axes.own(given.shape[1:])[:-1], recurrent_kernel.shape[axes.units - 1])
        multiply_states = masked(multiply_states, _masks(cell, cell.recurrent_dropout, shape, batch), axes)
    if type(layer) in STEPS:
        outputs, states = _stepwise(layer, given, multiply_states, states, batch)
    else:
        given += _bias(batch.value(cell.bias), len(given.shape) - 1, axes) if cell.use_bias else 0.0
        memory = Memory(Activation(cell.activation), Activation(cell.recurrent_activation), multiply_states, axes)
        outputs, states = (memory.run if batch.training else memory.forecast)(given, recurrent_kernel, states)
    for variable, state in zip(layer.states if layer.stateful else (), states, strict=False):
        batch.assign(variable, state)
    return _moved(outputs, 0, axes.rows + 1) if layer.return_sequences else states[0]


def _stepwise(
    layer: Layer, given: Tensor, multiply: Product, states: list[Tensor], batch: Pass
) -> tuple[Tensor, list[Tensor]]:
    """Run a layer whose state is its output; a GRU has a second bias for what the state adds."""
    cell, axes = layer.cell, batch.axes
    weights = batch.value(cell.recurrent_kernel)
    shift = tf.zeros(axes.shape(given.shape[1:][axes.lanes], (1, given.shape[axes.units])))
    if cell.use_bias:
        bias = batch.value(cell.bias)
        count, wide = (1, *axes.own(bias.shape))[-2:]
        bias, *others = tf.split(tf.reshape(bias, axes.shape(-1, (count, wide))), count, axes.rows)
        given, shift = given + bias, others[0] if others else shift
    state = states[0] if states else tf.zeros(axes.resized(given.shape[1:], weights.shape[axes.units - 1]))
    return Stepwise(STEPS[type(layer)](cell, axes.units), multiply, axes).run(given, weights, shift, state)


def _bias(bias: Tensor, rank: int, axes: Axes) -> Tensor:
    """Give a bias the axes of the rows that it is added to, `rank` with the lanes'."""
    if axes.lanes_last:
        return bias
    return tf.reshape(bias, (bias.shape[0], *[1] * (rank - 2), -1))


def _moved(values: Tensor, old: int, new: int) -> Tensor:
    """Move an axis."""
    order = [axis for axis in range(len(values.shape)) if axis != old]
    return tf.transpose(values, (*order[:new], old, *order[new:]))


def _products(layer: Layer, axes: Axes) -> tuple[Product, Product]:
    """Choose how a layer multiplies its inputs, and how its states."""
    if axes.lanes_last:
        return lanes_last_product, lanes_last_product
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
    return [batch.axes.place(mask) for mask in masks(drawing, keys, dropped, shape)]


def masked(multiply: Product, found: list[Tensor], axes: Axes) -> Product:
    """Let a product drop what a mask does, or several masks, one for each gate."""

    def by_gate(values: Tensor, weights: Tensor) -> Tensor:
        parts = zip(found, tf.split(weights, len(found), axes.units), strict=True)
        return tf.concat([multiply(values * mask, part) for mask, part in parts], axes.units)

    return by_gate


_LAYERS: Final = keras.layers
#: Layers that do the same to each row.
_ROW_BY_ROW: Final = {_LAYERS.Flatten, _LAYERS.MaxPooling1D, _LAYERS.RepeatVector, _LAYERS.Reshape}
_FORMS: Final[dict[type, Callable[[Layer, Any, Pass], Tensor]]] = {
    _LAYERS.Attention: _attention,
    _LAYERS.Bidirectional: _bidirectional,
    _LAYERS.Concatenate: _concatenate,
    _LAYERS.Conv1D: _conv1d,
    _LAYERS.ConvLSTM2D: _recurrent,
    _LAYERS.Dense: _dense,
    _LAYERS.Dropout: _dropout,
    _LAYERS.GRU: _recurrent,
    _LAYERS.LSTM: _recurrent,
    _LAYERS.SimpleRNN: _recurrent,
    _LAYERS.TimeDistributed: _time_distributed,
}
#: Layers whose mathematics is written here; all others are Keras' own, vectorized.
HAVE_FORMS: Final = frozenset({*_FORMS, *_ROW_BY_ROW})
#: Layers that run with lanes first only.
LANES_FIRST_ONLY: Final = (_LAYERS.Conv1D, _LAYERS.ConvLSTM2D)
