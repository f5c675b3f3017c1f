"""The engine's front door: lanes and a series in, one result for each lane out."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from store.records import Forecasts, Result, Series
from worker.engine import score
from worker.engine.outcome import Outcome
from worker.engine.pacing import Progress, Ticker
from worker.engine.prepare import Prepared, prepare
from worker.lane import Lane

__all__ = ["Lane", "train"]


def train(lanes: Sequence[Lane], series: Series, *, progress: Progress) -> list[Result]:
    """Train the lanes of a pack side by side.

    A repeat's numbers depend on its configuration and seed alone, not on the pack or the lane.

    Args:
        lanes: Jobs whose configurations have the same program.
        series: What is forecast.
        progress: Called with the epochs done and in total, summed over lanes, at least every 2 seconds but while a
            program is compiled; what it raises abandons the pack.

    Returns:
        One result for each lane, in order. A lane whose numbers are no longer finite has diverged.
    """
    from worker.engine.protocols import PROTOCOLS

    started = perf_counter()
    configuration = lanes[0].configuration
    prepared = prepare(configuration, series)
    ticker = Ticker(progress=progress, total=sum(lane.configuration.training.epochs for lane in lanes))
    outcomes = PROTOCOLS[configuration.protocol.kind](lanes, prepared, ticker)
    seconds = (perf_counter() - started) / len(lanes)
    return [_result(lane, outcome, prepared, seconds) for lane, outcome in zip(lanes, outcomes, strict=True)]


def _result(lane: Lane, outcome: Outcome, prepared: Prepared, seconds: float) -> Result:
    forecast = prepared.invert(outcome.forecast, outcome.rows)
    forecasts = Forecasts(observed=outcome.rows.observed, forecast=forecast)
    train_rmse, scored = float("nan"), outcome.trained is not None
    if outcome.trained is not None:
        train_rmse = score.rmse(prepared.train.observed, prepared.invert(outcome.trained, prepared.train))
    return Result(
        job_id=lane.job_id,
        train_rmse=train_rmse,
        test_rmse=score.rmse(forecasts.observed, forecasts.forecast),
        diverged=not np.isfinite(forecast).all() or (scored and not np.isfinite(train_rmse)),
        seconds=seconds,
        trajectory=outcome.trajectory,
        forecasts=forecasts,
        scores=score.parts(forecasts, prepared.targets),
    )
