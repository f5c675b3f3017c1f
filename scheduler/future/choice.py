"""What choosing a configuration on the test rows does to the error that is to be expected of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from scheduler.text import number_format

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from store import ForecastSet, TrajectorySet
    from store.experiments.cells import Cell

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
    errors = [_squares(one) for one in forecasts.values()]
    if len(errors) < 2 or any(not len(one) for one in errors):
        return None
    rows, horizon = errors[0].shape[1], next(iter(forecasts.values())).observed.shape[1]
    if rows < 2 * horizon:
        return None
    chosen = np.argmin([_by_other_rows(one, horizon) for one in errors], axis=0)
    found = np.stack([errors[best][: min(map(len, errors)), row] for row, best in enumerate(chosen)], axis=1)
    return min(map(_score, errors)), _score(found)


def _by_other_rows(squares: Floats, horizon: int) -> Floats:
    """Return for each row the score by the rows that share no target with it, `(rows,)`; sums are taken once."""
    rows = squares.shape[1]
    first, last = np.maximum(np.arange(rows) - horizon + 1, 0), np.minimum(np.arange(rows) + horizon, rows)
    before = np.pad(np.cumsum(squares, axis=1), ((0, 0), (1, 0)))
    behind = np.pad(np.cumsum(squares[:, ::-1], axis=1)[:, ::-1], ((0, 0), (0, 1)))
    means = (before[:, first] + behind[:, last]) / (first + rows - last)
    return np.asarray(np.sqrt(means).mean(axis=0))


def _score(squares: Floats) -> float:
    """Return the mean of the repeats' RMSE, of squared errors (repeats, rows)."""
    return float(np.sqrt(squares.mean(axis=1)).mean())


def _squares(one: ForecastSet) -> Floats:
    """Return the mean squared error of each row of the repeats that did not diverge, (repeats, rows)."""
    finite = np.isfinite(one.forecast).all(axis=(1, 2, 3))
    with np.errstate(over="ignore"):
        return np.asarray(np.mean((one.forecast[finite] - one.observed) ** 2, axis=(2, 3)))


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


def over_series(means: Mapping[str, float], cells: Mapping[str, Cell]) -> dict[str, float]:
    """Return for each configuration its error as a share of what is usual on a split, over all splits, the least first.

    Errors of series in different units are not averaged: each is divided by the mean of all configurations there. One
    that has no error on a split is left out, unless none has one on each.

    Args:
        means: the error of each configuration on each split, by its label there.
        cells: by the same labels.
    """
    splits: dict[str, list[float]] = {}
    for label, mean in means.items():
        splits.setdefault(cells[label].split, []).append(mean)
    usual = {split: float(np.mean(each)) for split, each in splits.items()}
    found: dict[str, list[float]] = {}
    for label, mean in means.items():
        found.setdefault(cells[label].point, []).append(mean / (usual[cells[label].split] or 1.0))
    wanted = Counter(cell.point for cell in cells.values())
    scores = {point: float(np.mean(each)) for point, each in found.items()}
    whole = {point: one for point, one in scores.items() if len(found[point]) == wanted[point]} or scores
    return dict(sorted(whole.items(), key=lambda pair: pair[1]))
