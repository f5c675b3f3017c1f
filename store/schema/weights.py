"""How many weights a configuration's model has: the sums of its layers' matrices and biases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from store.schema.configuration import Configuration
from store.schema.framing import Frame
from store.schema.model import GATES, Model


def count_weights(configuration: Configuration, cut: Frame) -> int:
    """Count the weights that training changes, without building the model."""
    panel = configuration.panel
    if panel is None or not panel.features:
        return _of_layers(configuration, cut)
    vectors, width = panel.embedding or (0, panel.features)
    return vectors * width + _of_layers(configuration, replace(cut, features=cut.features + width))


def _of_layers(configuration: Configuration, cut: Frame) -> int:
    """Count the weights of a model whose steps have so many features."""
    model = configuration.model
    targets = len(configuration.series.targets) * len(configuration.training.loss.quantiles)
    outputs = configuration.prepare.steps_at_once * targets
    if model.kind == "conv_lstm":
        steps = cut.timesteps // model.subsequences
        columns = steps - model.kernel_size + 1
        seen = model.kernel_size * cut.features
        recurrent = _recurrent(model, model.filters, seen, model.kernel_size * model.filters)
        return recurrent + _head(model, columns * model.filters, outputs)
    if model.kind == "encoder_decoder":
        return _encoder_decoder(model, cut.features, targets)
    if model.kind == "mlp":
        return _head(model, cut.timesteps * cut.features, outputs)
    if model.kind == "cnn":
        pooled = (cut.timesteps - model.kernel_size + 1) // model.pool_size
        convolution = _dense(model.kernel_size * cut.features, model.filters)
        return convolution + _head(model, pooled * model.filters, outputs)
    if model.kind == "cnn_lstm":
        pooled = (cut.timesteps // model.subsequences - model.kernel_size + 1) // model.pool_size
        convolution = _dense(model.kernel_size * cut.features, model.filters)
        return convolution + _stack(model, pooled * model.filters, outputs, ways=1)
    return _stack(model, cut.features, outputs, ways=2 if model.kind == "bidirectional" else 1)


def _encoder_decoder(model: Model, features: int, targets: int) -> int:
    *encoder, decoder = model.layers
    total, seen = _layers(model, encoder, features, 2 if model.encoder.bidirectional else 1)
    shown = decoder + (seen if model.attention else 0)
    return total + _recurrent(model, decoder, seen) + _head(model, shown, targets)


def _stack(model: Model, features: int, outputs: int, *, ways: int) -> int:
    """Count recurrent layers on one another and the dense layers on top."""
    total, seen = _layers(model, model.layers, features, ways)
    return total + _head(model, seen, outputs)


def _layers(model: Model, layers: Iterable[int], seen: int, ways: int) -> tuple[int, int]:
    """Count recurrent layers on one another, each read in one direction or both, and what the last gives a step."""
    total = 0
    for units in layers:
        total += ways * _recurrent(model, units, seen)
        seen = ways * units
    return total, seen


def _head(model: Model, seen: int, outputs: int) -> int:
    """Count the dense layers on top, of which the last forecasts."""
    sizes = (seen, *model.dense, outputs)
    return sum(_dense(before, after) for before, after in pairwise(sizes))


def _recurrent(model: Model, units: int, seen: int, remembered: int | None = None) -> int:
    """Count the weights of one recurrent layer: gates of inputs, memory and bias, of which a GRU has two."""
    memory = units if remembered is None else remembered
    biases = (2 if model.cell == "gru" else 1) if model.use_bias else 0
    return GATES[model.cell] * units * (seen + memory + biases)


def _dense(seen: int, outputs: int) -> int:
    return outputs * (seen + 1)
