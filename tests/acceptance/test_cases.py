"""Small inputs that grids and files of real users boil down to, through the whole pipeline with their right outcome."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from scheduler import open_study
from store import open_store
from tests import linear_standin
from tests.acceptance.command import write
from tests.in_process import scheduler, train_in_process
from tests.remembered import remember_baselines

Floats = NDArray[np.float64]

DRAWN = np.random.default_rng(10)
NOISE = DRAWN.normal(size=48)
MONTHS = [f"{day:%Y-%m}" for day in pd.date_range("2012-01-01", periods=48, freq="MS")]
ENDS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2015-01-31", periods=50, freq="ME")]
#: each with the time zone that it has
DAYS = [day.isoformat() for day in pd.date_range("2022-10-01", periods=50, tz="Europe/Berlin")]
ROWS = "test: 6\nprepare: {pad: true}\nmodel: {stateful: false}\ntraining: {epochs: 5}\n"
#: any number, as tables write it
NUMBER = re.compile(r"-?\d[\d,]*\.?\d*(?:e[+-]?\d+)?")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Train in this process, in a folder of its own."""
    train_in_process(monkeypatch, linear_standin.train)
    remember_baselines(monkeypatch)
    for name in ("DATABASE_URL", "BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def data(values: Sequence[float] | Floats, times: Sequence[str] = (), *, file: str = "data.csv") -> None:
    """Write a file with a column y, and one of times."""
    table = pd.DataFrame({"y": values})
    if len(times):
        table.insert(0, "time", list(times))
    table.to_csv(file, index=False)


def run(folder: Path, grid: str) -> str:
    """Run a grid, which is accepted, and return what is printed with its warnings."""
    done = scheduler("run", write(folder, grid, "grid.yaml"))
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def report() -> dict[str, Any]:
    """Return the report as JSON."""
    found: dict[str, Any] = json.loads(scheduler("report", "grid", "--format", "json").stdout)
    return found


def baselines_of(split: int = 0) -> dict[str, float]:
    """Return the baselines of a split."""
    found: dict[str, float] = report()["splits"][split]["baselines"]
    return found


class TestSplits:
    """Configurations that answer different questions are not compared."""

    def test_two_series(self, here: Path) -> None:
        """The small one is held against its own baselines, not against those of a large one."""
        data(100 + NOISE.cumsum(), MONTHS)
        data(4e6 + 4e5 * NOISE.cumsum(), MONTHS, file="large.csv")
        series = [f"{{path: {name}, time: time, value: y}}" for name in ("data.csv", "large.csv")]
        shown = run(here, f"{ROWS}repeats: 10\ngrid: {{series: [{', '.join(series)}]}}\n")
        assert "on 2 splits" in shown
        assert "is better" not in shown
        assert max(baselines_of(0).values()) < 100
        assert min(baselines_of(1).values()) > 1e4
        assert json.loads(scheduler("compare", "grid", "--format", "json").stdout)["pairs"] == []

    def test_two_numbers_of_test_rows(self, here: Path) -> None:
        """Each has its baselines."""
        data(100 + NOISE.cumsum(), MONTHS)
        grid = f"series: {{path: data.csv, time: time, value: y}}\n{ROWS}repeats: 10\ngrid: {{test: [2, 12]}}\n"
        shown = run(here, grid.replace("test: 6\n", ""))
        assert "on data, last 2 rows" in shown
        assert "on data, last 12 rows" in shown
        assert "is better" not in shown
        assert baselines_of(0)["persistence"] != baselines_of(1)["persistence"]

    def test_another_column_among_the_inputs(self, here: Path) -> None:
        """The question is the same, whatever a model sees: the configurations are compared, with the same baselines."""
        table = pd.DataFrame({"time": MONTHS, "x": NOISE[::-1], "y": 100 + NOISE.cumsum()})
        table.to_csv("data.csv", index=False)
        grid = f"series: {{path: data.csv, time: time, targets: [y]}}\n{ROWS}repeats: 8\n"
        shown = run(here, f"{grid}grid: {{series.inputs: [[y], [x, y], [x]]}}\n")
        assert "splits" not in shown
        assert "nothing to compare" not in shown
        assert len(report()["splits"]) == 1
        compared = json.loads(scheduler("compare", "grid", "--format", "json").stdout)
        assert len(compared["pairs"]) == 3
        with open_store("sqlite:///results.db") as store:
            found = open_study("grid", store).report()
        assert len(found.test_parts) == len(found.forecasts) == 3
        assert found.baseline_forecast
        alone = write(here, grid + "grid: {series.inputs: [[y]], model.units: [2]}\n", "alone.yaml")
        assert scheduler("run", alone).returncode == 0
        assert scheduler("compare", "grid", "alone").returncode == 0

    def test_the_target_among_the_inputs(self, here: Path) -> None:
        """A model that sees what it is asked for is refused, with the way out, which runs."""
        data(400 + 10 * NOISE, MONTHS)
        series = "series: {path: data.csv, time: time, targets: [y], inputs: [y]}\n"
        leaking = write(here, series + ROWS.replace("{pad: true}", "{target_at: last, pad: true}"), "leak.yaml")
        done = scheduler("run", leaking)
        assert (done.returncode, done.stdout) == (2, "")
        assert "use prepare.target_at: next" in done.stderr
        assert scheduler("plan", leaking, "--set", "prepare.target_at=next").returncode == 0


@pytest.mark.parametrize("unit", [1e-21, 1e-9, 1.0, 1e20])
def test_values_of_any_unit(here: Path, unit: float) -> None:
    """No repeat diverges, no score is 0, and the same digits are shown, whatever the unit."""
    data(unit * (2 + 0.1 * NOISE))
    shown = run(here, f"series: {{path: data.csv, value: y}}\n{ROWS}repeats: 8\n")
    assert "diverged" not in shown
    found = report()
    (summary,) = found["summaries"]
    assert 0.05 * unit < summary["mean"] < 0.3 * unit
    digits = [number.replace(".", "").lstrip("0")[:3] for number in NUMBER.findall(table_row(shown, "mean"))]
    assert digits
    assert all(len(one) == 3 for one in digits)
    page = scheduler("report", "grid", "--html", "page.html")
    assert page.returncode == 0
    assert "0.000000" not in (here / "page.html").read_text(encoding="utf-8")


def table_row(text: str, name: str) -> str:
    """Return a row of a table without its name."""
    return next(line for line in text.splitlines() if line.startswith(f"{name} ")).removeprefix(name)


def test_a_straight_line(here: Path) -> None:
    """What is left is rounding noise: nothing is better than anything else, and a warning says why."""
    data([number / 10 for number in range(48)])
    shown = run(here, f"series: {{path: data.csv, value: y}}\n{ROWS}repeats: 8\ngrid: {{model.units: [1, 2]}}\n")
    assert "is better" not in shown
    assert "the input y, differenced by 1, is constant (0.1)" in shown
    (pair,) = json.loads(scheduler("compare", "grid", "--format", "json").stdout)["pairs"]
    assert pair["winner"] is None


def test_a_constant_series(here: Path) -> None:
    """Models that cannot be fitted, as Theta, say so; the error of the other baselines and of every repeat is 0."""
    data([7.5] * 40)
    shown = run(here, f"series: {{path: data.csv, value: y}}\n{ROWS}repeats: 2\n")
    assert "the input y is constant (7.5)" in shown
    assert "the test part of y is one constant" in shown
    assert set(baselines_of().values()) == {0.0}
    (summary,) = report()["summaries"]
    assert summary["mean"] == 0.0
    page = scheduler("report", "grid", "--html", "page.html")
    assert page.returncode == 0
    assert "cannot be fitted: all observations before the test part are equal" in (here / "page.html").read_text()


def test_the_season_of_hours(here: Path) -> None:
    """It is found from the times, and named: 24 and 168."""
    hours = pd.date_range("2022-05-02", periods=192, freq="h")
    daily = 100 * np.sin(2 * np.pi * hours.hour.to_numpy() / 24)
    data(500 + daily + 5 * np.random.default_rng(0).normal(size=192), [f"{hour:%Y-%m-%d %H:%M}" for hour in hours])
    grid = "series: {path: data.csv, time: time, value: y}\ntest: 24\nprepare: {difference: 24, lags: 3, pad: true}\n"
    run(here, f"{grid}model: {{stateful: false}}\ntraining: {{epochs: 5}}\nrepeats: 8\n")
    found = baselines_of()
    assert {"seasonal naive (24)", "seasonal naive (168)", "seasonal ETS (24)", "seasonal Theta (24)"} <= set(found)
    assert found["seasonal naive (24)"] < found["persistence"] / 2
    assert not any("(12)" in name for name in found)


class TestWarnings:
    """Accepted, and said to look wrong."""

    def test_a_sentinel(self, here: Path) -> None:
        """-99.99 among 300s, with its row and time."""
        values = 300 + NOISE
        values[17] = -99.99
        data(values, MONTHS)
        shown = run(here, f"series: {{path: data.csv, time: time, value: y}}\n{ROWS}repeats: 2\n")
        assert shown.count("warning: data: 1 value of y is far outside the rest (29") == 1
        assert "-99.99 in row 18 (2013-06); correct it" in shown

    def test_the_newest_first(self, here: Path) -> None:
        """The rows are used as they stand, and the column that falls is named."""
        days = [f"{day:%Y-%m-%d}" for day in pd.date_range("2022-06-01", periods=48)][::-1]
        data(100 + NOISE.cumsum(), days)
        shown = run(here, f"series: {{path: data.csv, value: y}}\n{ROWS}repeats: 2\n")
        assert "the column time looks like times and falls (2022-07-18, then 2022-07-17)" in shown

    def test_as_many_weights_as_no_series_can_teach(self, here: Path) -> None:
        """200 units for 41 rows."""
        data(100 + NOISE.cumsum(), MONTHS)
        grid = f"series: {{path: data.csv, time: time, value: y}}\n{ROWS}repeats: 2\n"
        shown = run(here, grid.replace("{stateful: false}", "{stateful: false, units: 200}"))
        assert "more than 100 weights a training row" in shown


class TestGaps:
    """Rows that are missing are named, and so is what can be done; what is advised runs."""

    @pytest.mark.parametrize(
        ("times", "missing"),
        [(ENDS, "2016-09-30 to 2016-10-31 (2 rows)"), (DAYS, "2022-10-21 to 2022-10-22 (2 rows)")],
        ids=["ends of months", "days around a change of the clock"],
    )
    def test_steps_of_several_lengths_hide_none(self, here: Path, times: list[str], missing: str) -> None:
        """Months have 28 to 31 days, and a day of autumn 25 hours."""
        data(100 + NOISE.cumsum(), times[:20] + times[22:])
        grid = f"series: {{path: data.csv, time: time, value: y}}\n{ROWS}repeats: 2\n"
        done = scheduler("run", write(here, grid, "gap.yaml"))
        assert (done.returncode, done.stdout) == (2, "")
        assert f"2 rows are missing: {missing}" in done.stderr
        advised = done.stderr.partition("write series: ")[2].strip()
        run(here, f"series: {advised}\n{ROWS}repeats: 2\n")
