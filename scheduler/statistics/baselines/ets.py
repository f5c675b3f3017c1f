"""Exponential smoothing: error, trend and season each none, additive or multiplicative, chosen by AICc."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scheduler.statistics.baselines.walk import Floats, Forecasts

#: longer seasons have too many states to be estimated
LONGEST_SEASON = 24


@dataclass(slots=True)
class Ets:
    """An ETS model of one form."""

    train: Floats
    season: int = 1
    #: the maximum number of observations to fit on
    window: int = 500
    fits: int = field(init=False)
    #: error, trend, season and whether the trend is damped, as `ANNN`
    components: str = field(init=False)

    def __post_init__(self) -> None:
        """Choose the form; one with many states takes longer to fit."""
        from statsforecast.ets import ets_f

        self.components = ets_f(self.train[-self.window :], self.season, "ZZZ")["components"]
        self.fits = 25 if self.season <= 12 else 8

    @property
    def seasonal(self) -> bool:
        """Whether a season was chosen."""
        return self.components[2] != "N"

    @property
    def form(self) -> str:
        """The form as the literature writes it."""
        damped = "d" * (self.components[3] == "D")
        return f"ETS({self.components[0]},{self.components[1]}{damped},{self.components[2]})"

    def fit(self, history: Floats) -> Forecasts:
        """Fit the smoothing parameters and the initial states."""
        from statsforecast.ets import ets_f

        fitted = ets_f(history, self.season, self.components[:3], damped=self.components[3] == "D")
        return lambda series, known, horizon: _forecasts(fitted, series, known, horizon)


def _forecasts(fitted: dict[str, Any], series: Floats, known: int, horizon: int) -> Floats:
    """Smooth over all observations, and forecast from the states that the model was in at each row."""
    from statsforecast.ets import forecast_ets, forward_ets

    followed = forward_ets(fitted, series)
    states = followed["states"]
    return np.stack(
        [
            np.asarray(forecast_ets(followed | {"states": states[: origin + 1]}, horizon)["mean"])
            for origin in range(known, len(series) + 1)
        ]
    )
