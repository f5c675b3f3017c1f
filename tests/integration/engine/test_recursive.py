"""A model of one step that is fed its own forecasts equals the loop that people write with Keras and scikit-learn."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from store.records import Series
from store.schema.configuration import Configuration, Update
from tests.integration.engine.reference import configured, packed
from worker.engine import models
from worker.engine.template import plain_model

Floats = NDArray[np.float64]
LENGTH, TEST, HORIZON = 30, 4, 3
_TIME = np.arange(LENGTH)
SALES = np.exp(4 + 0.02 * _TIME + 0.2 * np.sin(_TIME / 2) + 0.1 * np.random.default_rng(0).normal(size=LENGTH))
PLAN = np.random.default_rng(1).normal(size=LENGTH) + 3
SERIES = Series(name="x", columns=("sales", "plan"), values=np.stack([SALES, PLAN], axis=1), content_hash="x")
TRAINING = {"epochs": 2, "batch_size": 1}


@cache
def forecast(configuration: str) -> Floats:
    """Train a pack of two repeats, and return the forecasts of one of them, (rows, horizon)."""
    result = packed(Configuration.model_validate_json(configuration), SERIES, range(50, 52))[1]
    if result.trajectory:
        assert result.trajectory.test_rmse[-1] == pytest.approx(result.test_rmse, rel=1e-5)
    assert result.forecasts
    return np.asarray(result.forecasts.forecast[..., 0])


def trained(configuration: Configuration, inputs: Floats, targets: Floats) -> Any:
    """Train the plain Keras model of one step."""
    shape = models.Shape(batch=1, timesteps=inputs.shape[1], features=inputs.shape[2], horizon=1, targets=1)
    model = plain_model(configuration, shape, 51)
    model.compile(optimizer=models.optimizer(configuration.training), loss="mse", run_eagerly=True)
    rows = inputs.astype(np.float32), targets.astype(np.float32)
    for _ in range(TRAINING["epochs"]):
        model.fit(*rows, batch_size=1, shuffle=False, verbose=0)
        model.layers[0].reset_state()
    return model


def said(model: Any, row: Floats) -> float:
    """Forecast one scaled row of features, (timesteps, features)."""
    return float(model(row[None].astype(np.float32), training=False)[0, 0])


class TestAPlanThatIsKnownAhead:
    """Log sales are differenced; a row sees three lags of them, and of the plan the value at the forecast step.

    The model is stateful: its state runs on from row to row, and later steps move a copy of it on.
    """

    CONFIGURATION = configured(
        SERIES,
        columns={"targets": ("sales",), "inputs": ("sales", "plan"), "seen": {"plan": {"lags": 1, "known": True}}},
        test=TEST,
        prepare={
            "strategy": "recursive",
            "horizon": HORIZON,
            "lags": 3,
            "transform": {"sales": "log"},
            "difference": {"plan": 0},
            "scale": {"plan": "standard"},
        },
        training=TRAINING,
        model={"units": 2, "stateful": True},
    )

    @staticmethod
    def row(changes: Floats, time: int) -> Floats:
        """Return what is known of a step before it: by time, then by column."""
        return np.array([*changes[time - 2 : time + 1], PLAN[time], PLAN[time + 1]])

    def expected(self) -> Floats:
        """Return the forecasts of the plain loop, (rows, horizon)."""
        logs = np.log(SALES)
        changes = np.diff(logs, prepend=np.nan)
        starts = range(3, LENGTH - HORIZON)
        test = list(starts)[-TEST:]
        training = [time for time in starts if time + HORIZON <= test[0]]
        rows = np.array([self.row(changes, time) for time in training])
        of_sales, of_plan = MinMaxScaler((-1, 1)).fit(rows[:, :3]), StandardScaler().fit(rows[:, 3:])
        asked = MinMaxScaler((-1, 1)).fit(changes[np.array(training) + 1, None])

        def scaled(values: Floats) -> Floats:
            return np.hstack([of_sales.transform(values[:, :3]), of_plan.transform(values[:, 3:])])

        targets = asked.transform(changes[np.array(training) + 1, None])
        model = trained(self.CONFIGURATION, scaled(rows)[:, None], targets)
        states, found = model.layers[0].states, []
        for time in test:
            known, after = changes.copy(), list[Any]()
            known[time + 1 :] = np.nan
            for step in range(time, time + HORIZON):
                forecast = said(model, scaled(self.row(known, step)[None]))
                known[step + 1] = asked.inverse_transform([[forecast]])[0, 0]
                after = after or [state.numpy() for state in states]
            for state, value in zip(states, after, strict=True):
                state.assign(value)
            found.append(np.exp(logs[time] + np.cumsum(known[time + 1 : time + HORIZON + 1])))
        return np.array(found)

    def test_it_is_the_plain_loop(self) -> None:
        """In the units of the series."""
        np.testing.assert_allclose(forecast(self.CONFIGURATION.canonical()), self.expected(), rtol=2e-6)

    def test_an_update_of_nothing_forecasts_the_same(self) -> None:
        """One row at a time."""
        walked = self.CONFIGURATION.model_copy(update={"protocol": Update(kind="update", update_epochs=0)})
        found = forecast(walked.canonical())
        np.testing.assert_allclose(found, forecast(self.CONFIGURATION.canonical()), rtol=1e-5)
