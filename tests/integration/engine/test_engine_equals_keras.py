"""A packed repeat is Keras' own: the same curves and forecasts from the same initial weights."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import pytest

from tests.integration.engine.reference import (
    CLOSE,
    KerasRepeat,
    configured,
    contrived,
    difference,
    differences,
    packed,
    shampoo,
)
from worker.engine import models
from worker.engine.arrays import Float32s
from worker.engine.backend import tf
from worker.engine.prepare import Rows

SHAMPOO = shampoo()
CONTRIVED = contrived(14)


class TestVanillaAndStacked:
    """The models of the diagnostics and the tuning tables."""

    @pytest.mark.parametrize(
        ("units", "batch", "stateful", "warm_up"),
        [
            (1, 1, True, True),
            (5, 2, False, True),
            (12, 4, True, False),
        ],
    )
    def test_vanilla(self, units: int, batch: int, stateful: bool, warm_up: bool) -> None:
        """Units, batch sizes, states and warm-up: 50 epochs stay within the limit."""
        model = {"units": units, "stateful": stateful}
        assert difference(SHAMPOO, model=model, training={"batch_size": batch}, warm_up=warm_up) <= CLOSE

    def test_stacked(self) -> None:
        """Three layers."""
        model = {"kind": "stacked", "units": [2, 2, 2], "stateful": False}
        assert difference(SHAMPOO, model=model, training={"batch_size": 2}) <= CLOSE

    @pytest.mark.parametrize("warm_up", [False, True])
    def test_literal_fit_and_predict(self, warm_up: bool) -> None:
        """The loop as people write it, with `fit` and `predict`, gives the same."""
        assert difference(SHAMPOO, literal=True, epochs=15, warm_up=warm_up, model={"units": 2}) <= CLOSE


def test_transforms_are_undone_in_the_curves() -> None:
    """Each column by another one, differenced twice, several steps ahead: errors are those of the series."""
    prepare = {"horizon": 2, "difference": {"a": [1, 2]}, "scale": {"a": "standard", "b": "robust"}}
    prepare["transform"] = {"a": "box_cox", "b": "log", "sum": "sqrt"}
    parts: dict[str, Any] = {"model": {"units": 2, "stateful": False}, "training": {"batch_size": 1}}
    assert difference(CONTRIVED, epochs=10, test=3, prepare=prepare, **parts) <= CLOSE


class TestKinds:
    """One series or many, one step or many; `test_engine_matrix` has every kind."""

    def test_encoder_decoder_on_many_series_and_steps(self) -> None:
        """Three series, two steps of each."""
        model = {"kind": "encoder_decoder", "units": [4, 3], "stateful": False, "activation": "relu"}
        prepare = {"lags": 3, "lags_as": "timesteps", "horizon": 2, "difference": {"a": 0, "b": 1, "sum": 1}}
        assert difference(CONTRIVED, test=3, model=model, prepare=prepare) <= CLOSE

    def test_steps_beyond_unrolling(self) -> None:
        """A loop over time that is not unrolled, of two layers, differenced over a horizon."""
        prepare = {"lags": 9, "lags_as": "timesteps", "horizon": 3, "target_at": "last"}
        model = {"kind": "stacked", "units": [3, 2], "recurrent_dropout": 0.0}
        assert difference(SHAMPOO, test=8, model=model, prepare=prepare) <= CLOSE


class PaddedKeras(KerasRepeat):
    """One repeat of a stateful model whose last batch is filled with rows of weight 0, which leave no state behind."""

    def fit(self, rows: Rows) -> None:
        """Train one epoch; the mean loss of a batch is over the rows that count."""
        for inputs, targets, counts in self._batches(rows):
            before = self._states()
            weights = counts * (self.batch / counts.sum())
            self._weighted(tf.constant(inputs), tf.constant(targets), tf.constant(weights))
            self._restore(before, counts)

    def predict(self, rows: Rows) -> Float32s:
        """Forecast rows in batches."""
        outputs = []
        for inputs, _, counts in self._batches(rows):
            before = self._states()
            outputs.append(self._call(tf.constant(inputs)).numpy()[counts > 0])
            self._restore(before, counts)
        return np.concatenate(outputs).reshape(rows.targets.shape)

    @cached_property
    def _weighted(self) -> Any:
        return tf.function(lambda *given: self.model.train_step(given), autograph=False)

    def _batches(self, rows: Rows) -> Iterator[tuple[Float32s, Float32s, Float32s]]:
        missing = -len(rows) % self.batch
        arrays = rows.inputs, self._asked(rows), np.ones(len(rows), np.float32)
        filled = [np.concatenate([values, np.zeros((missing, *values.shape[1:]), np.float32)]) for values in arrays]
        for cut in self._cuts(rows):
            inputs, targets, counts = (values[cut] for values in filled)
            yield inputs, targets, counts

    def _states(self) -> list[Float32s]:
        return [state.numpy() for layer in models.recurrent(self.model) for state in layer.states]

    def _restore(self, before: list[Float32s], counts: Float32s) -> None:
        states = [state for layer in models.recurrent(self.model) for state in layer.states]
        for state, value in zip(states, before, strict=True):
            state.assign(np.where(counts[:, None] > 0, state.numpy(), value))


class TestPadding:
    """Rows that only fill the last batch."""

    def test_padded_stateless_rows_equal_a_smaller_last_batch(self) -> None:
        """22 rows in batches of 8 train as Keras does with a last batch of 6."""
        parts: dict[str, Any] = {"model": {"units": 2, "stateful": False}, "training": {"epochs": 50, "batch_size": 8}}
        configuration = configured(SHAMPOO, prepare={"pad": True}, **parts)
        result = packed(configuration, SHAMPOO)[1]
        keras = KerasRepeat(configuration, SHAMPOO, 51, rows_free=True)
        assert max(differences(keras.run(50), result).values()) <= CLOSE

    @pytest.mark.parametrize("warm_up", [False, True])
    def test_padded_stateful_rows_leave_the_state_as_it_was(self, warm_up: bool) -> None:
        """Lanes of the last batch whose row counts for nothing keep their state, and add nothing to the loss."""
        parts: dict[str, Any] = {"model": {"units": 2}, "training": {"epochs": 50, "batch_size": 8}}
        protocol = {"kind": "fixed", "warm_up": warm_up}
        configuration = configured(SHAMPOO, prepare={"pad": True}, protocol=protocol, **parts)
        result = packed(configuration, SHAMPOO)[1]
        keras = PaddedKeras(configuration, SHAMPOO, 51)
        assert max(differences(keras.run(50, warm_up=warm_up), result).values()) <= CLOSE
