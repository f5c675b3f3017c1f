"""Forecasts beyond the end equal those of plain Keras that is trained on all rows, and fed its own forecasts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from store.records import Series
from tests.integration.engine.reference import configured, packed
from worker.engine import models
from worker.engine.template import plain_model

Floats = NDArray[np.float64]
LENGTH, AHEAD, AT_ONCE = 30, 4, 2
_TIME = np.arange(LENGTH)
SALES = np.exp(4 + 0.02 * _TIME + 0.2 * np.sin(_TIME / 2) + 0.1 * np.random.default_rng(0).normal(size=LENGTH))
PLAN = np.random.default_rng(1).normal(size=LENGTH + AHEAD) + 3
_AHEAD = np.stack([np.append(SALES, [np.nan] * AHEAD), PLAN], axis=1)
PLANNED = Series(name="x", columns=("sales", "plan"), values=_AHEAD, content_hash="x")
ALONE = Series(name="y", columns=("sales",), values=SALES[:, None], content_hash="y")
SEEDS = range(50, 52)


def trained(configuration: Any, inputs: Floats, targets: Floats, *, batch: int) -> Any:
    """Train the plain Keras model."""
    size = targets.shape[1]
    shape = models.Shape(batch=batch, timesteps=1, features=inputs.shape[1], horizon=size, targets=1)
    model = plain_model(configuration, shape, SEEDS[1])
    model.compile(optimizer=models.optimizer(configuration.training), loss="mse", run_eagerly=True)
    rows = inputs[:, None].astype(np.float32), targets.astype(np.float32)
    for _ in range(configuration.training.epochs):
        model.fit(*rows, batch_size=batch, shuffle=False, verbose=0)
        if configuration.model.stateful:
            model.layers[0].reset_state()
    return model


def said(model: Any, rows: Floats, batch: int = 1) -> Floats:
    """Forecast scaled rows of features, of which the first is repeated to fill a batch."""
    filled = np.repeat(rows[:, None], batch, axis=0)[: max(batch, len(rows))]
    return np.asarray(model(filled.astype(np.float32), training=False))[0]


def test_blocks_of_a_stateful_model_go_on_from_its_own_forecasts() -> None:
    """Log sales are differenced, the plan is known ahead, and the state runs over all rows, one by one."""
    configuration = configured(
        PLANNED,
        columns={"targets": ("sales",), "inputs": ("sales", "plan"), "seen": {"plan": {"lags": 1, "known": True}}},
        prepare={
            "horizon": AT_ONCE,
            "lags": 2,
            "transform": {"sales": "log"},
            "difference": {"plan": 0},
            "scale": {"plan": "standard"},
        },
        training={"epochs": 2, "batch_size": 1},
        model={"units": 2, "stateful": True},
        future={"steps": AHEAD, "given": AHEAD},
    )
    logs = np.log(SALES)
    changes = np.append(np.diff(logs, prepend=np.nan), [np.nan] * AHEAD)

    def row(time: int) -> Floats:
        return np.array([*changes[time - 1 : time + 1], *PLAN[time : time + 1 + AT_ONCE]])

    rows = np.array([row(time) for time in range(2, LENGTH)])
    training = len(rows) - AT_ONCE
    asked_at = np.arange(2, LENGTH - AT_ONCE)[:, None] + [1, 2]
    of_sales = MinMaxScaler((-1, 1)).fit(rows[:training, :2])
    of_plan = StandardScaler().fit(rows[:training, 2:])
    asked = MinMaxScaler((-1, 1)).fit(changes[asked_at])

    def scaled(values: Floats) -> Floats:
        return np.hstack([of_sales.transform(values[:, :2]), of_plan.transform(values[:, 2:])])

    model = trained(configuration, scaled(rows[:training]), asked.transform(changes[asked_at]), batch=1)
    for known in rows[:-1]:
        said(model, scaled(known[None]))
    for time in range(LENGTH - 1, LENGTH + AHEAD - AT_ONCE):
        forecast = asked.inverse_transform(said(model, scaled(row(time)[None]))[None])[0]
        if (time - LENGTH + 1) % AT_ONCE == 0:
            changes[time + 1 : time + 1 + AT_ONCE] = forecast
    expected = np.exp(logs[-1] + np.cumsum(changes[LENGTH:]))

    (_, result) = packed(configuration, PLANNED, SEEDS)
    assert result.forecasts
    np.testing.assert_allclose(result.forecasts.forecast.ravel(), expected, rtol=2e-6)
    assert np.isnan(result.forecasts.observed).all()
    assert np.isnan(result.test_rmse)
    assert not result.diverged
    assert result.trajectory is None


def test_one_step_is_repeated_after_the_oldest_rows_were_trimmed() -> None:
    """Of 27 rows that batches of 4 do not divide, the first three are left out."""
    configuration = configured(
        ALONE,
        prepare={"lags": 2, "difference": 1},
        training={"epochs": 2, "batch_size": 4},
        model={"units": 2, "stateful": False},
        future={"steps": 3},
    )
    changes = np.diff(SALES, prepend=np.nan)
    rows = np.array([changes[time - 1 : time + 1] for time in range(2, LENGTH - 1)])
    seen, asked = MinMaxScaler((-1, 1)).fit(rows), MinMaxScaler((-1, 1)).fit(changes[3:, None])
    kept = seen.transform(rows)[len(rows) % 4 :], asked.transform(changes[3:, None])[len(rows) % 4 :]
    model = trained(configuration, *kept, batch=4)
    found = list(changes)
    for _ in range(3):
        forecast = said(model, seen.transform([found[-2:]]), 4)
        found.append(asked.inverse_transform(forecast[None])[0, 0])
    expected = SALES[-1] + np.cumsum(found[LENGTH:])

    (_, result) = packed(configuration, ALONE, SEEDS)
    assert result.forecasts
    np.testing.assert_allclose(result.forecasts.forecast.ravel(), expected, rtol=2e-6)
