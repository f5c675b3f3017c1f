"""How far a forecast beyond the end may be off: intervals from the errors of a study's test rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.future.recipe import at_once
from scheduler.future.splits import windows_by_newest
from scheduler.statistics.ensembles.combine import median
from scheduler.statistics.intervals.conformal import Intervals, conformal
from scheduler.statistics.intervals.levels import DEFAULT, TooFewResiduals, fewest_residuals
from scheduler.statistics.intervals.paths import residual_paths
from store.schema.configuration import Configuration

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from store import ForecastSet, Series, Store
    from store.experiments.cells import Cell

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class TestErrors:
    """The errors of a study's test rows, read once for all series that are forecast."""

    __test__ = False  # no test of pytest's

    #: the windows of each series, by the label of the newest
    windows: Mapping[str, Sequence[str]]
    forecasts: Mapping[str, ForecastSet]

    @classmethod
    def read(cls, store: Store, study_id: int, cells: Mapping[str, Cell], labels: Collection[str]) -> TestErrors:
        """Read those of the series of some cells, over all of their windows."""
        windows = windows_by_newest(cells, labels)
        names = [name for each in windows.values() for name in each]
        return cls(windows=windows, forecasts=store.results.forecasts(study_id, names))

    def direct(self, label: str, own: Configuration) -> Floats | None:
        """Return the errors of the study's own forecasts of a series, (rows, horizon, targets)."""
        if own.protocol.kind == "batch_transfer":  # which forecasts its training rows
            return None
        errors = [residuals(self.forecasts.get(name)) for name in self.windows[label]]
        there = [one for one in errors if one is not None]
        return np.concatenate(there) if there else None

    def check(self, label: str, own: Configuration, levels: Sequence[float]) -> None:
        """Check that the test rows of a series carry intervals of some levels.

        Raises:
            TooFewResiduals: they do not.
            UsageError: a level is no percentage.
        """
        errors = self.direct(label, own)
        if errors is not None:
            conformal(errors, levels, targets=own.series.targets)


def finite(found: ForecastSet | None) -> tuple[list[int], Floats]:
    """Return the repeats that did not diverge, and their forecasts, (repeats, rows, steps, targets)."""
    if found is None:
        return [], np.empty((0, 1, 1, 1))
    finite = np.isfinite(found.forecast).all(axis=(1, 2, 3))
    return found.repeats[finite].tolist(), found.forecast[finite]


def residuals(found: ForecastSet | None) -> Floats | None:
    """Return observed minus the median of all repeats, (rows, steps, targets)."""
    _, values = finite(found)
    if found is None or not len(values):
        return None
    errors: Floats = found.observed - median(values)
    return errors


def spread(
    pair: tuple[Configuration, Configuration],
    middle: Floats,
    direct: Floats | None,
    later: Floats | None,
    levels: Sequence[float] | None,
    series: Series,
) -> tuple[Intervals | None, tuple[str, ...]]:
    """Return the intervals, and why there are none.

    Args:
        pair: the configuration of the study, and the same on all rows.
        middle: the forecast, (steps, targets).
        direct: the errors of the study's own forecasts, (rows, horizon, targets).
        later: those of forecasts from the test rows as far as all steps.
        levels: in percent; None for the usual one.
        series: whose they are.

    Raises:
        TooFewResiduals: the test rows do not carry a level that is asked for.
    """
    own, chosen = pair
    if direct is None and later is None:
        return None, ("no interval: the study has no forecasts of test rows",)
    errors = _joined(direct, later, len(middle))
    horizon = at_once(own) if direct is None else direct.shape[1]
    try:
        conformal(errors[:, :horizon], levels or (DEFAULT,), targets=chosen.series.targets)
    except TooFewResiduals as problem:
        if levels:
            raise
        return None, (f"no interval: {problem}",)
    paths = None
    if len(middle) > horizon:
        paths = _paths(middle, errors[:, : at_once(chosen)], _carried(own, series))
        paths = _as_wide(paths, errors, fewest_residuals(max(levels or (DEFAULT,))))
    return conformal(errors, levels or (DEFAULT,), horizon=horizon, paths=paths, targets=chosen.series.targets), ()


def _joined(direct: Floats | None, later: Floats | None, steps: int) -> Floats:
    """Return the errors of all steps: of the study's own forecasts as far as they reach, then of recursive ones."""
    rows = max(len(one) for one in (direct, later) if one is not None)
    targets = next(one.shape[2] for one in (direct, later) if one is not None)
    found = np.full((rows, steps, targets), np.nan)
    if later is not None:
        found[-len(later) :, : later.shape[1]] = later[:, :steps]
    if direct is not None:
        found[-len(direct) :, : direct.shape[1]] = direct[:, :steps]
    return found


def _carried(own: Configuration, series: Series) -> Floats:
    """Return how much of an error later forecasts have: all of it where changes are forecast, else as values follow."""
    found = []
    for name in own.series.targets:
        values = series.values[:, series.columns.index(name)]
        values = values[np.isfinite(values)]
        size = at_once(own)
        if own.prepare.differences_of(name) or len(values) < size + 3 or np.ptp(values) == 0:
            found.append(1.0)
        else:
            found.append(float(np.clip(np.corrcoef(values[size:], values[:-size])[0, 1], 0.0, 1.0)))
    return np.array(found)


def _paths(middle: Floats, errors: Floats, carried: Floats) -> Floats:
    """Return simulated deviations from the forecast, (paths, steps, targets): errors that are carried on add up."""

    def follow(known: Floats) -> Floats:
        done, size = known.shape[1], errors.shape[1]
        ahead = middle[done : done + size]
        if len(ahead) < size:
            ahead = np.concatenate([ahead, np.repeat(middle[-1:], size - len(ahead), axis=0)])
        off = (known[:, -1] - middle[done - 1]) * carried if done else np.zeros((len(known), middle.shape[1]))
        return ahead + off[:, None]

    return residual_paths(follow, errors, len(middle))


def _as_wide(paths: Floats, errors: Floats, fewest: int) -> Floats:
    """Scale simulated deviations so that they are as large as the errors of the last step that has enough of them."""
    enough = np.flatnonzero(((~np.isnan(errors)).sum(axis=0) >= fewest).all(axis=1))
    last = int(enough[-1])
    size, simulated = (np.sqrt(np.nanmean(one[:, last] ** 2, axis=0)) for one in (errors, paths))
    scaled: Floats = paths * np.divide(size, simulated, out=np.ones_like(size), where=simulated > 0)
    return scaled
