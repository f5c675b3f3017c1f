"""Arrays of many repeats, as the database sends them, stacked to one record a configuration."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from store.database.arrays import FloatBytes
from store.records import ForecastSet, TrajectorySet

#: how arrays are read, many at once
BYTES = {name: FloatBytes(name) for name in ("float32", "float64")}


def trajectory_set(parts: dict[str, tuple[Any, ...]], dialect: str) -> TrajectorySet:
    """Stack trajectories, in the units of the series."""
    factors = np.array(parts["factor"], dtype=np.float64)[:, None]

    def read(cells: tuple[Any, ...]) -> Any:
        stored = BYTES["float32"].stacked(cells, dialect=dialect)
        return stored if (factors == 1).all() else stored * factors

    test = read(parts["test_rmse"])
    held_out = parts["validation_rmse"][0] is not None
    epochs = np.arange(1, test.shape[1] + 1, dtype=np.int64) * parts["every"][0]
    return TrajectorySet(
        repeats=np.array(parts["repeat"], dtype=np.int64),
        epochs=np.minimum(epochs, parts["epochs"][0]),
        train=read(parts["train_rmse"]),
        test=test,
        validation=read(parts["validation_rmse"]) if held_out else None,
    )


def forecast_set(parts: dict[str, tuple[Any, ...]], dialect: str) -> ForecastSet:
    """Stack forecasts of the same test rows."""
    shape = (parts["steps"][0], parts["horizon"][0], parts["targets"][0])
    read = partial(BYTES["float64"].stacked, dialect=dialect)
    return ForecastSet(
        repeats=np.array(parts["repeat"], dtype=np.int64),
        observed=read(parts["observed"][:1]).reshape(shape),
        forecast=read(parts["forecast"]).reshape(len(parts["repeat"]), *shape),
    )
