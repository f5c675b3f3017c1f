"""What plain Keras makes of a repeat: the reference that packed training is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from scheduler.series.source import BUNDLED
from store.records import Result, Series
from store.schema.configuration import Configuration, Fixed, Refit, Update
from worker.engine import models
from worker.engine.arrays import Float32s, Float64s
from worker.engine.backend import tf
from worker.engine.epochs.orders import after, begin, order
from worker.engine.epochs.schedules import rate
from worker.engine.layers.lane_layers import draw_masks
from worker.engine.prepare import Prepared, Rows, prepare
from worker.engine.template import Template, plain_model
from worker.engine.train import Lane, train

#: how far packed training may be from Keras, in RMSE units
CLOSE = 1e-4


def shampoo() -> Series:
    """Read the bundled series of monthly sales."""
    path = BUNDLED / "shampoo.csv"
    values = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=1)
    return Series(name="shampoo", columns=("Sales",), values=values[:, None], content_hash="shampoo")


def contrived(observations: int = 12) -> Series:
    """Return two series and their sum, not quite linear so that every weight matters."""
    first = np.arange(observations) * 10.0 + 10 + 7 * np.sin(np.arange(observations))
    second = first + 5 + 3 * np.cos(np.arange(observations) * 2.0)
    values = np.stack([first, second, first + second], axis=-1)
    return Series(name="contrived", columns=("a", "b", "sum"), values=values, content_hash="contrived")


def configured(series: Series, **parts: Any) -> Configuration:
    """Return a configuration of a series; parts are given as in a grid, the columns are all by default."""
    columns = {"targets": series.columns, "inputs": series.columns} | parts.pop("columns", {})
    chosen = {"name": series.name, "content_hash": series.content_hash, **columns}
    return Configuration.model_validate({"series": chosen, **parts})


@dataclass(frozen=True, kw_only=True)
class Reference:
    """RMSE after each epoch, and the last forecasts of the test rows, all in the units of the series."""

    train: Float64s
    test: Float64s
    forecast: Float64s


def rmse(prepared: Prepared, rows: Rows, scaled: Float32s) -> float:
    """Score scaled forecasts by inverting them."""
    return float(np.sqrt(np.mean((prepared.invert(scaled, rows) - rows.observed) ** 2)))


class KerasRepeat:
    """One repeat, trained by Keras: by its `train_step` in a graph, or literally by `fit` and `predict`."""

    def __init__(
        self,
        configuration: Configuration,
        series: Series,
        seed: int,
        *,
        literal: bool = False,
        rows_free: bool = False,
        our_draws: bool = False,
        traced: bool = True,
    ) -> None:
        self.configuration, self.literal = configuration, literal
        self.prepared = prepare(configuration, series)
        self.batch = configuration.training.batch_size
        self.model = plain_model(configuration, self._shape(), seed)
        if rows_free:  # a last batch may be smaller
            fixed, self.model = self.model, models.network(configuration.model, self._shape(), any_batch=True)
            self.model.set_weights(fixed.get_weights())
        asked = _asked_at_once(configuration)
        #: what forecasts in batches of another size, with the same weights
        self._copy = None if asked == self.batch else models.network(configuration.model, self._shape(asked))
        self.model.compile(optimizer=models.optimizer(configuration.training), loss=models.loss(configuration.training))
        #: what masks are drawn from, where they are drawn as lanes do
        self._seeds = models.seeds(self.model) if our_draws else []
        for drawing in models.dropping(self.model) if our_draws else ():
            draw_masks(drawing)
        self._fresh: list[Any] = []
        self._order = begin(seed) if configuration.training.shuffle else None
        self._epochs = count()
        self._step, self._call = self._trained, self._forecast
        if traced:
            self.model.optimizer.build(self.model.trainable_variables)  # or the first step is traced twice
            self._step, self._call = (tf.function(one, autograph=False) for one in (self._step, self._call))

    def _trained(self, inputs: Any, targets: Any) -> Any:
        return self.model.train_step((inputs, targets))

    def _forecast(self, inputs: Any) -> Any:
        return (self.model if self._copy is None else self._copy)(inputs, training=False)

    def _shape(self, batch: int | None = None) -> models.Shape:
        _, timesteps, features = self.prepared.train.inputs.shape
        _, horizon, targets = self.prepared.train.targets.shape
        return models.Shape(
            batch=batch or self.batch,
            timesteps=timesteps,
            features=features,
            horizon=horizon,
            targets=targets,
            quantiles=len(self.configuration.training.loss.quantiles),
        )

    def run(self, epochs: int, *, warm_up: bool = False) -> Reference:
        """Train and score after every epoch, with states reset between all of it but for `warm_up`."""
        curves: dict[str, list[float]] = {"train": [], "test": []}
        forecast: Float32s = np.empty(0, np.float32)
        for _ in range(epochs):
            self.fit(self.prepared.train)
            self.reset()
            trained = self.predict(self.prepared.train)
            if not warm_up:
                self.reset()
            forecast = self.predict(self.prepared.test)
            self.reset()
            curves["train"].append(rmse(self.prepared, self.prepared.train, trained))
            curves["test"].append(rmse(self.prepared, self.prepared.test, forecast))
        return Reference(
            train=np.array(curves["train"]),
            test=np.array(curves["test"]),
            forecast=self.prepared.invert(forecast, self.prepared.test),
        )

    def scores(self, epochs: int, seeds: Iterable[int]) -> Float64s:
        """Train from the initial weights of each seed in turn, going on with the same draws; give the test RMSEs."""
        starts = Template.of(self.configuration, self._shape())
        self.model.optimizer.build(self.model.trainable_variables)
        fresh = [variable.numpy() for variable in self.model.optimizer.variables]
        found = []
        for seed in seeds:
            self.model.set_weights(starts.initial_weights(seed))
            for variable, value in zip(self.model.optimizer.variables, fresh, strict=True):
                variable.assign(value)
            for _ in range(epochs):
                self.fit(self.prepared.train)
                self.reset()
            found.append(rmse(self.prepared, self.prepared.test, self.predict(self.prepared.test)))
            self.reset()
        return np.array(found)

    def restart(self, seed: int) -> None:
        """Begin anew, as the repeat of another seed; the first time before any training."""
        starts = Template.of(self.configuration, self._shape())
        self.model.set_weights(starts.initial_weights(seed))
        self.model.optimizer.build(self.model.trainable_variables)
        self._fresh = self._fresh or [variable.numpy() for variable in self.model.optimizer.variables]
        for variable, value in zip(self.model.optimizer.variables, self._fresh, strict=True):
            variable.assign(value)
        for variable, value in zip(self._seeds, starts.initial_seeds(seed), strict=True):
            variable.assign(value)
        self._order, self._epochs = None if self._order is None else begin(seed), count()
        self.reset()

    def fit_epochs(self, epochs: int, rows: Rows) -> None:
        """Train some epochs, with a reset of the states after each."""
        for _ in range(epochs):
            self.fit(rows)
            self.reset()

    def fit(self, rows: Rows) -> None:
        """Train one epoch, on the rows in the order that a lane has them, with the learning rate of the epoch."""
        training, epoch = self.configuration.training, next(self._epochs)
        if training.paces is not None:
            initial = tf.constant(training.optimizer.learning_rate)
            self.model.optimizer.learning_rate = rate(training.paces, initial, epoch)
        if self._order is not None:
            rows = rows[order(self._order[None], tf.ones(len(rows)))[0].numpy()]
            self._order = after(self._order).numpy()
        if self.literal:
            inputs, targets = rows.inputs, self._asked(rows)
            self.model.fit(inputs, targets, batch_size=self.batch, epochs=1, shuffle=False, verbose=0)
        else:
            for cut in self._cuts(rows):
                self._step(tf.constant(rows.inputs[cut]), tf.constant(self._asked(rows)[cut]))

    def _cuts(self, rows: Rows) -> list[slice]:
        return [slice(first, first + self.batch) for first in range(0, len(rows), self.batch)]

    def _asked(self, rows: Rows) -> Float32s:
        *leading, outputs = self.model.output_shape[1:]
        return rows.targets.reshape(len(rows), *leading, outputs // len(self.configuration.training.loss.quantiles))

    def predict(self, rows: Rows) -> Float32s:
        """Forecast rows in batches; what masks are drawn from stays as it is."""
        if self._copy is not None:
            return self._median(self._by_copy(rows), rows)
        before = [seed.numpy() for seed in self._seeds]
        if self.literal:
            outputs = self.model.predict(rows.inputs, batch_size=self.batch, verbose=0)
        else:
            outputs = np.concatenate([self._call(tf.constant(rows.inputs[cut])) for cut in self._cuts(rows)])
        for seed, value in zip(self._seeds, before, strict=True):
            seed.assign(value)
        return self._median(outputs, rows)

    def _by_copy(self, rows: Rows) -> Float32s:
        assert self._copy is not None
        self._copy.set_weights(self.model.get_weights())
        size = self._copy.input_shape[0]
        cuts = [rows.inputs[first : first + size] for first in range(0, len(rows), size)]
        return np.concatenate([self._call(tf.constant(cut)) for cut in cuts])

    def _median(self, outputs: Float32s, rows: Rows) -> Float32s:
        quantiles = self.configuration.training.loss.quantiles
        return outputs.reshape(*rows.targets.shape, len(quantiles))[..., quantiles.index(0.5)]

    def reset(self) -> None:
        """Reset the states of all recurrent layers."""
        for model in (self.model, self._copy):
            for layer in [] if model is None else models.recurrent(model):
                layer.reset_state()


def _asked_at_once(configuration: Configuration) -> int:
    """Return how many rows are forecast at once, with copied weights where these are not those trained on at once."""
    protocol = configuration.protocol
    if isinstance(protocol, Update | Refit):
        return 1
    given = protocol.forecast_batch_size if isinstance(protocol, Fixed) else None
    return given or configuration.training.batch_size


def differences(reference: Reference, result: Any) -> Mapping[str, float]:
    """Return the largest difference of the curves and of the forecasts between Keras and a result."""
    return {
        "train": float(np.abs(reference.train - result.trajectory.train_rmse).max()),
        "test": float(np.abs(reference.test - result.trajectory.test_rmse).max()),
        "forecast": float(np.abs(reference.forecast - result.forecasts.forecast).max()),
    }


def packed(configuration: Configuration, series: Series, seeds: range = range(50, 53)) -> list[Result]:
    """Train a pack of repeats of one configuration."""
    lanes = [Lane(job_id=seed, configuration=configuration, seed=seed) for seed in seeds]
    return train(lanes, series, progress=lambda done, total: None)


def difference(
    series: Series, *, epochs: int = 50, literal: bool = False, warm_up: bool = False, **parts: Any
) -> float:
    """Train by both and give the largest difference of curves and forecasts."""
    training = {"epochs": epochs} | parts.pop("training", {})
    protocol = {"kind": "fixed", "warm_up": warm_up}
    configuration = configured(series, training=training, protocol=protocol, **parts)
    result = packed(configuration, series)[1]
    reference = KerasRepeat(configuration, series, 51, literal=literal).run(epochs, warm_up=warm_up)
    return max(differences(reference, result).values())
