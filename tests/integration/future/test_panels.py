"""Forecasts of several series at once: trained side by side, in one table, and held against what has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.console import Console

from scheduler import load_grid
from scheduler.future.known import Known
from scheduler.future.outcome import PanelFuture, newest_future
from scheduler.future.since import score_study
from scheduler.future.since_panel import over_series
from scheduler.lifecycle.forecasting import Asked, Wish, ask, forecast_of
from scheduler.lifecycle.submission import record
from scheduler.report.formats.future import file_content, show_future
from scheduler.report.formats.since import show_each_since
from scheduler.report.page.future import beyond_the_end
from scheduler.report.plots.future import draw_future
from store import Experiment, NotFound, Store, UsageError, open_store
from tests.contract.saved_results import query
from tests.integration.future.test_store import train

SHOPS = ("north", "south", "west")
MONTHS = pd.date_range("2020-01-01", periods=40, freq="MS")
LEVEL = {"north": 100.0, "south": 5000.0, "west": 1e9}


def rows(first: int, last: int, **more: object) -> pd.DataFrame:
    """Return months of all shops, long."""
    each = [
        {"shop": shop, "month": str(MONTHS[place].date()), "sales": LEVEL[shop] + 3 * place % 7, **more}
        for shop in SHOPS
        for place in range(first, last)
    ]
    return pd.DataFrame(each)


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """An empty store."""
    with open_store(sqlite_url, create=True) as opened:
        yield opened


def made(store: Store, folder: Path, **fields: Any) -> Experiment:
    """Return a study of three shops, whose repeats the stand-in makes."""
    rows(0, 36, promo=1).to_csv(folder / "shops.csv", index=False)
    series = {"path": str(folder / "shops.csv"), "time": "month", "value": "sales", "id": "shop"}
    whole = {"name": "shops", "series": series, "test": 12, "repeats": 2, "training": {"epochs": 1}, "score": "rmse"}
    study = record(store, load_grid(whole | {"grid": {"model.units": [1, 2]}} | fields)).experiment
    train(store, study)
    return study


@pytest.fixture
def study(store: Store, tmp_path: Path) -> Experiment:
    """Three shops by two configurations."""
    return made(store, tmp_path)


def forecast(store: Store, study: Experiment, **wish: Any) -> tuple[Asked, PanelFuture]:
    """Ask for a forecast, train it, and return it."""
    asked = ask(store, study, Wish(steps=2, **wish))
    train(store, asked.submitted.experiment)
    found = forecast_of(store, asked, wish.get("levels"))
    assert isinstance(found, PanelFuture)
    return asked, found


def test_all_series_are_one_table(store_url: str, tmp_path: Path) -> None:
    """Each by the best configuration on all of its rows, under its name, in print, in files and in the view."""
    with open_store(store_url) as store:
        check_table(store, store_url, made(store, tmp_path), tmp_path)


def check_table(store: Store, store_url: str, study: Experiment, tmp_path: Path) -> None:
    """Look at all that shows a forecast of three shops."""
    asked, found = forecast(store, study, configuration="units=2")
    assert (asked.submitted.new, asked.configuration) == (3 * 2 * 2, "units=2")
    assert list(found.frame) == ["series", "target", "step", "time", "median", "low_80", "high_80"]
    assert found.frame["series"].tolist() == [shop for shop in SHOPS for _ in range(2)]
    assert set(found.frame["time"]) == {"2023-01-01", "2023-02-01"}
    jobs = query(store_url, "SELECT DISTINCT program FROM jobs WHERE id > 12")
    assert len(jobs) == 2  # the forecast, and that from the test rows: all series side by side
    view = query(store_url, "SELECT DISTINCT configuration, series FROM future ORDER BY series")
    assert [tuple(row) for row in view] == [("units=2", shop) for shop in SHOPS]
    text = StringIO()
    show_future(found, Console(file=text, width=120), every=True)
    assert text.getvalue().count("west") == 2
    assert str(file_content(found, tmp_path / "f.csv")).count("\nwest,sales,") == 2
    again, _ = forecast(store, study, configuration="units=2")
    assert (again.submitted.new, again.submitted.created) == (0, False)


def test_some_series_are_forecast_alone(store: Store, study: Experiment) -> None:
    """With the repeats that a forecast of all of them has; a name that there is not is answered by what there is."""
    forecast(store, study, configuration="units=2")
    asked = ask(store, study, Wish(configuration="units=2", steps=2, series=("south",)))
    assert (asked.submitted.new, asked.submitted.reused) == (0, 4)
    with pytest.raises(NotFound, match="no series 'sout'; did you mean south"):
        ask(store, study, Wish(configuration="units=2", series=("sout",)))
    with pytest.raises(UsageError, match="level 95 needs 19 residuals"):
        ask(store, study, Wish(configuration="units=2", levels=(95.0,)))


def test_it_is_shown_and_held_against_what_has_come(store: Store, study: Experiment) -> None:
    """On the page, in a picture with a panel a series; errors are averaged over series that have values."""
    forecast(store, study, configuration="units=2")
    found = newest_future(store, study.id)
    section = beyond_the_end(found)
    assert section is not None
    assert section.searched
    assert [column.head for column in section.table.columns][:3] == ["series", "time", "median"]
    assert found is not None
    assert len(draw_future(found).axes) == len(SHOPS)
    new = rows(34, 38)
    since = score_study(store, study, Known.of(new[new["shop"] != "west"]))
    assert [one.series for one in since] == ["north", "south"]
    whole = over_series(since)
    assert whole.coverage["steps"].tolist() == [4]
    assert whole.scores["rmse"].isna().all()
    forecast_mase = [one.scores.set_index("of").loc["forecast", "mase"] for one in since]
    assert whole.scores.set_index("of").loc["forecast", "mase"] == pytest.approx(sum(forecast_mase) / 2)
    text = StringIO()
    show_each_since(since, Console(file=text, width=120))
    assert "2 series: 4 values observed" in text.getvalue()


def known(**promo: int) -> Known:
    """Return what is known ahead of each shop."""
    times = [str(month.date()) for month in MONTHS[36:38]]
    return Known.of(
        pd.DataFrame({"shop": shop, "month": time, "promo": promo[shop]} for shop in promo for time in times)
    )


def test_what_is_known_ahead_is_of_each_series(store: Store, tmp_path: Path) -> None:
    """By the column that tells series apart, which the advice names; a series without rows is refused."""
    columns: Mapping[str, Any] = {"inputs": {"sales": {}, "promo": {"lags": 1, "known": True}}}
    rows(0, 36, promo=1).to_csv(tmp_path / "shops.csv", index=False)
    series = {"path": str(tmp_path / "shops.csv"), "time": "month", "id": "shop", "targets": ["sales"], **columns}
    study = made(store, tmp_path, series=series)
    with pytest.raises(UsageError, match="with the columns shop, month and promo"):
        ask(store, study, Wish(configuration="units=2", steps=2))
    with pytest.raises(UsageError, match="no row of west, by shop"):
        ask(store, study, Wish(configuration="units=2", steps=2, known=known(north=1, south=0)))
    _, found = forecast(store, study, configuration="units=2", known=known(north=1, south=0, west=1))
    promo = [one.series.values[-2:, one.series.columns.index("promo")].tolist() for one in found.each]
    assert promo == [[1, 1], [0, 0], [1, 1]]
