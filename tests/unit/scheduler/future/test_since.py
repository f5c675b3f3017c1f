"""Forecasts held against what has come since."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from scheduler import load_grid
from scheduler.future.known import Known
from scheduler.future.since import drift, score_study
from scheduler.lifecycle.forecasting import Wish, ask
from scheduler.lifecycle.submission import record
from scheduler.report.formats.since import show_since, since_record
from scheduler.study import Study
from store import Experiment, Store, UsageError, open_store

MONTHS = [f"{2020 + number // 12}-{number % 12 + 1:02d}" for number in range(52)]
STEPS = 4
#: what the forecast says is this much too low in each step
OFF = (0.5, 0.5, 0.5, 3.0)


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """An empty store."""
    with open_store(sqlite_url, create=True) as opened:
        yield opened


def value(number: int) -> float:
    """Return the value of a month."""
    return 100.0 + number


@pytest.fixture
def study(store: Store, tmp_path: Path) -> Experiment:
    """A study of 48 months in a file with decimal commas, and a forecast of 4 more between 1 below and 1 above."""
    lines = [f"{month};{value(number):.1f}".replace(".", ",") for number, month in enumerate(MONTHS[:48])]
    (tmp_path / "sales.csv").write_text("Month;Sales\n" + "\n".join(lines))
    series = {"path": str(tmp_path / "sales.csv"), "time": "Month", "value": "Sales", "decimal": ","}
    fields = {"name": "sales", "series": series, "test": 12, "repeats": 1, "training": {"epochs": 1}}
    made = record(store, load_grid(fields)).experiment
    forecast = ask(store, made, Wish(configuration="base", steps=STEPS)).submitted.experiment
    rows = [
        {
            "configuration": "base",
            "target": "Sales",
            "step": step,
            "time": MONTHS[47 + step],
            "median": value(47 + step) - OFF[step - 1],
        }
        for step in range(1, STEPS + 1)
    ]
    bounds = [
        {
            **row,
            "level": level,
            "low": row["median"] - level / 80,
            "high": row["median"] + level / 80,
            "basis": "conformal",
        }
        for row in rows
        for level in (80.0, 95.0)
    ]
    store.futures.write(forecast.id, pd.DataFrame(rows), pd.DataFrame(bounds))
    return made


def actual(folder: Path, *values: str) -> Known:
    """Write the last two months of the study and those that have come since."""
    lines = [f"{month};{text}" for month, text in zip(MONTHS[46:], ("146,0", "147,0", *values), strict=False)]
    (folder / "new.csv").write_text("Month;Sales\n" + "\n".join(lines))
    return Known.read(folder / "new.csv")


def test_error_and_coverage_are_beside_those_of_baselines(store: Store, study: Experiment, tmp_path: Path) -> None:
    """Of the months that have come; numbers are written as in the file of the series, and an empty cell has none."""
    (found,) = score_study(store, study, actual(tmp_path, "148,0", "", "150,0", "151,0"))
    assert found.times == ("2024-01", "2024-04")
    scores = found.scores.set_index("of")
    assert found.scores["of"].tolist()[:2] == ["forecast", "drift"]
    assert scores.loc["forecast", "mae"] == pytest.approx(np.mean([0.5, 0.5, 3.0]))
    assert scores.loc["persistence", "rmse"] == pytest.approx(np.sqrt((1 + 9 + 16) / 3))
    assert scores.loc["forecast", "mase"] == pytest.approx(scores.loc["forecast", "mae"] / 12)
    assert found.coverage[["level", "steps", "held"]].to_numpy().tolist() == [[80, 3, 2], [95, 3, 2]]
    assert found.coverage["width"].iloc[0] == pytest.approx(2.0)
    assert store.futures.rows(store.futures.of(study.id)[0])["observed"].notna().tolist() == [True, False, True, True]


def test_what_comes_later_is_added(store: Store, study: Experiment, tmp_path: Path) -> None:
    """Values stay in the store; without a file those are scored, also from Python."""
    score_study(store, study, actual(tmp_path, "148,0"))
    score_study(store, study, actual(tmp_path, "", "149,0"))
    (found,) = Study(store, study).score()
    assert found.scores["steps"].tolist()[0] == 2
    later = pd.DataFrame({"Sales": [150.0, 151.0]}, index=pd.Index(["2024-03", "2024-04"], name="Month"))
    (found,) = Study(store, study).score(later)
    assert found.scores["steps"].tolist()[0] == 4


def test_the_output(store: Store, study: Experiment, tmp_path: Path) -> None:
    """A table with the forecast first, a sentence for each level, and the same for other programs."""
    (found,) = score_study(store, study, actual(tmp_path, "148,0", "149,0"))
    console = Console(width=100)
    with console.capture() as capture:
        show_since(found, console)
    text = capture.get()
    assert "sales.forecast, base: 2 steps observed, 2024-01 to 2024-02" in text
    assert "80% intervals held 2 of 2 values (100%, 16% to 100%): no fewer than is to be expected." in text
    assert json.loads(json.dumps(since_record(found)))["scores"][0]["of"] == "forecast"
    coverage = found.coverage.assign(held=0, coverage=0.0, high=0.6)
    missed = type(found)(**{name: getattr(found, name) for name in found.__slots__} | {"coverage": coverage})
    assert "fewer than they should: errors are larger than in the test rows" in drift(missed)[0]


def test_what_cannot_be_scored(store: Store, study: Experiment, tmp_path: Path) -> None:
    """Nothing has come, the file has other times or no number, or nothing was forecast: a line says what to do."""
    with pytest.raises(UsageError, match=r"^no value of 2024-01 to 2024-04 is in the store.*--actual FILE$"):
        score_study(store, study, None)
    with pytest.raises(UsageError, match=r"new\.csv has no value for a time that was forecast, 2024-01 to 2024-04"):
        score_study(store, study, actual(tmp_path))
    with pytest.raises(UsageError, match=r"Sales at 2024-01: 'many' is no number"):
        score_study(store, study, actual(tmp_path, "many"))
    with pytest.raises(UsageError, match=r"no\.csv: no such file; name a CSV file"):
        Known.read(tmp_path / "no.csv")
    other = record(store, load_grid({"series": "shampoo", "name": "other", "repeats": 1})).experiment
    with pytest.raises(UsageError, match=r"^other has no forecast .*`scheduler forecast other.*` makes one$"):
        score_study(store, other, None)
