"""Theta: the seasonally adjusted series split into a line and the deviations from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scheduler.statistics.baselines.walk import Floats, Forecasts


@dataclass(slots=True)
class Theta:
    """The best of the standard, the optimised and the dynamic Theta models."""

    train: Floats
    season: int = 1
    #: the maximum number of observations to fit on
    window: int = 500
    fits: int = 25
    kind: str = field(init=False)
    #: how its season is removed; empty if the training part shows none
    decomposition: str = field(init=False)

    def __post_init__(self) -> None:
        """Choose which of the models."""
        from statsforecast.theta import auto_theta

        found = auto_theta(self.train[-self.window :], self.season)
        self.kind = found["modeltype"]
        self.decomposition = found["decomposition_type"] if found.get("decompose") else ""

    @property
    def seasonal(self) -> bool:
        """Whether a season is removed."""
        return bool(self.decomposition)

    @property
    def form(self) -> str:
        """Its name in the literature, and its season."""
        return f"Theta ({self.kind})" + f", {self.decomposition} season" * bool(self.decomposition)

    def fit(self, history: Floats) -> Forecasts:
        """Remove the season and fit the rest."""
        from statsforecast.theta import auto_theta

        fitted = auto_theta(history, self.season, model=self.kind)
        return lambda series, known, horizon: _forecasts(fitted, series, known, horizon)


def _forecasts(fitted: dict[str, Any], series: Floats, known: int, horizon: int) -> Floats:
    """Remove the fitted season from all observations, and extrapolate the rest at each row."""
    from statsforecast.theta import forecast_theta, thetamodel

    multiplied = fitted.get("decomposition_type") == "multiplicative"
    pattern = _pattern(fitted, known, len(series) + horizon)
    adjusted = series / pattern[: len(series)] if multiplied else series - pattern[: len(series)]
    own = {name: fitted["par"][name] for name in ("initial_smoothed", "alpha", "theta")}
    rows = []
    for origin in range(known, len(series) + 1):
        follows = thetamodel(adjusted[:origin], fitted["m"], fitted["modeltype"], nmse=3, **own)
        ahead = np.asarray(forecast_theta(follows, horizon)["mean"])
        back = pattern[origin : origin + horizon]
        rows.append(ahead * back if multiplied else ahead + back)
    return np.stack(rows)


def _pattern(fitted: dict[str, Any], known: int, observations: int) -> Floats:
    """Repeat the season of a fit over all observations, in step with the `known` ones that it is fitted on."""
    if not fitted.get("decompose"):
        return np.zeros(observations)
    season = np.asarray(fitted["seas_forecast"]["mean"], dtype=np.float64)
    return season[(np.arange(observations) - known) % len(season)]
