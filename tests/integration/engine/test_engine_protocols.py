"""Protocols and dropout equal what plain Keras makes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from store.records import Result, Series
from store.schema.configuration import Configuration, Update
from tests.integration.engine.reference import CLOSE, KerasRepeat, configured, differences, shampoo
from worker.engine import models
from worker.engine.arrays import Float64s
from worker.engine.backend import ON_GPU
from worker.engine.layouts import lanes
from worker.engine.protocols.walk import child
from worker.engine.train import Lane, train

SHAMPOO = shampoo()


def packed(configuration: Configuration, series: Series = SHAMPOO, repeats: int = 3) -> list[Result]:
    """Train a pack of repeats of one configuration, from seed 50 on."""
    lanes = [Lane(job_id=number, configuration=configuration, seed=50 + number) for number in range(repeats)]
    return train(lanes, series, progress=lambda done, total: None)


def forecast(result: Result) -> Float64s:
    """Return the forecasts of a result."""
    assert result.forecasts
    return result.forecasts.forecast


class TestUpdate:
    """Training on during the walk forward."""

    @pytest.mark.parametrize(("update_epochs", "last", "batch"), [(0, None, 1), (3, None, 1), (2, 4, 1), (2, 9, 4)])
    def test_update_is_the_plain_loop(self, update_epochs: int, last: int | None, batch: int) -> None:
        """Fit, forecast a row, let it join the rows, fit on, and so forth; states are reset after epochs alone."""
        protocol = {"kind": "update", "update_epochs": update_epochs, "last": last}
        configuration = configured(SHAMPOO, training={"epochs": 50, "batch_size": batch}, protocol=protocol)
        result = packed(configuration)[1]
        assert np.abs(forecast(result) - self.plain(configuration)).max() <= CLOSE
        assert result.trajectory is None
        assert np.isnan(result.train_rmse)

    def plain(self, configuration: Configuration) -> Float64s:
        """Walk forward with Keras."""
        keras = KerasRepeat(configuration, SHAMPOO, 51)
        assert isinstance(configuration.protocol, Update)
        self.fit(keras, configuration.training.epochs, keras.prepared.train)
        found = []
        for step in range(len(keras.prepared.test)):
            seen = keras.prepared.known(step)
            if step and configuration.protocol.update_epochs:
                self.fit(
                    keras, configuration.protocol.update_epochs, seen[-(configuration.protocol.last or len(seen)) :]
                )
            found.append(keras.predict(keras.prepared.test[step : step + 1]))
        return keras.prepared.invert(np.concatenate(found), keras.prepared.test)

    def fit(self, keras: KerasRepeat, epochs: int, rows: Any) -> None:
        """Train some epochs with a reset after each; the first rows are left out where they fill no batch."""
        rows = rows[len(rows) % keras.batch :]
        for _ in range(epochs):
            keras.fit(rows)
            keras.reset()


def test_refit_trains_a_new_model_before_each_forecast() -> None:
    """The forecast of the sixth row is that of a model fitted to all rows before it, from a start of its own."""
    configuration = configured(SHAMPOO, training={"epochs": 50, "batch_size": 1}, protocol={"kind": "refit"})
    result = packed(configuration)[1]
    keras = KerasRepeat(configuration, SHAMPOO, child(51, 5))
    for _ in range(50):
        keras.fit(keras.prepared.known(5))
        keras.reset()
    row = keras.prepared.test[5:6]
    expected = keras.prepared.invert(keras.predict(row), row)
    assert np.abs(forecast(result)[5:6] - expected).max() <= CLOSE


def test_refits_of_a_repeat_start_apart() -> None:
    """Without training, forecasts of one and the same input differ from refit to refit, and not from run to run."""
    series = Series(name="flat", columns=("value",), values=np.arange(30.0)[:, None], content_hash="flat")
    training = {"epochs": 1, "batch_size": 1, "optimizer": {"name": "sgd", "learning_rate": 1e-30}}
    configuration = configured(series, prepare={"scale": None}, training=training, protocol={"kind": "refit"})
    first, again = (forecast(packed(configuration, series)[1])[:, 0, 0] for _ in range(2))
    assert len(np.unique(np.round(np.diff(first), 3))) > 5
    assert first.tolist() == again.tolist()


@pytest.mark.parametrize(("batch", "asked"), [(9, 9), (3, 1)])
def test_batch_transfer_copies_weights(batch: int, asked: int) -> None:
    """Weights trained at one batch size forecast the training rows at another, the state running through them."""
    values = np.arange(10)[:, None] / 10
    series = Series(name="fractions", columns=("value",), values=values, content_hash="fractions")
    configuration = configured(
        series,
        test=0,
        prepare={"difference": 0, "scale": None, "target_at": "previous"},
        model={"units": 10},
        training={"epochs": 50, "batch_size": batch},
        protocol={"kind": "batch_transfer", "forecast_batch_size": asked},
    )
    keras = KerasRepeat(configuration, series, 51)
    for _ in range(50):
        keras.fit(keras.prepared.train)
        keras.reset()
    shape = models.Shape(batch=asked, timesteps=1, features=1, horizon=1, targets=1)
    copied = models.network(configuration.model, shape)
    copied.set_weights(keras.model.get_weights())
    inputs = keras.prepared.train.inputs
    expected = np.concatenate([copied(inputs[first : first + asked]) for first in range(0, 9, asked)])
    assert np.abs(forecast(packed(configuration, series)[1])[:, 0] - expected).max() <= CLOSE


DROPPING: dict[str, Any] = {"units": 3, "dropout": 0.2, "recurrent_dropout": 0.3}


class TestDropout:
    """Masks: Keras applies them, and only the draws are ours."""

    def test_dropout_is_keras_own_with_the_same_draws(self) -> None:
        """Keras' training with masks drawn as ours gives the same curves."""
        configuration = configured(SHAMPOO, model=DROPPING, training={"epochs": 50})
        result = packed(configuration)[1]
        reference = KerasRepeat(configuration, SHAMPOO, 51, our_draws=True).run(50)
        assert max(differences(reference, result).values()) <= CLOSE

    def test_scores_are_distributed_as_with_keras_own_draws(self) -> None:
        """80 repeats against 80 Keras trainings that draw their masks by Keras: mean, spread and quantiles agree."""
        epochs, repeats = 6, 80
        optimizer = {"name": "adam", "learning_rate": 0.04}
        configuration = configured(
            SHAMPOO, model=DROPPING, training={"epochs": epochs, "optimizer": optimizer, "batch_size": 4}
        )
        ours = np.array([result.test_rmse for result in packed(configuration, repeats=repeats)])
        # Other seeds than the packed repeats have: the two samples share no initial weights.
        theirs = KerasRepeat(configuration, SHAMPOO, 1000).scores(epochs, range(1000, 1000 + repeats))
        error = np.sqrt((ours.var(ddof=1) + theirs.var(ddof=1)) / repeats)
        assert abs(ours.mean() - theirs.mean()) < 3.5 * error
        assert 0.75 < ours.std(ddof=1) / theirs.std(ddof=1) < 1.34
        assert stats.ks_2samp(ours, theirs).pvalue > 0.001

    def test_repeats_differ_and_depend_on_their_seed(self) -> None:
        """With weights that start alike, seeds alone make repeats differ; without dropout they would not."""
        alike = {"name": "constant", "value": 0.3}
        model = {"kernel_initializer": alike, "recurrent_initializer": alike, "units": 3}
        first, second = packed(configured(SHAMPOO, model=model | DROPPING, training={"epochs": 5}), repeats=2)
        assert first.test_rmse != second.test_rmse
        again = packed(configured(SHAMPOO, model=model | DROPPING, training={"epochs": 5}), repeats=1)[0]
        assert again.test_rmse == first.test_rmse


