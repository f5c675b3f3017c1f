"""Training that stops, or slows down, by the validation rows: Keras' own callbacks, fed with that loss, agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from store.records import Result, Trajectory
from store.schema.configuration import Configuration
from tests.integration.engine.reference import CLOSE, KerasRepeat, configured, rmse, shampoo
from tests.integration.engine.test_engine_bits import bits
from worker.engine.arrays import Float32s
from worker.engine.backend import keras, tf
from worker.engine.prepare import Rows, prepare
from worker.engine.protocols.walk import child
from worker.engine.train import Lane, train, train_apart

SHAMPOO = shampoo()
EPOCHS = 30
SCHEDULE = {"factor": 0.4, "patience": 2, "min_delta": 0.002, "cooldown": 1, "min_lr": 0.01}


def one(patience: int, epochs: int = EPOCHS, restore: bool = True) -> Configuration:
    """Return a configuration that stops after so many epochs without improvement, with penalties in its loss."""
    stopping = {"patience": patience, "min_delta": 0.001, "restore_best": restore}
    training = {
        "epochs": epochs,
        "optimizer": {"name": "adam", "learning_rate": 0.15},
        "early_stopping": stopping,
        "schedule": {"name": "reduce_lr_on_plateau", **SCHEDULE},
    }
    model = {"kernel_regularizer": {"l2": 0.02}}
    return configured(SHAMPOO, training=training, model=model, protocol={"validation": 4}, prepare={"trim": 2})


def trained(*lanes: tuple[Configuration, int]) -> list[Result]:
    """Train lanes, each with its configuration and its seed."""
    made = [Lane(job_id=number, configuration=chosen, seed=seed) for number, (chosen, seed) in enumerate(lanes)]
    return train(made, SHAMPOO, progress=lambda done, total: None)


class Watched(KerasRepeat):
    """One repeat with Keras' callbacks, which are told the loss of the validation rows."""

    def curve(self, epochs: int, rows: Rows | None = None) -> list[float]:
        """Return the test RMSE after each epoch that is trained; the last is that of the weights it ends with."""
        rows = self.prepared.train if rows is None else rows
        self.model.stop_training = False
        stopping = self.configuration.training.early_stopping
        assert stopping is not None
        callbacks: list[Any] = [
            keras.callbacks.ReduceLROnPlateau(monitor="val_loss", mode="min", **SCHEDULE),
            keras.callbacks.EarlyStopping(
                mode="min",
                patience=stopping.patience,
                min_delta=stopping.min_delta,
                restore_best_weights=stopping.restore_best,
            ),
        ]
        found: list[float] = []
        for callback in callbacks:
            callback.set_model(self.model)
            callback.on_train_begin()
        while len(found) < epochs and not self.model.stop_training:
            self.fit_epochs(1, rows)
            loss = self.loss()
            for callback in callbacks:
                callback.on_epoch_end(len(found), {"val_loss": loss})
            found.append(self.score())
        callbacks[-1].on_train_end()
        return [*found[:-1], self.score()]

    def loss(self) -> float:
        """Return the mean loss of the validation rows without penalties, from a reset state."""
        rows = self.prepared.validation
        outputs = self.predict(rows)
        self.reset()
        return float(tf.reduce_mean(tf.square(outputs - rows.targets)))

    def score(self) -> float:
        """Return the test RMSE from a reset state."""
        found = rmse(self.prepared, self.prepared.test, self.predict(self.prepared.test))
        self.reset()
        return found


