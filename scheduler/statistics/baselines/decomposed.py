"""Models of series from which long or several seasons are removed: by MSTL (Bandara, Hyndman and Bergmeir 2021)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from scheduler.statistics.baselines.walk import Floats, Forecasts, Model


@dataclass(slots=True)
class Decomposed:
    """The last period of each season again, and a model of the seasonally adjusted rest."""

    train: Floats
    seasons: tuple[int, ...]
    #: the model of the rest, made from its training part
    of_rest: Callable[[Floats], Model]
    fits: int = 5
    model: Model = field(init=False)

    def __post_init__(self) -> None:
        """Choose the model of the rest."""
        recent = self.train[-self.window :]
        self.model = self.of_rest(recent - np.sum(self._parts(recent), axis=0))

    @property
    def window(self) -> int:
        """The maximum number of observations to fit on."""
        return max(500, 4 * max(self.seasons))

    @property
    def form(self) -> str:
        """How the seasons are removed, and the model of the rest."""
        return f"{'MSTL' if len(self.seasons) > 1 else 'STL'} and {self.model.form}"

    def fit(self, history: Floats) -> Forecasts:
        """Remove the seasons and fit the rest."""
        parts = self._parts(history)
        parted = list(zip(parts, self.seasons, strict=True))
        rest = self.model.fit(history - np.sum(parts, axis=0))

        def forecasts(series: Floats, known: int, horizon: int) -> Floats:
            steps = len(series) + horizon - known
            longer = [np.concatenate([part, _go_on(part, season, steps)]) for part, season in parted]
            pattern = np.sum(longer, axis=0)
            ahead = np.arange(known, len(series) + 1)[:, None] + np.arange(horizon)
            return np.asarray(rest(series - pattern[: len(series)], known, horizon) + pattern[ahead])

        return forecasts

    def _parts(self, values: Floats) -> list[Floats]:
        """Return each season's share of the values."""
        from statsforecast.mstl import mstl

        found = mstl(values, list(self.seasons))
        names = ["seasonal"] if len(self.seasons) == 1 else [f"seasonal{season}" for season in self.seasons]
        return [found[name].to_numpy(dtype=np.float64) for name in names]


def _go_on(part: Floats, season: int, steps: int) -> Floats:
    """Repeat the last period."""
    return part[-season:][np.arange(steps) % season]
