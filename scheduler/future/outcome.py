"""What the repeats on all rows say of the steps beyond the end: their median, and intervals from the study's errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scheduler.future.recipe import at_once, notes_of, stopped_at
from scheduler.future.source import Source
from scheduler.future.splits import windows_of
from scheduler.series.times_ahead import times_ahead
from scheduler.statistics.ensembles.combine import median
from scheduler.statistics.intervals.conformal import Intervals, conformal
from scheduler.statistics.intervals.levels import DEFAULT, TooFewResiduals, fewest_residuals
from scheduler.statistics.intervals.paths import residual_paths
from store.schema.configuration import Configuration

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from store import Experiment, ForecastSet, Series, Store

    Floats = NDArray[np.float64]

#: behind the label of a configuration that is forecast from the rows of the test part
ORIGINS = " | from the test rows"
ROWS = ["target", "step", "time", "median"]
BOUNDS = ["target", "step", "level", "low", "high", "basis"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Future:
    """A forecast beyond the end of the data."""

    experiment: str
    configuration: str
    series: Series
    #: the last of which are ahead
    observations: int
    targets: tuple[str, ...]
    #: one row a target and step: target, step, time, median and observed
    rows: pd.DataFrame
    #: one row a target, step and level: target, step, level, low, high, basis
    intervals: pd.DataFrame
    #: one row a repeat, target and step: repeat, target, step, time, forecast
    repeats: pd.DataFrame
    #: how it was made, in sentences
    notes: tuple[str, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """One row a target and step: target, step, time, median, and low and high of each level."""
        found = self.rows
        for level in sorted(self.intervals["level"].unique()):
            mine = self.intervals[self.intervals["level"] == level]
            names = {"low": f"low_{level:g}", "high": f"high_{level:g}"}
            bounds = mine[["target", "step", "low", "high"]].rename(columns=names)
            found = found.merge(bounds, on=["target", "step"], how="left")
        return found if found["observed"].notna().any() else found.drop(columns="observed")


def read_future(
    store: Store, forecast_id: int, *, levels: Sequence[float] | None = None, steps: int | None = None
) -> Future:
    """Return what a forecast says.

    Args:
        store: the results store.
        forecast_id: an experiment whose repeats are trained on all rows.
        levels: of the intervals, in percent; None for the usual one, if the test rows carry it.
        steps: how many; None for all that were forecast.

    Raises:
        TooFewResiduals: the test rows do not carry a level that is asked for.
    """
    study = store.experiments.with_id(store.futures.study_of(forecast_id) or 0)
    params = store.experiments.parameters(forecast_id)
    label = next(iter(params))
    chosen = Configuration.model_validate_json(params[label])
    own = Configuration.model_validate_json(store.experiments.parameters(study.id)[label])
    assert chosen.future is not None
    series = store.series.get(chosen.series.content_hash)
    observations = len(series.values) - chosen.future.given
    found = store.results.forecasts(forecast_id)
    shown = chosen.future.steps if steps is None else min(steps, chosen.future.steps)
    repeats, values = _finite(found.get(label))
    labels = _times(study, series, observations, chosen.future.steps)
    middle = median(values)[0] if len(values) else np.full((chosen.future.steps, len(chosen.series.targets)), np.nan)
    if len(values):
        spread, why = _spread(store, study.id, label, own, chosen, middle, found.get(label + ORIGINS), levels, series)
    else:
        spread, why = None, ("no forecast: no repeat has finite numbers",)
    stopped = stopped_epochs(store, study.id, label, own)
    notes = notes_of(own, chosen, observations, steps=shown, epochs=stopped)
    return Future(
        experiment=study.name,
        configuration=label,
        series=series,
        observations=observations,
        targets=chosen.series.targets,
        rows=_rows(store, forecast_id, chosen.series.targets, labels, middle, shown),
        intervals=_bounds(chosen.series.targets, middle, spread, shown),
        repeats=_repeats(chosen.series.targets, labels, repeats, values, shown),
        notes=(*store.futures.notes(forecast_id), *notes, *why),
    )


def _times(study: Experiment, series: Series, observations: int, steps: int) -> Sequence[str]:
    """Return the labels of the times after the observations, in the form of the study's file."""
    source = Source.of(study.grid_text)
    known = series.times[:observations]
    return times_ahead(known, steps, observations=observations, form=source.form, zone=source.zone).labels


