"""Forecasts beyond the end by one model of several series: what Keras gives that is fed its own forecasts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scheduler.future.recipe import on_all_rows
from store.preparation.panels import Member
from store.schema.configuration import Configuration
from tests.integration.engine.test_engine_bits import bits
from tests.integration.panels.plain import LAGS, LENGTHS, panel, shop
from worker.engine.exporting.keras_model import model
from worker.engine.train import Lane, train
from worker.lane import Together

STEPS, SEEDS = 3, (5, 6)


@pytest.fixture(scope="module")
def ahead(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Configuration], Together]:
    """Return the configuration on all rows of two shops, by which a third one is forecast, too."""
    path: Path = tmp_path_factory.mktemp("shops") / "shops.csv"
    parts = [shop(name).to_frame().assign(shop=name) for name in LENGTHS]
    pd.concat(parts).to_csv(path, index=False)
    source = {"path": str(path), "value": "sales", "id": "shop"}
    cells, together = panel(
        source, series_input="embedding", test_series=["west"], training={"epochs": 2, "batch_size": 8}
    )
    members = tuple(one.model_copy(update={"forecast": True}) for one in together.members)
    first = on_all_rows(cells[0], steps=STEPS, apart=True)
    return [one.within(first) for one in members], Together(members=members, series=together.series)


def test_forecasts_are_fed_back_in_the_scale_of_each_series(ahead: tuple[list[Configuration], Together]) -> None:
    """With the vector of each, or the mean of all; whichever results a pack asks for, bits are the same."""
    configurations, together = ahead
    lanes = [
        Lane(job_id=0, configuration=one, seed=seed, keeps_weights=True) for one in configurations for seed in SEEDS
    ]
    results = train(lanes, together, progress=lambda done, total: None)
    assert bits(train(lanes[5:6], together, progress=lambda done, total: None)[0]) == bits(results[5])
    stock = model(configurations[0].canonical(), [(SEEDS[1], results[1].weights)], together)
    vectors = next(one for one in stock.weights if "series_embedding" in one.path)
    assert vectors.shape == (2, 2)
    for place, name in enumerate(LENGTHS):
        found = results[2 * place + 1].forecasts
        assert found
        assert np.isnan(found.observed).all()
        expected = fed(stock, name, [place])
        assert np.abs(found.forecast.ravel() / expected - 1).max() < 1e-4
    assert Member.of(configurations[2], trained=False, forecast=True).rows == lanes[4].series_rows


def fed(stock: Any, name: str, mark: list[int]) -> list[float]:
    """Forecast step by step, each series scaled by all of its changes."""
    values = shop(name).tolist()
    changes = np.diff(values)
    rows = np.lib.stride_tricks.sliding_window_view(changes, LAGS + 1)[:, [*range(LAGS + 1)]]
    low, high = rows.min(axis=0), rows.max(axis=0)
    found = []
    for _ in range(STEPS):
        seen = (np.diff(values)[-LAGS:] - low[:LAGS]) / (high - low)[:LAGS] * 2 - 1
        said = float(stock(np.array([[[*seen, *mark]]], np.float32)).numpy()[0, 0])
        values.append(values[-1] + (said + 1) / 2 * (high - low)[LAGS] + low[LAGS])
        found.append(values[-1])
    return found
