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
from worker.engine.layers.supported import UnsupportedLayerError, check_layers
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
