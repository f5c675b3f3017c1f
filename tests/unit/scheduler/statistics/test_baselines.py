"""The forecasts that need no network."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from scheduler.series.source import BUNDLED
from scheduler.statistics.baseline_errors import ALL_TARGETS
from scheduler.statistics.baselines import MAKERS, compute_baselines

SHAMPOO = np.loadtxt(BUNDLED / "shampoo.csv", delimiter=",", skiprows=1, usecols=1)

NAIVE = ("persistence", "lag-2 naive", "seasonal naive", "drift")


@pytest.fixture(scope="module")
def shampoo() -> pd.DataFrame:
    """Every baseline on the last year of the shampoo sales, and how long computing them took."""
    started = time.process_time()
    found = compute_baselines(SHAMPOO, test=12).set_index("baseline")
    found.attrs["seconds"] = time.process_time() - started
    return found


class TestShampoo:
    @pytest.mark.parametrize(
        ("baseline", "rmse"), [("persistence", 136.761), ("lag-2 naive", 95.695), ("seasonal naive", 240.473)]
    )
    def test_exact_figures(self, shampoo: pd.DataFrame, baseline: str, rmse: float) -> None:
        """The naive forecasts have the figures that are known for this series."""
        assert shampoo.loc[baseline, "rmse"] == pytest.approx(rmse, abs=5e-4)

    def test_every_baseline_has_numbers(self, shampoo: pd.DataFrame) -> None:
        """All eight can be computed, the best comes first, and no fit is in doubt."""
        assert set(shampoo.index) == set(MAKERS)
        assert shampoo["rmse"].is_monotonic_increasing
        assert shampoo[["rmse", "mae", "mase"]].notna().all(axis=None)
        assert (shampoo["note"] == "").all()

    def test_errors_of_persistence_by_hand(self, shampoo: pd.DataFrame) -> None:
        """MAE is the mean absolute change over the test part; MASE holds it against that of the training part."""
        changes = np.abs(np.diff(SHAMPOO))
        row = shampoo.loc["persistence"]
        assert row["mae"] == pytest.approx(changes[-12:].mean())
        assert row["mase"] == pytest.approx(changes[-12:].mean() / changes[:-12].mean())

    def test_autoregression_by_hand(self, shampoo: pd.DataFrame) -> None:
        """AR(1) on differences is least squares on the history of each row."""
        errors = []
        for now in range(24, 36):
            changes = np.diff(SHAMPOO[:now])
            slope, constant = np.polyfit(changes[:-1], changes[1:], 1)
            errors.append(SHAMPOO[now - 1] + constant + slope * changes[-1] - SHAMPOO[now])
        assert shampoo.loc["AR(1) on differences", "rmse"] == pytest.approx(np.sqrt(np.mean(np.square(errors))))

    def test_quick(self, shampoo: pd.DataFrame) -> None:
        """All of them take seconds."""
        assert shampoo.attrs["seconds"] < 10


class TestWalkForward:
    def test_the_future_stays_unseen(self) -> None:
        """The last observation changes the error of the last row, by itself, and of no other row."""
        squares = []
        for series, rows in ((SHAMPOO[:-1], 2), (SHAMPOO, 3), (SHAMPOO + 100 * (np.arange(36) == 35), 3)):
            squares.append(compute_baselines(series, test=rows).set_index("baseline")["rmse"][list(MAKERS)] ** 2 * rows)
        before, plain, changed = squares
        error = (changed - plain - 100**2) / 200
        np.testing.assert_allclose(error**2, plain - before, rtol=1e-6)

    def test_horizons(self) -> None:
        """Over several steps persistence stays, lag-2 alternates and drift goes on; the rows overlap."""
        series = np.array([1.0, 3.0, 2.0, 4.0, 4.0, 6.0])
        found = compute_baselines(series, test=2, horizon=2, names=NAIVE).set_index("baseline")["rmse"]
        assert found["persistence"] == pytest.approx(np.sqrt(np.mean(np.square([2, 2, 0, 2]))))
        assert found["lag-2 naive"] == pytest.approx(np.sqrt(np.mean(np.square([1, 2, 2, 2]))))
        assert found["drift"] == pytest.approx(np.sqrt(np.mean(np.square([1.5, 1, 1, 0]))))

    def test_a_season_of_ones_own(self) -> None:
        """With a period of 3, a series that repeats itself is forecast without error, beyond a period, too."""
        series = np.tile([5.0, 7.0, 1.0], 6)
        found = compute_baselines(series, test=4, horizon=4, season=3, names=NAIVE).set_index("baseline")
        assert found.loc["seasonal naive", "rmse"] == 0

    def test_several_targets(self) -> None:
        """Each target has its rows, and the pooled RMSE is the root of the mean square over both."""
        series = np.stack([SHAMPOO, SHAMPOO * 2], axis=1)[:30]
        found = compute_baselines(series, test=3, targets=("one", "two"), names=NAIVE)
        rows = found[found["baseline"] == "persistence"].set_index("target")["rmse"]
        assert rows["two"] == pytest.approx(2 * rows["one"])
        assert rows[ALL_TARGETS] == pytest.approx(np.sqrt((rows["one"] ** 2 + rows["two"] ** 2) / 2))
        assert found["target"].iloc[0] == ALL_TARGETS


class TestTrouble:
    def test_too_short_says_so(self) -> None:
        """A baseline that needs more history keeps its row, without numbers and with the reason."""
        found = compute_baselines(SHAMPOO[:8], test=3).set_index("baseline")
        assert set(found.index) == set(MAKERS)
        assert np.isnan(found.loc["seasonal naive", "rmse"])
        assert found.loc["seasonal naive", "note"] == (
            "a season of 12 needs 24 observations before the test part, there are 5"
        )
        assert found.loc["ETS", "note"] == "needs 10 observations before the test part, there are 5"
        assert found.loc["persistence", "note"] == ""

    @pytest.mark.parametrize("series", [np.full(30, 5.0), np.arange(30.0), np.tile([0.0, 1e9], 15)])
    def test_awkward_series(self, series: np.ndarray) -> None:
        """Constant, straight and alternating series give a number or a reason for every baseline, and no warning."""
        found = compute_baselines(series, test=5)
        assert (found["rmse"].notna() | (found["note"] != "")).all()

    def test_long_series_are_fitted_less_often(self) -> None:
        """With many test rows the costly fits are spread out, and the note says so."""
        series = np.cumsum(np.random.default_rng(0).normal(size=140))
        found = compute_baselines(series, test=60, names=("persistence", "ETS")).set_index("baseline")
        assert "fitted at every second row" in found.loc["ETS", "note"]
        assert found.loc["persistence", "note"] == ""

    @pytest.mark.parametrize(("test", "horizon"), [(0, 1), (36, 1), (30, 7)])
    def test_nothing_before_the_test_part(self, test: int, horizon: int) -> None:
        """Without an observation to start from there is nothing to compute."""
        with pytest.raises(ValueError, match="observations are too few"):
            compute_baselines(SHAMPOO, test=test, horizon=horizon)
