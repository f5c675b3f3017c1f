"""Scores by which a grid cannot be judged are refused, with what to write."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from scheduler.grid.expand import expand
from scheduler.grid.grid import Grid
from store.errors import GridError

FIELDS = {"training": {"epochs": 2}, "repeats": 2, "prepare": {"pad": True}}


def judged(score: str, values: Sequence[float]) -> Grid:
    """Read a grid that is judged by a score, of a series with these values."""
    return Grid.of({**FIELDS, "score": score}, series=np.array(values, dtype=float))


def mistake(score: str, values: Sequence[float]) -> str:
    """Return what is wrong with such a grid."""
    with pytest.raises(GridError) as found:
        judged(score, values)
    (line,) = found.value.mistakes
    return line


def test_a_percentage_of_zero() -> None:
    """Only values that are forecast count; the advice leads to a grid that is accepted."""
    values = [*range(1, 31), 0.0, 0.0]
    assert mistake("mape", values) == (
        "score: mape divides by each value, and of value 2 of the 12 values to forecast are 0: "
        "write score: mae, rmse, mase or rmsse"
    )
    assert mistake("smape", values).startswith("score: smape divides by each value")
    for score in ("mae", "rmse", "mase", "rmsse"):
        assert judged(score, values).score == score
    assert judged("mape", [0.0, 0.0, *range(1, 31)]).score == "mape"


def test_a_constant_training_part() -> None:
    """Nothing is scaled by an error of 0."""
    values = [5.0] * 20 + list(range(12))
    assert mistake("rmsse", values).startswith("score: rmsse divides by the error of the naive forecast")
    assert mistake("mase", values).endswith("write score: mae, or another series.season")
    assert judged("mae", values).score == "mae"


def test_seasons_that_differ_between_configurations() -> None:
    """Scores over different errors say nothing of each other; the advice leads to grids that are accepted."""
    fields = {**FIELDS, "score": "mase", "series": {"name": "shampoo", "season": 12}}
    both = {"grid": {("series.season", "model.units"): [[12, 1], [4, 2]]}}
    with pytest.raises(GridError) as found:
        Grid.of({**fields, **both})
    (line,) = found.value.mistakes
    assert line.endswith(
        "which for shampoo is seasonal naive (12) in one configuration and seasonal naive (4) in another: write the "
        "same series.season for all of them, or score: mae"
    )
    assert len(Grid.of({**fields, "grid": {"model.units": [1, 2]}})) == 2
    assert len(Grid.of({**fields, **both, "score": "mae"})) == 2


def test_the_score_makes_another_experiment_of_the_same_jobs() -> None:
    """Keys of jobs do not depend on it; the default changes nothing."""
    by_rmse, by_mae = (expand(judged(score, list(range(1, 33)))) for score in ("rmse", "mae"))
    assert (by_rmse.score, by_mae.score) == ("rmse", "mae")
    assert by_rmse.configurations == by_mae.configurations
    (scale,) = by_rmse.configurations[0].scales
    assert (scale.of, scale.mae, scale.rmse) == ("persistence", 1.0, 1.0)
