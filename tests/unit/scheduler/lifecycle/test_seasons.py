"""Series that the store has with other times: seasons, baselines and scaled scores are those of the grid's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scheduler.grid.grid import Grid
from scheduler.lifecycle.baseline_cache import baselines
from scheduler.lifecycle.submission import record
from scheduler.series.source import bundled
from scheduler.statistics.baselines import compute_baselines
from scheduler.statistics.baselines.scoring import MEASURES
from store import Store, Submitted, open_store
from store.schema.configuration import Configuration, SeriesChoice
from tests import examples

VALUES = np.random.default_rng(1).normal(50, 5, 40)
DAYS = pd.date_range("2021-01-01", periods=len(VALUES))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store."""
    with open_store(f"sqlite:///{tmp_path / 'r.db'}", create=True) as opened:
        yield opened


def submitted(store: Store, name: str, frame: pd.DataFrame, **series: Any) -> Submitted:
    """Submit a grid of some values."""
    fields = {"name": name, "series": {"name": "x", **series}, "prepare": {"pad": True}, "repeats": 2}
    return record(store, Grid.of(fields, series=frame))


def season(store: Store, found: Submitted) -> list[int]:
    """Return the seasons that a stored configuration names."""
    (params,) = store.experiments.parameters(found.experiment.id).values()
    return list(json.loads(params)["series"].get("season", []))


def test_the_times_of_the_grid_count(store: Store) -> None:
    """Values that were stored without times, or with others; every job is reused, and the same grid is the same."""
    plain, dated = pd.DataFrame({"x": VALUES}), pd.DataFrame({"x": VALUES}, DAYS)
    first, second = submitted(store, "plain", plain), submitted(store, "dated", dated)
    assert (season(store, first), season(store, second), second.new) == ([], [7], 0)
    of = {one.name: store.results.scales(one.id)["base"][0].of for one in (first.experiment, second.experiment)}
    assert of == {"plain": "persistence", "dated": "seasonal naive (7)"}
    again = submitted(store, "dated", dated)
    assert (again.experiment.id, again.created) == (second.experiment.id, False)
    assert submitted(store, "plain", dated).experiment.name == "plain-2"


def test_baselines_of_other_times_are_not_taken(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the same target is in a table with more columns, which is stored with times of its own."""
    asked: list[tuple[int, ...]] = []

    def computed(values: Any, *, seasons: tuple[int, ...], **_: Any) -> pd.DataFrame:
        asked.append(seasons)
        row = dict.fromkeys(MEASURES, 1.0) | {"mase_of": f"seasonal naive ({seasons[0]})" if seasons else "persistence"}
        return pd.DataFrame([{"target": "x", "baseline": "persistence", **row, "note": "", "forecasts": [[1.0]]}])

    monkeypatch.setattr("scheduler.statistics.baselines.compute_baselines", computed)
    first = submitted(store, "plain", pd.DataFrame({"x": VALUES}))
    wide = pd.DataFrame({"x": VALUES, "z": VALUES[::-1]}, DAYS)
    second = submitted(store, "wide", wide, targets=["x"], inputs=["x", "z"])
    for one in (first, second, first, second):
        found = baselines(store, one.experiment.id)
        assert set(found["mase_of"]) == {store.results.scales(one.experiment.id)["base"][0].of}
        store.results.write_baselines(one.experiment.id, found)
    assert asked == [(), (7,)]


def test_a_configuration_without_targets_forecasts_all_columns(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores may have such, and their baselines are of every column."""
    series = bundled("shampoo")
    store.series.put(series)
    choice = SeriesChoice(name=series.name, content_hash=series.content_hash)
    new = examples.experiment("bare", ["units=1"], repeats=1, series=series)
    bare = replace(new.configurations[0], params=Configuration(series=choice, test=2).canonical())
    made = store.experiments.create(replace(new, configurations=(bare,))).experiment
    only = partial(compute_baselines, names=["drift"])
    monkeypatch.setattr("scheduler.statistics.baselines.compute_baselines", only)
    (row,) = baselines(store, made.id).to_dict("records")
    assert (row["target"], row["baseline"]) == (series.columns[0], "drift")
    assert row["rmse"] > 0
