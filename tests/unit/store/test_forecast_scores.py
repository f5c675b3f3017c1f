"""Scores of stored forecasts."""

from __future__ import annotations

import numpy as np
import pytest

from store.forecast_scores import (
    PLAIN,
    ROWS,
    SCORES,
    STEPS,
    TARGETS,
    Scale,
    by_step,
    by_target,
    naive_scale,
    plain_scores,
    scale_arrays,
    score_forecasts,
)

OBSERVED = np.zeros((2, 2, 2))
FORECAST = np.array([[[1.0, 2.0], [3.0, 4.0]], [[-1.0, -2.0], [3.0, np.nan]]])
RNG = np.random.default_rng(3)
SEEN, SAID = RNG.normal(100, 30, (20, 4, 3)), RNG.normal(100, 30, (20, 4, 3))
TRAIN = RNG.normal(100, 30, (48, 3))
EACH = [naive_scale(column, (12,)) for column in TRAIN.T]
SCALES = scale_arrays(EACH)


def test_scores_by_target_and_step() -> None:
    """All scores of each, targets first, counted from 1; NaN is none, and so is a percentage of 0."""
    assert list(by_step(OBSERVED, FORECAST)) == [
        (1, 1, 1.0, 1.0, None, 200.0),
        (1, 2, 3.0, 3.0, None, 200.0),
        (2, 1, 2.0, 2.0, None, 200.0),
        (2, 2, None, None, None, None),
    ]


def test_scores_by_target_only_of_several() -> None:
    """A single target has the scores of all values together."""
    found = list(by_target(SEEN, SAID))
    assert [row[0] for row in found] == [1, 2, 3]
    assert found[1][2] == pytest.approx(np.mean(np.abs(SAID - SEEN)[..., 1]))
    assert list(by_target(SEEN[..., :1], SAID[..., :1])) == []


def test_the_mean_over_all() -> None:
    """All rows, steps and targets count alike; infinity stays, NaN is none."""
    assert plain_scores(OBSERVED[..., :1], FORECAST[..., :1])["mae"] == pytest.approx(2.0)
    assert plain_scores(OBSERVED, FORECAST)["mae"] is None
    assert plain_scores(OBSERVED, np.full((2, 2, 2), np.inf))["mae"] == np.inf


def test_no_rows() -> None:
    """Nothing has no error, and warns of nothing."""
    empty = np.zeros((0, 1, 1))
    assert plain_scores(empty, empty) == dict.fromkeys(PLAIN)
    assert list(by_step(empty, empty)) == [(1, 1, None, None, None, None)]


def test_bits_are_those_of_each_part_alone() -> None:
    """RMSE and MAE of a step are, to the last bit, what NumPy returns for its values alone."""
    for target, step, rmse, mae, *_ in by_step(SEEN, SAID):
        error = SAID[:, step - 1, target - 1] - SEEN[:, step - 1, target - 1]
        assert (rmse, mae) == (np.sqrt(np.mean(error**2)), np.mean(np.abs(error)))
    assert plain_scores(SEEN, SAID)["mae"] == np.mean(np.abs(SAID - SEEN))


def written_out(seen: list[float], said: list[float], train: list[float], season: int) -> dict[str, float]:
    """Return the six scores of one target, term by term."""
    pairs = list(zip(seen, said, strict=True))
    mae = sum(abs(y - f) for y, f in pairs) / len(pairs)
    mse = sum((y - f) ** 2 for y, f in pairs) / len(pairs)
    naive = [train[place] - train[place - season] for place in range(season, len(train))]
    return {
        "rmse": mse**0.5,
        "mae": mae,
        "mape": sum(100 * abs(y - f) / abs(y) for y, f in pairs) / len(pairs),
        "smape": sum(200 * abs(y - f) / (abs(y) + abs(f)) for y, f in pairs) / len(pairs),
        "mase": mae / (sum(map(abs, naive)) / len(naive)),
        "rmsse": (mse / (sum(error**2 for error in naive) / len(naive))) ** 0.5,
    }


@pytest.mark.parametrize("season", [1, 12])
def test_equal_the_formulas_written_out(season: int) -> None:
    """Of one target, as Hyndman and Koehler (2006) and the M5 competition define them."""
    scale = naive_scale(TRAIN[:, 0], (season,) if season > 1 else ())
    found = score_forecasts(SEEN[..., :1], SAID[..., :1], scale_arrays([scale]))
    expected = written_out(*(part[..., 0].ravel().tolist() for part in (SEEN, SAID)), TRAIN[:, 0].tolist(), season)
    assert {name: float(value) for name, value in found.items()} == pytest.approx(expected, rel=1e-12)
    assert tuple(found) == SCORES


