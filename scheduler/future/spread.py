"""How far a forecast beyond the end may be off: intervals from the errors of a study's test rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.future.recipe import at_once
from scheduler.future.splits import windows_by_newest
from scheduler.statistics.ensembles.combine import median
from scheduler.statistics.intervals.conformal import Intervals, conformal, stacked
from scheduler.statistics.intervals.levels import DEFAULT, TooFewResiduals, fewest_residuals, read_levels
from scheduler.statistics.intervals.paths import residual_paths
from scheduler.statistics.intervals.quantile import Ends, ends_of
from store.quantiles import Quantiles
from store.schema.configuration import Configuration

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from store import ForecastSet, Series, Store
    from store.experiments.cells import Cell

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Errors:
    """Errors of the median of all repeats in test rows."""

    #: observed minus forecast, (rows, steps, targets)
    residuals: Floats
    #: the ends that the repeats forecast themselves for these rows
    ends: Ends | None = None

    @classmethod
    def of(cls, found: ForecastSet | None) -> Errors | None:
        """Return those of forecasts; None where no repeat is finite."""
        _, values = finite(found)
        if found is None or not len(values):
            return None
        return cls(residuals=found.observed - median(values), ends=own_ends(found))

    def first(self, steps: int) -> Errors:
        """Return those of the first steps."""
        return Errors(residuals=self.residuals[:, :steps], ends=self.ends and self.ends.first(steps))


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

    def direct(self, label: str, own: Configuration) -> Errors | None:
        """Return the errors of the study's own forecasts of a series."""
        if own.protocol.kind == "batch_transfer":  # which forecasts its training rows
            return None
        errors = [Errors.of(self.forecasts.get(name)) for name in self.windows[label]]
        there = [one for one in errors if one is not None]
        return _together(there, lambda parts: np.concatenate(list(parts))) if there else None

    def check(self, label: str, own: Configuration, levels: Sequence[float]) -> None:
        """Check that the test rows of a series carry intervals of some levels.

        Raises:
            TooFewResiduals: they do not.
            UsageError: a level is no percentage.
        """
        errors = self.direct(label, own)
        if errors is not None:
            conformal(errors.residuals, levels, targets=own.series.targets, ends=errors.ends)


def finite(found: ForecastSet | None) -> tuple[list[int], Floats]:
    """Return the repeats that did not diverge, and their forecasts, (repeats, rows, steps, targets)."""
    if found is None:
        return [], np.empty((0, 1, 1, 1))
    finite = np.isfinite(found.forecast).all(axis=(1, 2, 3))
    return found.repeats[finite].tolist(), found.forecast[finite]


def own_ends(found: ForecastSet | None) -> Ends | None:
    """Return the ends of intervals that the repeats which did not diverge forecast themselves."""
    if found is None or found.quantiles is None:
        return None
    kept = np.isin(found.repeats, finite(found)[0])
    quantiles = Quantiles(shares=found.quantiles.shares, values=found.quantiles.values[kept])
    return ends_of(quantiles, found.forecast[kept])


def spread(
    pair: tuple[Configuration, Configuration],
    said: tuple[Floats, Ends | None],
    errors: tuple[Errors | None, Errors | None],
    levels: Sequence[float] | None,
    series: Series,
) -> tuple[Intervals | None, tuple[str, ...]]:
    """Return the intervals, and why there are none.

    Args:
        pair: the configuration of the study, and the same on all rows.
        said: the forecast, (steps, targets), and the ends that the repeats forecast themselves.
        errors: those of forecasts from the test rows as far as all steps, and those of the study's own forecasts.
        levels: in percent; None for those of the quantiles that are forecast, or the usual one.
        series: whose they are.

    Raises:
        TooFewResiduals: the test rows do not carry a level that is asked for.
    """
    own, chosen = pair
    middle, ends = said
    there = [one for one in errors if one is not None]
    if not there:
        return None, ("no interval: the study has no forecasts of test rows",)
    direct, known = errors[1], _together(there, lambda parts: _over(list(parts), len(middle)))
    known = known if ends else Errors(residuals=known.residuals)
    horizon = at_once(own) if direct is None else direct.residuals.shape[1]
    asked = read_levels(levels or _own_levels(known.first(horizon)))
    try:
        conformal(known.first(horizon).residuals, asked, targets=chosen.series.targets)
    except TooFewResiduals as problem:
        if levels:
            raise
        return None, (f"no interval: {problem}",)
    paths: Floats | None = None
    if len(middle) > horizon:
        paths = _paths(middle, known.residuals[:, : at_once(chosen)], _carried(own, series))
    found = stacked([_of_level(known, level, horizon, paths) for level in asked])
    return found.between(ends) if ends and known.ends else found, _on_quantiles(own, known)


def _of_level(known: Errors, level: float, horizon: int, paths: Floats | None) -> Intervals:
    """Return the intervals of one level, which no other level that is asked for changes."""
    wide = None if paths is None else _as_wide(paths, known.residuals, fewest_residuals(level))
    return conformal(known.residuals, (level,), horizon=horizon, paths=wide, ends=known.ends)


def _own_levels(known: Errors) -> list[float]:
    """Return the levels of the quantiles that are forecast, as far as the test rows carry them; else the usual one."""
    fewest = int((~np.isnan(known.residuals)).sum(axis=0).min())
    own = known.ends.levels if known.ends else ()
    return [level for level in own if level >= 1 and fewest_residuals(level) <= fewest] or [DEFAULT]


def _on_quantiles(own: Configuration, known: Errors) -> tuple[str, ...]:
    """Return why a model that forecasts quantiles has intervals of its errors alone; nothing otherwise."""
    if known.ends is not None or len(own.training.loss.quantiles) == 1:
        return ()
    return ("intervals of the errors of the median: not all repeats have their quantiles stored, on both sides of it",)


def _together(there: Sequence[Errors], join: Callable[[Iterable[Floats]], Floats]) -> Errors:
    """Join errors, and the ends that are forecast where all have them."""
    ends = [one.ends for one in there if one.ends]
    offsets = join(one.offsets for one in ends) if len(ends) == len(there) else None
    joined = None if offsets is None else Ends(shares=ends[0].shares, offsets=offsets)
    return Errors(residuals=join(one.residuals for one in there), ends=joined)


def _over(parts: Sequence[Floats], steps: int) -> Floats:
    """Lay values (rows, steps, ...) over each other, the last rows of all on each other; the last parts are on top."""
    found = np.full((max(map(len, parts)), steps, *parts[0].shape[2:]), np.nan)
    for one in parts:
        found[-len(one) :, : one.shape[1]] = one[:, :steps]
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
