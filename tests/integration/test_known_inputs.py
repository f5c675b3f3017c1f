"""Known inputs, categories and the calendar from a file to the report, with training by a stand-in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from scheduler.statistics import baselines
from scheduler.statistics.baselines import makers
from store import open_store
from tests import linear_standin
from tests.acceptance.command import write
from tests.in_process import scheduler, train_in_process

#: the load is what the weekday, the tariff and the temperature of the same day make of it, and follows from no past
GRID = """
series: {path: load.csv, time: day, season: 1, targets: [load], inputs: {load: {lags: 2}, temperature: {known: true}}}
test: {from: 2021-03-06}
prepare: {difference: 0, scale: {temperature: [0, 1]}, pad: true}
model: {stateful: false}
training: {epochs: 100}
repeats: 3
grid:
  [series.inputs, prepare.calendar]:
    - [{load: {lags: 2}}, []]
    - [{load: {lags: 2}, temperature: {lags: 0, known: true}, tariff: {lags: 0, known: true}}, [weekday: onehot]]
"""


_compute = baselines.compute_baselines


def _rules_alone(values: NDArray[np.float64], **options: Any) -> pd.DataFrame:
    """Compute the baselines that take no time."""
    return _compute(values, **options, names=tuple(makers.rules(options["seasons"])))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file and a grid; this process trains."""
    train_in_process(monkeypatch, linear_standin.train)
    monkeypatch.setattr(baselines, "compute_baselines", _rules_alone)
    for name in ("DATABASE_URL", "BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    drawn = np.random.default_rng(3)
    times = pd.date_range("2021-01-01", periods=70)
    temperature, tariff = drawn.normal(size=len(times)), drawn.choice(["base", "peak"], len(times))
    load = 10 * drawn.normal(size=7)[times.weekday] + 5 * temperature + 8 * (tariff == "peak")
    table = pd.DataFrame({"day": times, "load": load, "temperature": temperature, "tariff": tariff})
    table.to_csv(tmp_path / "load.csv", index=False)
    write(tmp_path, GRID, "grid.yaml")
    return tmp_path


def test_what_is_known_ahead_explains_what_the_past_does_not(folder: Path) -> None:
    """The forecast is all but exact with it; the series travels with its columns, and the report names the inputs."""
    done = scheduler("run", "grid.yaml")
    assert done.returncode == 0, done.stderr
    assert "load: test from 2021-03-06 is the last 6 rows of 70 observations" in done.stderr + done.stdout
    report = json.loads(scheduler("report", "grid", "--format", "json").stdout)
    means = {one["configuration"]: one["mean"] for one in report["summaries"]}
    past, known = means.values()
    assert list(means)[1] == (
        "inputs(load(lags=2), temperature(lags=0, known), tariff(lags=0, known)), calendar=[weekday:onehot]"
    )
    assert known < 0.4 * past
    with open_store("sqlite:///results.db") as store:
        hashes = store.experiments.series_hashes(store.experiments.get("grid").id)
        columns = {store.series.get(one).columns for one in hashes}
    assert max(columns, key=len)[:5] == ("load", "temperature", "tariff=base", "tariff=peak", "weekday=Mon")
