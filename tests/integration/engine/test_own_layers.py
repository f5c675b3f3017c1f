"""Layers that a kind of one's own may ask for, beyond what the kinds of this project do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.integration.engine.reference import CLOSE, KerasRepeat, configured, differences, packed, shampoo
from worker.engine import models
from worker.engine.backend import keras
from worker.engine.layers.axes import LANES_FIRST
from worker.engine.layers.supported import UnsupportedLayerError, check_graph, check_layers
from worker.engine.template import Template

L = keras.layers


def of_its_own(model: Any, shape: models.Shape) -> list[Any]:
    """Layers with a softmax, and with dropout and penalties that the grid does not know of."""
    return [
        L.LSTM(model.units, stateful=True),
        L.Dense(4, activation="softmax", kernel_regularizer=keras.regularizers.L1L2(l2=0.01)),
        L.Dropout(0.2),
        L.Dense(shape.outputs),
    ]


def test_softmax_dropout_and_penalties_are_keras_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A softmax is over the numbers of a row, and what the layers say holds where the grid says nothing."""
    monkeypatch.setattr(models, "layers", of_its_own)
    series = shampoo()
    configuration = configured(series, model={"units": 7}, training={"epochs": 12})
    shape = models.Shape(batch=1, timesteps=1, features=1, horizon=1, targets=1)
    assert Template.of(configuration, shape).axes is LANES_FIRST
    reference = KerasRepeat(configuration, series, 51, our_draws=True).run(12)
    assert max(differences(reference, packed(configuration, series)[1]).values()) <= CLOSE
    assert np.isfinite(reference.test).all()


def connected(model: Any, shape: models.Shape) -> Any:
    """A graph: attention of one layer over another, beside what the row itself shows."""
    below, above = (L.LSTM(2, return_sequences=True, dropout=0.2) for _ in range(2))

    def graph(taken: Any) -> Any:
        steps = below(taken)
        seen = L.Attention()([above(steps), steps])
        shown = L.Add()([seen[:, -1], keras.ops.mean(taken, axis=1)])
        return L.Dense(shape.outputs, activity_regularizer=keras.regularizers.L1L2(l2=0.01))(shown)

    return graph


def test_a_graph_of_layers_and_operations_is_keras_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Layers that are connected as Keras' functional API connects them, with operations between them."""
    monkeypatch.setattr(models, "layers", connected)
    series = shampoo()
    prepare = {"lags": 2, "lags_as": "timesteps"}
    configuration = configured(series, model={"stateful": False}, prepare=prepare, training={"epochs": 4})
    reference = KerasRepeat(configuration, series, 51, our_draws=True, traced=False).run(4)
    assert max(differences(reference, packed(configuration, series)[1]).values()) <= CLOSE


@pytest.mark.parametrize(
    ("called", "says"),
    [
        (lambda taken: L.LSTM(2)(taken, initial_state=[taken[:, 0], taken[:, 0]]), "LSTM is called with initial_state"),
        (lambda taken: L.Attention()([taken, taken], use_causal_mask=True), "Attention is called with use_causal_mask"),
        (lambda taken: L.Dropout(0.1)(taken, training=True), "Dropout is called with training"),
        (lambda taken: L.Attention(use_scale=True)([taken, taken]), "Attention has use_scale True"),
        (lambda taken: L.LSTM(2)(L.Masking()(taken)), "Masking masks steps"),
    ],
)
def test_calls_that_would_be_computed_otherwise_are_refused(called: Callable[[Any], Any], says: str) -> None:
    """By the name of the layer, before anything is trained."""
    taken = L.Input(batch_shape=(2, 3, 2))
    with pytest.raises(UnsupportedLayerError, match=says):
        check_graph(keras.Model(taken, called(taken)))


@pytest.mark.parametrize(
    ("layer", "says"),
    [
        (lambda: L.Conv1D(2, 2, padding="causal"), "Conv1D has padding 'causal'"),
        (lambda: L.Conv1D(2, 2, strides=2), "Conv1D has strides"),
        (lambda: L.TimeDistributed(L.Conv1D(2, 2, use_bias=False)), "Conv1D has use_bias False"),
        (lambda: L.GRU(2, reset_after=False), "GRU has reset_after False"),
        (lambda: L.Bidirectional(L.LSTM(2), merge_mode="sum"), "Bidirectional has merge_mode 'sum'"),
        (lambda: L.ConvLSTM2D(2, (1, 2), strides=2), "ConvLSTM2D has strides"),
        (lambda: L.Dense(2, kernel_constraint="non_neg"), "Dense has a kernel_constraint"),
        (lambda: L.LSTM(2, recurrent_constraint="non_neg"), "recurrent_constraint"),
        (L.BatchNormalization, "use LayerNormalization"),
    ],
)
def test_what_would_be_computed_otherwise_is_refused(layer: Callable[[], Any], says: str) -> None:
    """By its name, before anything is trained."""
    with pytest.raises(UnsupportedLayerError, match=says):
        check_layers([layer()])
