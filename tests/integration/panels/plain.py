"""A panel of shops, and what a loop with pandas and Keras makes of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scheduler.grid.grid import Grid
from store.preparation.panels import read_members
from store.records import Result
from store.schema.configuration import Configuration
from worker.engine import models
from worker.engine.template import plain_model
from worker.engine.train import Lane, train
from worker.lane import Together

LENGTHS = {"north": 30, "south": 24, "west": 27}
LAGS, TEST, EPOCHS, BATCH, SEED = 2, 4, 3, 8, 7
FIELDS: dict[str, Any] = {
    "test": TEST,
    "panel": "together",
    "prepare": {"lags": LAGS},
    "model": {"units": 2, "stateful": False},
    "training": {"epochs": EPOCHS, "batch_size": BATCH},
    "repeats": 2,
}


@cache
def shop(name: str) -> pd.Series[float]:
    """Return the sales of a shop, each of another size."""
    length = LENGTHS[name]
    draws = np.random.default_rng(length)
    return pd.Series(length * (10 + draws.normal(size=length).cumsum()), name="sales")


def source_in(folder: Path) -> dict[str, str]:
    """Write the shops to one long file, and return the field `series` that reads it."""
    path = folder / "shops.csv"
    parts = [shop(name).to_frame().assign(shop=name, day=range(LENGTHS[name])) for name in LENGTHS]
    pd.concat(parts).to_csv(path, index=False)
    return {"path": str(path), "value": "sales", "id": "shop"}


def panel(source: dict[str, Any], **fields: Any) -> tuple[list[Configuration], Together]:
    """Return the configuration on the splits of a panel of all shops, and its series."""
    grid = Grid.of(FIELDS | {"series": source} | fields)
    cells = [cell.configuration for cell in grid.cells()]
    assert cells[0].panel is not None
    members = read_members(grid.panels[cells[0].panel.content])
    series = {one.content_hash: one for one in grid.series_data()}
    return cells, Together(members=members, series=tuple(series[one.series.content_hash] for one in members))


def trained(cells: list[Configuration], together: Together, seeds: tuple[int, ...] = (SEED,)) -> list[Result]:
    """Train all results that a pack asks for."""
    lanes = [Lane(job_id=0, configuration=cell, seed=seed) for cell in cells for seed in seeds]
    return train(lanes, together, progress=lambda done, total: None)


class Plain:
    """A panel as people write it: windows with pandas, each series scaled by its own training rows, and Keras' fit."""

    def __init__(self, marks: dict[str, list[float]], on: list[str], *, lags: int = LAGS, steps: bool = False) -> None:
        """Cut the rows.

        Args:
            marks: further inputs of each series.
            on: the series that are trained on.
            lags: how many changes are seen.
            steps: whether these are steps of one input each; otherwise inputs of one step.
        """
        self.marks, self.lags, self.steps = marks, lags, steps
        self.rows = {name: self._rows(name) for name in LENGTHS}
        self.inputs, self.targets = (np.concatenate([self.rows[name][part][:-TEST] for name in on]) for part in (0, 1))
        self.curves: dict[str, list[float]] = {name: [] for name in LENGTHS}
        self.forecasts: dict[str, Any] = {}

    def fit(self, configuration: Configuration) -> None:
        """Train from the initial weights that a repeat has, and score each series after every epoch."""
        assert configuration.panel
        shape = models.Shape(
            batch=BATCH,
            timesteps=self.inputs.shape[1],
            features=self.inputs.shape[2],
            horizon=1,
            targets=1,
            embedding=configuration.panel.embedding,
        )
        weights = plain_model(configuration, shape, SEED).get_weights()
        model = models.network(configuration.model, shape, any_batch=True)
        model.set_weights(weights)
        optimizer, loss = models.optimizer(configuration.training), models.loss(configuration.training)
        model.compile(optimizer=optimizer, loss=loss, run_eagerly=True)
        targets = self.targets.reshape(-1, *model.output_shape[1:])  # a decoder forecasts a block
        for _ in range(EPOCHS):
            model.fit(self.inputs, targets, batch_size=BATCH, shuffle=False, verbose=0)
            self.forecasts = {name: self._forecast(model, name) for name in LENGTHS}
            for name, found in self.forecasts.items():
                errors = found - shop(name).to_numpy()[-TEST:]
                self.curves[name].append(float(np.sqrt(np.mean(errors**2))))

    def furthest(self, name: str, result: Result) -> float:
        """Return how far curve and forecasts of a result are from these, as a share of the size of its series."""
        assert result.trajectory
        assert result.forecasts
        curve = np.abs(result.trajectory.test_rmse - self.curves[name]).max()
        return float(
            max(curve, np.abs(result.forecasts.forecast[:, 0, 0] - self.forecasts[name]).max()) / LENGTHS[name]
        )

    def _rows(self, name: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], float, float]:
        changes = shop(name).diff()
        table = pd.DataFrame({f"lag {lag}": changes.shift(lag) for lag in range(self.lags, 0, -1)})
        table = table.assign(asked=changes).dropna()
        low, high = table[:-TEST].min(), table[:-TEST].max()
        scaled = ((table - low) / (high - low) * 2 - 1).to_numpy(np.float32)
        seen = scaled[:, : self.lags].reshape(len(table), *((-1, 1) if self.steps else (1, -1)))
        marks = np.tile(np.array(self.marks[name], np.float32), (len(table), seen.shape[1], 1))
        return np.concatenate([seen, marks], axis=2), scaled[:, self.lags :], float(low["asked"]), float(high["asked"])

    def _forecast(self, model: Any, name: str) -> np.ndarray[Any, Any]:
        inputs, _, low, high = self.rows[name]
        changes = (model(inputs[-TEST:]).numpy().reshape(TEST) + 1) / 2 * (high - low) + low
        return shop(name).shift(1).to_numpy()[-TEST:] + changes