def curves(result: Result) -> Trajectory:
    """Return the trajectory of a result."""
    assert result.trajectory
    return result.trajectory


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")
def test_lanes_stop_and_slow_down_as_keras_does() -> None:
    """Each by itself: lanes of one program wait differently long, end at another epoch or restore the best weights."""
    chosen = [(one(2), 50), (one(5), 51), (one(0), 52), (one(29, 8), 50)]
    keras_repeat, stopped = Watched(one(2), SHAMPOO, 50), []
    for (configuration, seed), result in zip(chosen, trained(*chosen), strict=True):
        keras_repeat.configuration = configuration
        keras_repeat.restart(seed)
        keras_repeat.model.optimizer.learning_rate = 0.15
        expected = keras_repeat.curve(configuration.training.epochs)
        found = curves(result).test_rmse
        assert len(found) == configuration.training.epochs
        assert np.abs(found[: len(expected)] - expected).max() <= CLOSE
        assert np.all(found[len(expected) :] == found[len(expected) - 1])
        assert abs(result.test_rmse - expected[-1]) <= CLOSE
        stopped.append(len(expected))
        assert bits(trained((configuration, seed))[0]) == bits(result)
    assert stopped[-1] == 8
    assert len(set(stopped)) == 4
    assert max(stopped) < EPOCHS


def test_lanes_with_rows_of_their_own_stop_by_themselves() -> None:
    """A stopped lane is left as it is by those with other rows, and the loss is that of its own validation rows."""
    configuration = one(3)
    rows = [prepare(configuration, SHAMPOO), prepare(configuration, shorter())]
    lanes = [Lane(job_id=number, configuration=configuration, seed=50) for number in range(2)]
    both = train_apart(lanes, rows, progress=lambda done, total: None)
    for lane, own, result in zip(lanes, rows, both, strict=True):
        assert bits(train_apart([lane], [own], progress=lambda done, total: None)[0]) == bits(result)
    (shared,) = trained((configuration, 50))
    assert np.abs(curves(shared).test_rmse - curves(both[0]).test_rmse).max() <= CLOSE


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")
def test_every_fit_of_a_walk_stops_by_the_rows_that_are_held_out() -> None:
    """An update goes on from where the fit before stopped, whenever the lanes beside it did; a refit from scratch."""
    parts = one(2, 12).model_dump(exclude_defaults=True)
    parts |= {"test": 3, "prepare": {"trim": 0}, "training": parts["training"] | {"batch_size": 2}}
    update, refit = (
        Configuration.model_validate(parts | {"protocol": {"validation": 4, **protocol}})
        for protocol in ({"kind": "update", "update_epochs": 6}, {"kind": "refit"})
    )
    keras_repeat, found = Watched(update, SHAMPOO, 50), []
    keras_repeat.restart(50)
    for step, epochs in enumerate((12, 6, 6)):
        known = keras_repeat.prepared.known(step)
        assert len(known) == 27 + step
        keras_repeat.curve(epochs, known[len(known) % 2 :])
        found.append(keras_repeat.predict(keras_repeat.prepared.test[step : step + 1]))
        keras_repeat.reset()
    first, *_ = trained((update, 50), (update, 51), (update, 52))
    assert_forecasts(first, keras_repeat, np.concatenate(found))
    assert bits(trained((update, 50))[0]) == bits(first)
    keras_repeat.configuration = refit
    keras_repeat.restart(child(50, 2))
    keras_repeat.model.optimizer.learning_rate = 0.15
    keras_repeat.curve(12, keras_repeat.prepared.known(2)[1:])
    last = keras_repeat.predict(keras_repeat.prepared.test[2:])
    assert_forecasts(trained((refit, 50))[0], keras_repeat, last)


def assert_forecasts(result: Result, keras_repeat: Watched, expected: Float32s) -> None:
    """Compare the last forecasts of a result with scaled ones."""
    rows = keras_repeat.prepared.test[-len(expected) :]
    assert result.forecasts
    found = result.forecasts.forecast[-len(expected) :]
    assert np.abs(found - keras_repeat.prepared.invert(expected, rows)).max() <= CLOSE


def shorter() -> Any:
    """Return the series without its first four values."""
    return type(SHAMPOO)(name="shorter", columns=SHAMPOO.columns, values=SHAMPOO.values[4:], content_hash="shorter")
