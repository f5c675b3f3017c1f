"""One model on several series: what a loop with pandas and Keras gives, whichever results a pack asks for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scheduler.grid.grid import Grid
from store.preparation.panels import read_members
from store.records import Result
from store.schema.configuration import Configuration
from tests.integration.engine.reference import CLOSE
from tests.integration.engine.test_engine_bits import bits
from worker.engine import models
from worker.engine.batches import together as together_rows
from worker.engine.protocols.joined import Joined
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


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Write the shops to one long file, and return the field `series` that reads it."""
    path: Path = tmp_path_factory.mktemp("shops") / "shops.csv"
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

    def __init__(self, marks: dict[str, list[float]], on: list[str]) -> None:
        self.marks = marks
        self.rows = {name: self._rows(name) for name in LENGTHS}
        self.inputs, self.targets = (np.concatenate([self.rows[name][part][:-TEST] for name in on]) for part in (0, 1))
        self.curves: dict[str, list[float]] = {name: [] for name in LENGTHS}
        self.forecasts: dict[str, Any] = {}

    def fit(self, configuration: Configuration) -> None:
        """Train from the initial weights that a repeat has, and score each series after every epoch."""
        assert configuration.panel
        shape = models.Shape(
            batch=BATCH,
            timesteps=1,
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
        for _ in range(EPOCHS):
            model.fit(self.inputs, self.targets, batch_size=BATCH, shuffle=False, verbose=0)
            self.forecasts = {name: self._forecast(model, name) for name in LENGTHS}
            for name, found in self.forecasts.items():
                errors = found - shop(name).to_numpy()[-TEST:]
                self.curves[name].append(float(np.sqrt(np.mean(errors**2))))

    def _rows(self, name: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], float, float]:
        changes = shop(name).diff()
        table = pd.DataFrame({f"lag {lag}": changes.shift(lag) for lag in range(LAGS, 0, -1)})
        table = table.assign(asked=changes).dropna()
        low, high = table[:-TEST].min(), table[:-TEST].max()
        scaled = ((table - low) / (high - low) * 2 - 1).to_numpy(np.float32)
        marks = np.tile(np.array(self.marks[name], np.float32), (len(table), 1))
        inputs = np.hstack([scaled[:, :LAGS], marks])[:, None]
        return inputs, scaled[:, LAGS:], float(low["asked"]), float(high["asked"])

    def _forecast(self, model: Any, name: str) -> np.ndarray[Any, Any]:
        inputs, _, low, high = self.rows[name]
        changes = (model(inputs[-TEST:]).numpy()[:, 0] + 1) / 2 * (high - low) + low
        return shop(name).shift(1).to_numpy()[-TEST:] + changes


def test_a_panel_is_what_pandas_and_keras_make_of_it(source: dict[str, str]) -> None:
    """Curves, forecasts and scores of all series."""
    cells, together = panel(source)
    plain = Plain({name: [] for name in LENGTHS}, list(LENGTHS))
    plain.fit(cells[0])
    for (name, size), result in zip(LENGTHS.items(), trained(cells, together), strict=True):
        assert result.trajectory
        assert result.forecasts
        assert result.forecasts.observed[:, 0, 0].tolist() == shop(name)[-TEST:].tolist()
        assert np.abs(result.trajectory.test_rmse - plain.curves[name]).max() < size * CLOSE
        assert np.abs(result.forecasts.forecast[:, 0, 0] - plain.forecasts[name]).max() < size * CLOSE
        assert result.test_rmse == pytest.approx(plain.curves[name][-1], rel=1e-4)


def test_rows_of_a_series_that_is_not_trained_on(source: dict[str, str]) -> None:
    """They are scaled by its own training rows and forecast alone; its inputs for the other series are 0."""
    cells, together = panel(source, series_input="one_hot", test_series=["west"])
    assert [cell.series.name for cell in cells] == ["west"]
    plain = Plain({"north": [1.0, 0.0], "south": [0.0, 1.0], "west": [0.0, 0.0]}, ["north", "south"])
    joined = Joined.of(cells[0], together)
    assert np.allclose(joined.train.inputs, plain.inputs, atol=1e-6)
    assert np.allclose(joined.train.targets[:, 0], plain.targets, atol=1e-6)
    (asked, _, _, _) = plain.rows["west"]
    assert np.allclose(together_rows(joined.parts).inputs, asked, atol=1e-6)


def test_a_vector_for_each_series_is_learnt_as_keras_does(source: dict[str, str]) -> None:
    """Beside the features of each row, by the number of the series."""
    cells, together = panel(source, series_input="embedding", series_embedding=3)
    plain = Plain({name: [float(place)] for place, name in enumerate(LENGTHS)}, list(LENGTHS))
    plain.fit(cells[0])
    for cell, result in zip(cells, trained(cells, together), strict=True):
        name = cell.series.name
        assert result.trajectory
        assert result.forecasts
        assert np.abs(result.trajectory.test_rmse - plain.curves[name]).max() < LENGTHS[name] * CLOSE
        assert np.abs(result.forecasts.forecast[:, 0, 0] - plain.forecasts[name]).max() < LENGTHS[name] * CLOSE


def test_no_bit_depends_on_the_results_that_a_pack_asks_for(source: dict[str, str]) -> None:
    """One result alone, with another seed, or with all others: its bits are the same."""
    cells, together = panel(source, windows={"count": 1})
    whole = trained(cells, together, (SEED, 8, 9))
    assert bits(trained(cells[1:2], together)[0]) == bits(whole[3])
    assert bits(whole[3]) != bits(whole[4])
    short = cells[2].model_copy(update={"training": cells[2].training.model_copy(update={"epochs": 2})})
    alone, beside = trained([short], together)[0], trained([cells[2], short], together)[1]
    assert bits(alone) == bits(beside)


def test_nothing_after_the_test_part_of_a_window_is_seen(source: dict[str, str]) -> None:
    """Other values after the windows of all series change no bit of what is trained on them."""
    cells, together = panel(source, windows={"count": 2})
    first = [cell for cell in cells if cell.window.skip]
    assert len(first) == len(LENGTHS)
    series = []
    for one in together.series:
        values = one.values.copy()
        values[-TEST:] += 1000
        series.append(type(one)(**{name: getattr(one, name) for name in one.__slots__} | {"values": values}))
    changed = Together(members=together.members, series=tuple(series))
    found, again = Joined.of(first[0], together), Joined.of(first[0], changed)
    for name in ("inputs", "targets"):
        assert np.array_equal(getattr(found.train, name), getattr(again.train, name))
        assert np.array_equal(*(getattr(together_rows(one.parts), name) for one in (found, again)))
