"""ARIMA with a bounded order, seasonal where there is a season; its state follows by the Kalman filter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scheduler.statistics.baselines.walk import Floats, Forecasts

#: longer seasons need a state too large to be fitted in seconds
LONGEST_SEASON = 24
#: of seasons up to this the likelihood is exact; longer ones are fitted by the conditional sum of squares, which takes
#: a thirtieth of the time and finds nearly the same
SHORT_SEASON = 12


@dataclass(slots=True)
class Arima:
    """An ARIMA of one order, chosen stepwise by AICc (Hyndman and Khandakar 2008)."""

    train: Floats
    season: int = 1
    #: the maximum number of observations to fit on
    window: int = 500
    fits: int = 10
    order: tuple[int, int, int] = field(init=False)
    seasonal_order: tuple[int, int, int] = field(init=False)
    constant: bool = field(init=False)

    def __post_init__(self) -> None:
        """Choose the order."""
        from statsforecast.arima import auto_arima_f

        found = auto_arima_f(
            self.train[-self.window :],
            **{"max_p": 2, "max_q": 2, "max_P": 1, "max_Q": 1, "max_order": 4 if self.season > 1 else 3},
            period=self.season,
            seasonal=self.season > 1,
            **({"approximation": True, "method": "CSS"} if self.season > SHORT_SEASON else {}),
        )
        p, q, P, Q, _, d, D = found["arma"]  # noqa: N806  # as the literature writes them
        self.order, self.seasonal_order = (p, d, q), (P, D, Q)
        self.constant = not {"intercept", "drift"}.isdisjoint(found["coef"])

    @property
    def seasonal(self) -> bool:
        """Whether a season was chosen."""
        return any(self.seasonal_order)

    @property
    def form(self) -> str:
        """The order as the literature writes it."""
        text = f"ARIMA({','.join(map(str, self.order))})"
        if self.seasonal:
            text += f"({','.join(map(str, self.seasonal_order))})[{self.season}]"
        return text + " with a constant" * self.constant

    def fit(self, history: Floats) -> Forecasts:
        """Fit the coefficients."""
        from statsforecast.arima import Arima as fit_arima  # noqa: N813  # a function, whatever its name says
        from statsforecast.arima import forward_arima

        long = self.season > SHORT_SEASON
        differences = self.order[1] + self.seasonal_order[1]
        fitted = fit_arima(
            history,
            order=self.order,
            seasonal={"order": self.seasonal_order, "period": self.season},
            include_mean=self.constant and differences == 0,
            include_drift=self.constant and differences == 1,
            method="CSS" if long else "CSS-ML",
        )
        if long:  # the sum of squares knows no state to go on from; one pass of the filter does
            fitted = forward_arima(fitted, history)
        return lambda series, known, horizon: _forecasts(fitted, series, known, horizon)


def _forecasts(fitted: dict[str, Any], series: Floats, known: int, horizon: int) -> Floats:
    """Follow the observations after those that it was fitted on, and forecast at each row."""
    model = fitted["model"]
    state, spread = model["a"].copy(), model["P"].copy()
    move, noise, seen = model["T"], model["V"], model["Z"]
    line = _line(fitted["coef"], len(series) + horizon)
    rows = []
    for origin in range(known, len(series) + 1):
        if origin > known:
            state, spread = move @ state, move @ spread @ move.T + noise
            shared = spread @ seen
            gain = shared / (model["h"] + seen @ shared)
            state = state + gain * (series[origin - 1] - line[origin - 1] - seen @ state)
            spread = spread - np.outer(gain, shared)
        ahead, steps = state, []
        for step in range(horizon):
            ahead = move @ ahead
            steps.append(seen @ ahead + line[origin + step])
        rows.append(steps)
    return np.asarray(rows)


def _line(coefficients: dict[str, float], observations: int) -> Floats:
    """Return the mean, or the line of the drift, at each observation."""
    line = np.full(observations, coefficients.get("intercept", 0.0))
    return np.asarray(line + coefficients.get("drift", 0.0) * np.arange(1, observations + 1))
