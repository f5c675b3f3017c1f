"""The table of the baselines: known figures, nothing from the future, and what cannot be computed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scheduler.series.source import BUNDLED
from scheduler.statistics.baseline_table import ALL_TARGETS
from scheduler.statistics.baselines import compute_baselines
from scheduler.statistics.baselines.makers import names
from tests.series.airline import PASSENGERS

SHAMPOO = np.loadtxt(BUNDLED / "shampoo.csv", delimiter=",", skiprows=1, usecols=1)

NAIVE = ("persistence", "lag-2 naive", "seasonal naive (3)", "drift")
MODELS = [name for name, fitted in names((12,)).items() if fitted]


@pytest.fixture(scope="module")
def shampoo() -> pd.DataFrame:
    """Every baseline on the last year of the shampoo sales."""
    return compute_baselines(SHAMPOO, test=12, seasons=(12,)).set_index("baseline")


@pytest.fixture(scope="module")
def airline() -> pd.DataFrame:
    """Every baseline on the last two years of the airline passengers."""
    return compute_baselines(PASSENGERS, test=24, seasons=(12,)).set_index("baseline")


class TestShampoo:
    @pytest.mark.parametrize(
        ("baseline", "rmse"), [("persistence", 136.761), ("lag-2 naive", 95.695), ("seasonal naive (12)", 240.473)]
    )
    def test_exact_figures(self, shampoo: pd.DataFrame, baseline: str, rmse: float) -> None:
        """The naive forecasts have the figures that are known for this series."""
        assert shampoo.loc[baseline, "rmse"] == pytest.approx(rmse, abs=5e-4)

    def test_models_without_a_season_say_so(self, shampoo: pd.DataFrame) -> None:
        """Two years show no season: the seasonal models refer to the plain ones, and all others have numbers."""
        missing = shampoo["rmse"].isna()
        assert set(shampoo.index[missing]) == {f"seasonal {name} (12)" for name in ("ETS", "ARIMA", "Theta")}
        assert shampoo.loc["seasonal ETS (12)", "note"] == "its best form has no season: see ETS"
        assert shampoo.loc[~missing, "rmse"].is_monotonic_increasing

    def test_errors_of_persistence_by_hand(self, shampoo: pd.DataFrame) -> None:
        """MAE is the mean absolute change over the test part; MASE holds it against seasonal naive errors before it."""
        row = shampoo.loc["persistence"]
        assert row["mae"] == pytest.approx(np.abs(np.diff(SHAMPOO))[-12:].mean())
        assert row["mase"] == pytest.approx(row["mae"] / np.abs(SHAMPOO[12:24] - SHAMPOO[:12]).mean())
        assert row["mase_of"] == "seasonal naive (12)"

    def test_mase_without_a_season(self) -> None:
        """Without a season the errors are held against those of persistence on the training part."""
        row = compute_baselines(SHAMPOO, test=12, names=["persistence"]).iloc[0]
        changes = np.abs(np.diff(SHAMPOO))
        assert row["mase"] == pytest.approx(changes[-12:].mean() / changes[:-12].mean())
        assert row["mase_of"] == "persistence"

    def test_autoregression_by_hand(self, shampoo: pd.DataFrame) -> None:
        """AR(1) on differences is least squares on the history of each row."""
        errors = []
        for now in range(24, 36):
            changes = np.diff(SHAMPOO[:now])
            slope, constant = np.polyfit(changes[:-1], changes[1:], 1)
            errors.append(SHAMPOO[now - 1] + constant + slope * changes[-1] - SHAMPOO[now])
        assert shampoo.loc["AR(1) on differences", "rmse"] == pytest.approx(np.sqrt(np.mean(np.square(errors))))

    def test_without_a_season_there_are_no_seasonal_baselines(self) -> None:
        """Nobody guesses one."""
        assert not [name for name in names(()) if "season" in name or "MSTL" in name]


class TestAirline:
    @pytest.mark.parametrize(
        ("baseline", "rmse"),
        [("seasonal ARIMA (12)", 17.4), ("seasonal Theta (12)", 19.8), ("seasonal ETS (12)", 24.5)],
    )
    def test_seasonal_models(self, airline: pd.DataFrame, baseline: str, rmse: float) -> None:
        """The seasonal models are as good as they are known to be on this series."""
        assert airline.loc[baseline, "rmse"] == pytest.approx(rmse, rel=0.03)

    def test_the_best_is_seasonal(self, airline: pd.DataFrame) -> None:
        """The best baseline, which the answer names, is the seasonal ARIMA."""
        assert airline.index[0] == "seasonal ARIMA (12)"

    def test_notes_say_what_was_done(self, airline: pd.DataFrame) -> None:
        """The chosen form, and how often it was fitted."""
        assert airline.loc["seasonal ARIMA (12)", "note"] == "ARIMA(1,1,0)(0,1,0)[12], fitted every 3 rows"
        assert airline.loc["seasonal ETS (12)", "note"] == "ETS(M,N,M), fitted at every row"
        assert airline.loc["seasonal Theta (12)", "note"].endswith("multiplicative season, fitted at every row")

    @pytest.mark.parametrize("factor", [2.0**-70, 2.0**60])
    def test_powers_of_two_are_exact(self, airline: pd.DataFrame, factor: float) -> None:
        """In other units all errors are multiples, to the last digit."""
        scaled = compute_baselines(PASSENGERS * factor, test=24, seasons=(12,)).set_index("baseline")
        pd.testing.assert_series_equal(scaled["rmse"][airline.index] / factor, airline["rmse"], check_exact=True)

    def test_other_units(self, airline: pd.DataFrame) -> None:
        """A factor that no float has exactly changes nothing beyond what optimizers leave open."""
        scaled = compute_baselines(PASSENGERS * 1e-9 / 3, test=24, seasons=(12,)).set_index("baseline")
        np.testing.assert_allclose(scaled["rmse"][airline.index] * 3e9, airline["rmse"], rtol=1e-6)


class TestWalkForward:
    @pytest.mark.parametrize("horizon", [1, 3])
    def test_the_future_stays_unseen(self, horizon: int) -> None:
        """No forecast changes with the observations that follow it, whatever the baseline."""
        changed = PASSENGERS.copy()
        changed[-6:] *= np.linspace(0.5, 3, 6)
        tables = [
            compute_baselines(series, test=16, horizon=horizon, seasons=(12, 24)).set_index("baseline")["forecasts"]
            for series in (PASSENGERS, changed)
        ]
        rows = 16 - 6 + horizon  # those whose last observation is before the changed ones
        for name, forecasts in tables[0].dropna().items():
            np.testing.assert_array_equal(forecasts[:rows], tables[1][name][:rows], err_msg=str(name))
            assert len(forecasts) == 16
        assert set(names((12, 24))) == set(tables[0].dropna().index)

    def test_horizons(self) -> None:
        """Over several steps persistence stays, lag-2 alternates and drift goes on; the rows overlap."""
        series = np.array([1.0, 3.0, 2.0, 4.0, 4.0, 6.0])
        found = compute_baselines(series, test=2, horizon=2, names=NAIVE).set_index("baseline")["rmse"]
        assert found["persistence"] == pytest.approx(np.sqrt(np.mean(np.square([2, 2, 0, 2]))))
        assert found["lag-2 naive"] == pytest.approx(np.sqrt(np.mean(np.square([1, 2, 2, 2]))))
        assert found["drift"] == pytest.approx(np.sqrt(np.mean(np.square([1.5, 1, 1, 0]))))

    def test_a_season(self) -> None:
        """With a period of 3, a series that repeats itself is forecast without error, beyond a period, too."""
        series = np.tile([5.0, 7.0, 1.0], 6)
        found = compute_baselines(series, test=4, horizon=4, seasons=(3,), names=NAIVE).set_index("baseline")
        assert found.loc["seasonal naive (3)", "rmse"] == 0

    def test_several_targets(self) -> None:
        """Each target has its rows, and the pooled RMSE is the root of the mean square over both."""
        series = np.stack([SHAMPOO, SHAMPOO * 2], axis=1)[:30]
        found = compute_baselines(series, test=3, targets=("one", "two"), names=NAIVE)
        rows = found[found["baseline"] == "persistence"].set_index("target")["rmse"]
        assert rows["two"] == pytest.approx(2 * rows["one"])
        assert rows[ALL_TARGETS] == pytest.approx(np.sqrt((rows["one"] ** 2 + rows["two"] ** 2) / 2))
        assert found["target"].iloc[0] == ALL_TARGETS

    def test_progress(self) -> None:
        """Each baseline is announced, the share only rises, and what the listener raises ends the computation."""
        told: list[tuple[str, float]] = []
        compute_baselines(SHAMPOO, test=12, progress=lambda name, share: told.append((name, share)))
        shares = [share for _, share in told]
        assert shares == sorted(shares)
        assert {name for name, _ in told} == set(names(()))
        with pytest.raises(KeyboardInterrupt):
            compute_baselines(SHAMPOO, test=12, progress=_interrupt)


def _interrupt(name: str, share: float) -> None:
    raise KeyboardInterrupt


class TestTrouble:
    def test_too_short_says_so(self) -> None:
        """A baseline that needs more history keeps its row, without numbers and with the reason."""
        found = compute_baselines(SHAMPOO[:8], test=3, seasons=(12,)).set_index("baseline")
        assert set(found.index) == set(names((12,)))
        assert found.loc["seasonal naive (12)", "note"] == "needs 12 observations before the test part, there are 5"
        assert found.loc["seasonal ETS (12)", "note"] == (
            "a season of 12 needs 24 observations before the test part, there are 5"
        )
        assert found.loc["ETS", "note"] == "needs 10 observations before the test part, there are 5"
        assert found.loc["persistence", "note"] == ""

    @pytest.mark.parametrize("value", [5.0, -3.2, 0.0, 0.1, 1e25])
    def test_a_constant_series(self, value: float) -> None:
        """The error is 0, or the baseline cannot be fitted."""
        found = compute_baselines(np.full(40, value), test=6, seasons=(12,)).set_index("baseline")
        assert (found.loc[[name for name in found.index if name not in MODELS], "rmse"] == 0).all()
        assert (found.loc[MODELS, "note"] == "cannot be fitted: all observations before the test part are equal").all()

    def test_constant_for_a_while(self) -> None:
        """A model stays at the only value that its window has, and follows when there are others."""
        series = np.concatenate([np.arange(20.0) % 7, np.full(600, 5.0), 5 + np.arange(30.0) % 3])
        found = compute_baselines(series, test=200, names=["ETS", "ARIMA", "Theta"]).set_index("baseline")
        assert (found["rmse"] < 2).all()

    @pytest.mark.parametrize(
        "series",
        [np.arange(30.0), np.tile([0.0, 1e9], 15), np.tile([-1e-25, 0.0, 2e-25], 10), np.full(30, 0.1) * np.arange(30)],
    )
    def test_awkward_series(self, series: np.ndarray) -> None:
        """Straight, alternating and tiny series give a number or a reason for every baseline, and no warning."""
        found = compute_baselines(series, test=5, seasons=(3, 6))
        assert (found["rmse"].notna() | (found["note"] != "")).all()

    @pytest.mark.parametrize(("test", "horizon"), [(0, 1), (36, 1), (30, 7)])
    def test_nothing_before_the_test_part(self, test: int, horizon: int) -> None:
        """Without an observation to start from there is nothing to compute."""
        with pytest.raises(ValueError, match="observations are too few"):
            compute_baselines(SHAMPOO, test=test, horizon=horizon)