def newest_future(store: Store, study_id: int) -> Future | None:
    """Return the newest forecast of a study that is written, with the intervals that it was written with."""
    found = store.futures.of(study_id)
    if not found:
        return None
    levels = sorted(store.futures.intervals(found[0])["level"].unique())
    return read_future(store, found[0], levels=levels or None)


def stopped_epochs(store: Store, study_id: int, label: str, own: Configuration) -> list[int]:
    """Return how many epochs the repeats of a study trained, where they stopped early and that is known."""
    if own.training.early_stopping is None:
        return []
    curves = store.results.trajectories(study_id, [label]).get(label)
    return [] if curves is None else stopped_at(curves, own)


def _finite(found: ForecastSet | None) -> tuple[list[int], Floats]:
    """Return the repeats that did not diverge, and their forecasts, (repeats, rows, steps, targets)."""
    if found is None:
        return [], np.empty((0, 1, 1, 1))
    finite = np.isfinite(found.forecast).all(axis=(1, 2, 3))
    return found.repeats[finite].tolist(), found.forecast[finite]


def residuals(found: ForecastSet | None) -> Floats | None:
    """Return observed minus the median of all repeats, (rows, steps, targets)."""
    _, values = _finite(found)
    if found is None or not len(values):
        return None
    errors: Floats = found.observed - median(values)
    return errors


def _spread(
    store: Store,
    study_id: int,
    label: str,
    own: Configuration,
    chosen: Configuration,
    middle: Floats,
    origins: ForecastSet | None,
    levels: Sequence[float] | None,
    series: Series,
) -> tuple[Intervals | None, tuple[str, ...]]:
    """Return the intervals, and why there are none."""
    direct = _direct(store, study_id, label, own)
    later = residuals(origins)
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


def _direct(store: Store, study_id: int, label: str, own: Configuration) -> Floats | None:
    """Return the errors of the study's own forecasts of its test rows, (rows, horizon, targets)."""
    if own.protocol.kind == "batch_transfer":  # which forecasts its training rows
        return None
    names = windows_of(store.experiments.cells(study_id), label)
    found = store.results.forecasts(study_id, names)
    errors = [residuals(found.get(name)) for name in names]
    there = [one for one in errors if one is not None]
    return np.concatenate(there) if there else None


def check_levels(store: Store, study_id: int, label: str, own: Configuration, levels: Sequence[float]) -> None:
    """Check that the test rows of a study carry intervals of some levels.

    Raises:
        TooFewResiduals: they do not.
        UsageError: a level is no percentage.
    """
    errors = _direct(store, study_id, label, own)
    if errors is not None:
        conformal(errors, levels, targets=own.series.targets)


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


def _rows(
    store: Store, forecast_id: int, targets: Sequence[str], labels: Sequence[str], middle: Floats, steps: int
) -> pd.DataFrame:
    rows = [
        (target, step + 1, labels[step], middle[step, place])
        for place, target in enumerate(targets)
        for step in range(steps)
    ]
    frame = pd.DataFrame(rows, columns=ROWS)
    seen = store.futures.rows(forecast_id)[["target", "step", "observed"]]
    return frame.merge(seen, on=["target", "step"], how="left").astype({"observed": "float64"})


def _bounds(targets: Sequence[str], middle: Floats, spread: Intervals | None, steps: int) -> pd.DataFrame:
    if spread is None:
        return pd.DataFrame(columns=BOUNDS).astype(dict.fromkeys(("level", "low", "high"), "float64"))
    low, high = spread.around(middle)
    rows = [
        (target, step + 1, level, low[number, step, place], high[number, step, place], str(spread.basis[step]))
        for number, level in enumerate(spread.levels)
        for place, target in enumerate(targets)
        for step in range(steps)
    ]
    return pd.DataFrame(rows, columns=BOUNDS)


def _repeats(
    targets: Sequence[str], labels: Sequence[str], repeats: Sequence[int], values: Floats, steps: int
) -> pd.DataFrame:
    rows = [
        (repeat, target, step + 1, labels[step], values[number, 0, step, place])
        for number, repeat in enumerate(repeats)
        for place, target in enumerate(targets)
        for step in range(steps)
    ]
    return pd.DataFrame(rows, columns=["repeat", "target", "step", "time", "forecast"])
