"""The tables of docs/m3.md: errors by frequency and over all, what one seed would have decided, coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.m3.classical import naive2, theta
from benchmarks.m3.data import Floats, Kind, M3Series
from benchmarks.m3.scores import scaled, smape

#: published by Makridakis and Hibon (2000): sMAPE over all forecast values
PUBLISHED = {"Naive2": 15.47, "Theta of the competition": 13.01}
#: how far ours may be from them
NEAR = 0.15
ALL = "all"


@dataclass(slots=True)
class Errors:
    """The errors of one method, of each forecast value, by frequency."""

    smape: dict[str, list[Floats]] = field(default_factory=dict)
    mase: dict[str, list[Floats]] = field(default_factory=dict)

    def add(self, kind: Kind, series: M3Series, forecast: Floats) -> None:
        """Add the errors of a forecast, (..., horizon)."""
        self.smape.setdefault(kind.name, []).append(smape(series.future, forecast))
        self.mase.setdefault(kind.name, []).append(scaled(series.future, forecast, series.known, kind.season))

    def covers(self, other: Errors, name: str) -> bool:
        """Return whether all series of a frequency, or of all, are there that another method has forecast."""
        kinds = other.smape if name == ALL else (name,)
        return all(len(self.smape.get(kind, ())) == len(other.smape[kind]) for kind in kinds)

    def pooled(self, name: str) -> Floats:
        """Return sMAPE over all values of a frequency, or of all; (repeats,) for repeats."""
        return _pooled([each for kind, found in self.smape.items() if name in {kind, ALL} for each in found])

    def mean_mase(self, name: str) -> Floats:
        """Return the mean over series of MASE; series whose naive forecast is never wrong have none."""
        found = [each.mean(axis=-1) for kind, those in self.mase.items() if name in {kind, ALL} for each in those]
        return np.asarray(np.mean([one for one in found if np.isfinite(one).all()], axis=0))


def _pooled(errors: Sequence[Floats]) -> Floats:
    return np.asarray(sum(each.sum(axis=-1) for each in errors) / sum(each.shape[-1] for each in errors))


def networks(found: Mapping[Kind, Sequence[tuple[M3Series, Floats]]]) -> tuple[Errors, Errors]:
    """Return the errors of single repeats, and those of the median of all."""
    single, together = Errors(), Errors()
    for kind, each in found.items():
        for series, forecast in each:
            single.add(kind, series, forecast)
            together.add(kind, series, np.median(forecast, axis=0))
    return single, together


def classical(series: Mapping[Kind, Sequence[M3Series]]) -> dict[str, Errors]:
    """Return the errors of the competition's own methods, computed here."""
    found = {name: Errors() for name in PUBLISHED}
    for kind, chosen in series.items():
        for one in chosen:
            for name, method in zip(PUBLISHED, (naive2, theta), strict=True):
                found[name].add(kind, one, method(one.known, kind.season, kind.horizon))
    return found


#: the baselines that the table shows: the seasonal model where a season was found, else the plain one
FAMILIES = ("ETS", "ARIMA", "Theta")


def families(kind: Kind, by_name: Mapping[str, Mapping[str, Floats]], series: M3Series) -> dict[str, Floats]:
    """Return the forecasts of one series by each family of baselines."""
    found = {}
    for family in FAMILIES:
        for name in (f"seasonal {family} ({kind.season})", family, "persistence"):
            if series.name in by_name.get(name, {}):
                found[family] = by_name[name][series.name]
                break
    return found


def wrong_winners(single: Floats, other: float) -> float:
    """Return the share of repeats whose comparison with another method has the other sign than that of their mean."""
    return float(np.mean((single < other) != (single.mean() < other)))


def coverage(together: Errors, level: float) -> dict[str, float]:
    """Return the share of values within intervals as wide as errors of the other series of the frequency say.

    Split conformal with each series left out in turn: at each step of the horizon the scaled errors of the others are
    exchangeable with its own as far as series are. (There is one test row, so that no series has errors of its own.)
    """
    found = {}
    for kind, errors in together.mase.items():
        table = np.stack([one for one in errors if np.isfinite(one).all()])
        rank = int(np.ceil(level * len(table)))  # of n - 1 others, (n - 1 + 1) x level
        ordered = np.sort(table, axis=0)
        limit = np.where(table <= ordered[rank - 1], ordered[min(rank, len(table) - 1)], ordered[rank - 1])
        found[kind] = float(np.mean(table <= limit))
    return found
