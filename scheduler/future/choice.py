"""What choosing a configuration on the test rows does to the error that is to be expected of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from scheduler.text import number_format

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from store import ForecastSet, TrajectorySet

    Floats = NDArray[np.float64]

#: configurations among which the choice is repeated: those with the best means
MOST = 100


def nested_error(forecasts: Mapping[str, ForecastSet]) -> tuple[float, float] | None:
    """Return the RMSE of the configuration that all rows choose, and that of the choice by other rows.

    Each row is forecast by the configuration that is best on the rows which share no target with it: the error that
    choosing and forecasting have together (Cawley and Talbot 2010). None where the rows are too few for that.

    Args:
        forecasts: of the configurations that are chosen from, on the same test rows.
    """
    squares = np.array([_squares(one) for one in forecasts.values()])
    if squares.ndim < 2 or squares.shape[0] < 2:
        return None
    rows, horizon = squares.shape[1], next(iter(forecasts.values())).observed.shape[1]
    found = []
    for row in range(rows):
        others = np.abs(np.arange(rows) - row) >= horizon
        if not others.any():
            return None
        best = int(np.argmin(squares[:, others].mean(axis=1)))
        found.append(squares[best, row])
    own = squares.mean(axis=1).min()
    return float(np.sqrt(own)), float(np.sqrt(np.mean(found)))


def _squares(one: ForecastSet) -> Floats:
    """Return the mean squared error of each row over the repeats that did not diverge, (rows,)."""
    finite = np.isfinite(one.forecast).all(axis=(1, 2, 3))
    if not finite.any():
        return np.full(len(one.observed), np.inf)
    with np.errstate(over="ignore"):
        return np.asarray(np.mean((one.forecast[finite] - one.observed) ** 2, axis=(0, 2, 3)))


def chosen_on_test(forecasts: Mapping[str, ForecastSet], rows: int) -> str:
    """Return in a sentence what the choice on the test rows does to the expected error; empty where it is unknown."""
    found = nested_error(forecasts)
    if found is None:
        return f"it was chosen on the {rows} test rows, where its error is therefore too low an estimate"
    write = number_format(found)
    own, nested = found
    there = f"it was chosen on the {rows} test rows: RMSE {write(own)} there"
    if nested <= own:
        return f"{there}, and no more where each row is forecast by the configuration that the other rows choose"
    return f"{there}, but {write(nested)} where each row is forecast by the configuration that the other rows choose"


def by_validation(curves: Mapping[str, TrajectorySet]) -> dict[str, float]:
    """Return the mean RMSE of the validation rows after the last epoch, the least first; none where there are none."""
    found = {}
    for label, one in curves.items():
        last = None if one.validation is None else np.asarray(one.validation)[:, -1]
        finite = np.array([]) if last is None else last[np.isfinite(last)]
        if len(finite):
            found[label] = float(finite.mean())
    return dict(sorted(found.items(), key=lambda pair: pair[1]))