def test_validation_rows_are_a_third_curve() -> None:
    """The last training rows are held out and scored; nothing else of them is seen."""
    protocol = {"kind": "fixed", "validation": 4, "evaluate_every": 5}
    result = packed(configured(SHAMPOO, training={"epochs": 12}, prepare={"trim": 2}, protocol=protocol))[0]
    assert result.trajectory
    assert result.trajectory.validation_rmse is not None
    assert len(result.trajectory.validation_rmse) == len(result.trajectory.test_rmse) == 3


@pytest.mark.parametrize("dropped", [{}, {"dropout": 0.2, "recurrent_dropout": 0.1}], ids=["plain", "dropout"])
def test_large_models_run_alone(dropped: dict[str, float]) -> None:
    """A model that fills a processor is not packed there, loops over time as Keras does, and equals Keras."""
    series = Series(
        name="long", columns=("value",), values=np.sin(np.arange(150) / 5)[:, None] * 100, content_hash="long"
    )
    configuration = configured(
        series,
        test=20,
        prepare={"lags": 12, "lags_as": "timesteps"},
        model={"units": 64, "stateful": False} | dropped,
        training={"epochs": 3, "batch_size": 59},
    )
    assert lanes(configuration, 12, 1) == (32 if ON_GPU else 1)
    result = packed(configuration, series, repeats=2)[1]
    reference = KerasRepeat(configuration, series, 51, our_draws=True).run(3)
    assert max(differences(reference, result).values()) <= CLOSE
