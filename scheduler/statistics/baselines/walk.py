"""The walk forward over the test rows: which observations a forecast may use, and when a model is fitted."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: (observations, how many of them are known at the first row, steps) -> (rows, steps): the forecasts from each row on
#: to the end; a row sees the observations before it
Forecasts = Callable[[Floats, int, int], Floats]
#: told how many test rows are done
Tick = Callable[[int], None]

#: relative to the size of the values: smaller variation is rounding, and the values count as constant
ROUNDING = 1e-12


class CannotFit(Exception):
    """Why this baseline does not exist for this series; caught here and shown in the table."""


class Model(Protocol):
    """Something that is fitted to a history and then follows the observations."""

    @property
    def form(self) -> str:
        """What was chosen on the training part, for the reader."""

    @property
    def window(self) -> int:
        """The maximum number of latest observations to fit on."""

    @property
    def fits(self) -> int:
        """The maximum number of fits over the test rows."""

    def fit(self, history: Floats) -> Forecasts:
        """Fit the parameters."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What a baseline forecast."""

    #: (rows, steps)
    forecasts: Floats
    note: str = ""


def walk_rule(rule: Forecasts, series: Floats, start: int, horizon: int) -> Walked:
    """Forecast all rows by a rule that has no parameters."""
    return Walked(_checked(rule(series[: len(series) - horizon], start, horizon), start))


def walk_model(model: Model, series: Floats, start: int, horizon: int, tick: Tick) -> Walked:
    """Forecast all rows by a model that is fitted before evenly spaced rows and updated at each."""
    last = len(series) - horizon  # the origin of the last row: it sees the observations before
    rows = last + 1 - start
    every = -(-rows // model.fits)
    forecasts, kept, held = [], 0, None
    for now in range(start, last + 1, every):
        until = min(now + every - 1, last)
        first = max(0, now - model.window)
        history = series[first:now]
        fitted = _fitted(model, history)
        if fitted is None:
            if held is None:
                raise CannotFit(f"cannot be fitted to the observations before row {now - start + 1}")
            kept += 1
        else:
            held = fitted
        forecasts.append(held(series[first:until], now - first, horizon))
        tick(until + 1 - start)
    notes = [
        model.form,
        f"fitted every {every} rows" if every > 1 else "fitted at every row",
        f"on the latest {model.window:,} observations" * (start > model.window),
        f"{kept} fit{'s' * (kept > 1)} failed, with the previous fit kept" * (kept > 0),
    ]
    return Walked(_checked(np.concatenate(forecasts), start), ", ".join(note for note in notes if note))


def _fitted(model: Model, history: Floats) -> Forecasts | None:
    """Fit a model, or repeat the value of a constant history; None if the fit fails."""
    if is_constant(history):
        return repeat(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of optimizers that stop at the limit of their precision
        try:
            return model.fit(history)
        except Exception:  # whatever a library stumbles over
            return None


def is_constant(values: Floats) -> bool:
    """Whether values differ by no more than rounding."""
    return bool(np.ptp(values) <= ROUNDING * np.max(np.abs(values)))


def repeat(period: int) -> Forecasts:
    """Forecast the value one period before; beyond a period, the same values again."""

    def forecasts(series: Floats, known: int, horizon: int) -> Floats:
        origins = np.arange(known, len(series) + 1)
        return np.asarray(series[origins[:, None] - period + np.arange(horizon) % period])

    return forecasts


def _checked(forecasts: Floats, start: int) -> Floats:
    wrong = np.flatnonzero(~np.isfinite(forecasts).all(axis=1))
    if len(wrong):
        raise CannotFit(f"the forecast for observation {start + wrong[0] + 1} is not a number")
    return forecasts
