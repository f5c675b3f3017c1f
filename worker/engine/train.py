"""The engine's front door: lanes and a series in, one result for each lane out."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from store.quantiles import Quantiles
from store.records import Forecasts, Result, Series
from store.schema.keras_catalogue import MEDIAN
from worker.engine import score
from worker.engine.arrays import Float32s
from worker.engine.lane_rows import LaneRows
from worker.engine.outcome import Outcome
from worker.engine.pacing import Progress, Ticker
from worker.engine.prepare import Prepared, prepare, prepare_each
from worker.lane import Lane, Together, Trainable

__all__ = ["Lane", "load", "train", "train_apart"]


def load() -> bool:
    """Import all that training needs, and compute nothing; return whether a process may be forked after that."""
    from worker.engine import protocols  # noqa: F401 - it imports the others
    from worker.engine.backend import ON_GPU

    return not ON_GPU


def train(lanes: Sequence[Lane], series: Trainable, *, progress: Progress) -> list[Result]:
    """Train the lanes of a pack side by side, on the same rows, or with `apart` on the rows of their own splits.

    A repeat's numbers depend on its configuration and seed alone, not on the pack or the lane.

    Args:
        lanes: Jobs whose configurations have the same program.
        series: What is forecast; where the lanes are of several splits, the series of each; where the series are
            trained together, all of them.
        progress: Called with the epochs done and in total, summed over lanes, at least every 2 seconds but while a
            program is compiled; what it raises abandons the pack.

    Returns:
        One result for each lane, in order. A lane whose numbers are no longer finite has diverged.
    """
    if isinstance(series, Series):
        return _trained(lanes, LaneRows(each=[prepare(lanes[0].configuration, series)]), progress)
    if isinstance(series, Together):
        return _train_together(lanes, series, progress)
    return train_apart(lanes, prepare_each([lane.configuration for lane in lanes], series), progress=progress)


def train_apart(lanes: Sequence[Lane], prepared: Sequence[Prepared], *, progress: Progress) -> list[Result]:
    """Train lanes side by side that have rows of their own: other series, other windows, other numbers of rows.

    A repeat's numbers depend on its configuration, its rows and its seed alone, not on what other lanes hold; which
    program it runs in depends on the numbers of its own rows. They may differ in their last bits from those of `train`.

    Args:
        lanes: Jobs with the same kind of protocol; those whose models are alike and whose numbers of rows are similar
            share a program.
        prepared: The rows of each lane. Repeats on the same rows best have the same object.
        progress: As for `train`.

    Returns:
        One result for each lane, in order.
    """
    return _trained(lanes, LaneRows(each=prepared, apart=True), progress)


def _train_together(lanes: Sequence[Lane], series: Together, progress: Progress) -> list[Result]:
    """Train lanes that are results of the same trainings, each of another series."""
    from worker.engine.protocols import future_together, together
    from worker.engine.protocols.joined import Joined

    started = perf_counter()
    ticker = Ticker(progress=progress, total=sum(lane.configuration.training.epochs for lane in lanes))
    joined = Joined.of(lanes[0].configuration, series)
    beyond = joined.configuration.future is not None
    outcomes = (future_together if beyond else together).train(lanes, joined, ticker)
    seconds = (perf_counter() - started) / len(lanes)
    return [
        _result(lane, outcome, joined.of_lane(lane), seconds) for lane, outcome in zip(lanes, outcomes, strict=True)
    ]


def _trained(lanes: Sequence[Lane], rows: LaneRows, progress: Progress) -> list[Result]:
    from worker.engine.protocols import protocol_of

    started = perf_counter()
    ticker = Ticker(progress=progress, total=sum(lane.configuration.training.epochs for lane in lanes))
    outcomes = protocol_of(lanes[0].configuration)(lanes, rows, ticker)
    seconds = (perf_counter() - started) / len(lanes)
    return [
        _result(lane, outcome, rows.of(position), seconds)
        for position, (lane, outcome) in enumerate(zip(lanes, outcomes, strict=True))
    ]


def _result(lane: Lane, outcome: Outcome, prepared: Prepared, seconds: float) -> Result:
    shares = lane.configuration.training.loss.quantiles
    forecast = prepared.invert(_middle(outcome.forecast, shares), outcome.rows)
    quantiles = _quantiles(outcome, prepared, shares) if len(shares) > 1 else None
    forecasts = Forecasts(observed=outcome.rows.observed, forecast=forecast, quantiles=quantiles)
    train_rmse, scored = float("nan"), outcome.trained is not None
    if outcome.trained is not None:
        trained = prepared.invert(_middle(outcome.trained, shares), prepared.train)
        train_rmse = score.rmse(prepared.train.observed, trained)
    return Result(
        job_id=lane.job_id,
        train_rmse=train_rmse,
        test_rmse=score.rmse(forecasts.observed, forecasts.forecast),
        diverged=not np.isfinite(forecast).all() or (scored and not np.isfinite(train_rmse)),
        seconds=seconds,
        trajectory=outcome.trajectory,
        forecasts=forecasts,
        scores=score.parts(forecasts, prepared.targets),
        weights=outcome.weights,
    )


def _middle(forecasts: Float32s, shares: Sequence[float]) -> Float32s:
    """Return the medians of what a model forecasts."""
    return forecasts if len(shares) == 1 else _at(forecasts, shares.index(MEDIAN))


def _quantiles(outcome: Outcome, prepared: Prepared, shares: tuple[float, ...]) -> Quantiles:
    """Return all quantiles in the units of the series, each turned back as the median is."""
    each = [prepared.invert(_at(outcome.forecast, place), outcome.rows) for place in range(len(shares))]
    return Quantiles(shares=shares, values=np.stack(each, axis=-1))


def _at(forecasts: Float32s, place: int) -> Float32s:
    return np.ascontiguousarray(forecasts[..., place])