def test_scaled_scores_of_several_targets_are_means_of_each() -> None:
    """Also by step, where the targets are together, and of many forecasts at once."""
    many = np.stack([SAID, SAID + 1.0])
    alone = [score_forecasts(SEEN[..., [k]], SAID[..., [k]], scale_arrays([EACH[k]])) for k in range(3)]
    found = score_forecasts(SEEN, many, SCALES)
    assert found["mase"][0] == pytest.approx(np.mean([one["mase"] for one in alone]))
    assert found["rmsse"][0] == pytest.approx(np.mean([one["rmsse"] for one in alone]))
    assert score_forecasts(SEEN, many, SCALES, over=(ROWS, TARGETS))["rmsse"].shape == (2, 4)
    steps = score_forecasts(SEEN, SAID, SCALES, over=(ROWS,))["mase"]
    assert score_forecasts(SEEN, SAID, SCALES, over=(ROWS, TARGETS))["mase"] == pytest.approx(steps.mean(axis=1))
    assert score_forecasts(SEEN, SAID, SCALES, over=(ROWS, STEPS))["mase"] == pytest.approx(
        [float(one["mase"]) for one in alone]
    )


def test_denominators_of_zero_are_no_number() -> None:
    """An observed 0 has no percentage, a constant training part no scaled error; the others are not touched."""
    seen, said = np.array([0.0, 2.0]).reshape(2, 1, 1), np.array([0.0, 1.0]).reshape(2, 1, 1)
    found = score_forecasts(seen, said, scale_arrays([naive_scale(np.full(9, 5.0))]))
    assert [name for name, value in found.items() if np.isnan(value)] == ["mape", "smape", "mase", "rmsse"]
    assert found["mae"] == 0.5


def test_the_season_needs_room() -> None:
    """A season as long as the training part leaves persistence; a single observation leaves nothing."""
    assert naive_scale(np.array([1.0, 3.0]), (12,)) == Scale(of="persistence", mae=2.0, rmse=2.0)
    assert naive_scale(np.arange(24.0), (12,)).of == "seasonal naive (12)"
    assert np.isnan(naive_scale(np.array([1.0])).mae)


def test_equal_scikit_learn() -> None:
    """RMSE, MAE and MAPE, over all values of several targets."""
    from sklearn import metrics

    seen, said = SEEN.ravel(), SAID.ravel()
    found = score_forecasts(SEEN, SAID)
    assert found["rmse"] == pytest.approx(metrics.root_mean_squared_error(seen, said), rel=1e-12)
    assert found["mae"] == pytest.approx(metrics.mean_absolute_error(seen, said), rel=1e-12)
    assert found["mape"] == pytest.approx(100 * metrics.mean_absolute_percentage_error(seen, said), rel=1e-12)


@pytest.mark.parametrize("season", [1, 12])
def test_equal_utilsforecast(season: int) -> None:
    """All six of each target; its MAPE and sMAPE are shares of 1."""
    import pandas as pd
    from utilsforecast import losses

    names = [f"target {place}" for place in range(3)]
    rows = len(SEEN)
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat(names, rows),
            "ds": np.tile(np.arange(rows), 3),
            "y": SEEN[:, 0, :].T.ravel(),
            "us": SAID[:, 0, :].T.ravel(),
        }
    )
    past = pd.DataFrame(
        {"unique_id": np.repeat(names, len(TRAIN)), "ds": np.tile(np.arange(len(TRAIN)), 3), "y": TRAIN.T.ravel()}
    )
    scales = scale_arrays([naive_scale(column, (season,) if season > 1 else ()) for column in TRAIN.T])
    found = score_forecasts(SEEN[:, :1], SAID[:, :1], scales, over=(ROWS, STEPS))
    plain = {"rmse": losses.rmse, "mae": losses.mae, "mape": losses.mape, "smape": losses.smape}
    expected = {name: loss(frame, ["us"])["us"].to_numpy() for name, loss in plain.items()}
    expected["mape"], expected["smape"] = 100 * expected["mape"], 200 * expected["smape"]
    expected["mase"] = losses.mase(frame, ["us"], season, past)["us"].to_numpy()
    expected["rmsse"] = losses.rmsse(frame, ["us"], season, past)["us"].to_numpy()
    for name, values in expected.items():
        assert found[name] == pytest.approx(values, rel=1e-9), name
