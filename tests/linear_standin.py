"""A stand-in for the engine that behaves like a model of scaled data: a change of units changes its scores likewise.

It cuts, scales and scores the rows as the engine does. In place of a network it has a least-squares fit to the scaled
training rows, which each repeat misses by noise of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from store import Forecasts, Result, Series, Trajectory
from worker.engine import score
from worker.engine.prepare import Prepared, Rows, prepare_each
from worker.lane import Lane, Together, Trainable

Floats = NDArray[np.float64]

#: of the repeats, in units of the scaled data
NOISE = 0.05
#: share of the fit that is learnt after the first epoch; the rest goes at the same rate
LEARNT = 0.5
#: of the least-squares fit, so that rows that are alike have one solution
RIDGE = 1e-3


def train(lanes: Sequence[Lane], series: Trainable, *, progress: Callable[[int, int], None]) -> list[Result]:
    """Return the result of each lane."""
    if isinstance(series, Together):  # each by itself, which is enough for what is delivered
        of_rows = {member.rows: one for member, one in zip(series.members, series.series, strict=True)}
        series = [of_rows[lane.series_rows] for lane in lanes]
    each = [series] * len(lanes) if isinstance(series, Series) else series
    prepared = prepare_each([lane.configuration for lane in lanes], each)
    fits = {id(one): _fit(one.train) for one in prepared}
    return [_result(lane, one, fits[id(one)]) for lane, one in zip(lanes, prepared, strict=True)]


def _design(rows: Rows) -> Floats:
    flat = rows.inputs.reshape(len(rows), -1).astype(np.float64)
    return np.column_stack([flat, np.ones(len(rows))])


def _fit(rows: Rows) -> Floats:
    """Return the weights: (features + 1, horizon x targets)."""
    seen, asked = _design(rows), rows.targets.reshape(len(rows), -1).astype(np.float64)
    return np.asarray(np.linalg.solve(seen.T @ seen + RIDGE * np.eye(seen.shape[1]), seen.T @ asked))


def _result(lane: Lane, prepared: Prepared, fit: Floats) -> Result:
    units = lane.configuration.model.units
    draw = np.random.default_rng([lane.seed, *(units if isinstance(units, tuple) else (units,))])
    missed = NOISE * draw.normal(size=fit.shape)
    epochs, every = lane.configuration.training.epochs, getattr(lane.configuration.protocol, "evaluate_every", 1)
    marks = [*range(every, epochs, every), epochs]
    curves = {
        name: np.array([_rmse(rows, (fit + missed) * (1 - LEARNT**mark), prepared) for mark in marks])
        for name, rows in (("train", prepared.train), ("test", prepared.test))
    }
    forecast = prepared.invert(_forecast(prepared.test, (fit + missed) * (1 - LEARNT**epochs)), prepared.test)
    forecasts = Forecasts(observed=prepared.test.observed, forecast=forecast)
    return Result(
        job_id=lane.job_id,
        train_rmse=float(curves["train"][-1]),
        test_rmse=score.rmse(forecasts.observed, forecast),
        diverged=not np.isfinite(forecast).all(),
        seconds=0.0,
        trajectory=Trajectory(
            epochs=epochs,
            every=every,
            train_rmse=(curves["train"] / prepared.unit).astype(np.float32),
            test_rmse=(curves["test"] / prepared.unit).astype(np.float32),
            factor=prepared.unit,
        ),
        forecasts=forecasts,
        scores=score.parts(forecasts, prepared.targets),
    )


def _forecast(rows: Rows, weights: Floats) -> NDArray[np.float32]:
    return (_design(rows) @ weights).reshape(rows.targets.shape).astype(np.float32)


def _rmse(rows: Rows, weights: Floats, prepared: Prepared) -> float:
    return score.rmse(rows.observed, prepared.invert(_forecast(rows, weights), rows))
