"""What the repeats on all rows say of the steps beyond the end: their median, and intervals from the study's errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scheduler.future.panel import Future, PanelFuture, shared_notes
from scheduler.future.recipe import notes_of, stopped_at
from scheduler.future.remarks import on_inputs, on_medians
from scheduler.future.source import Source
from scheduler.future.splits import is_held_out
from scheduler.future.spread import Errors, TestErrors, finite, own_ends, spread
from scheduler.series.times_ahead import times_ahead
from scheduler.statistics.ensembles.combine import median
from scheduler.statistics.intervals.levels import TooFewResiduals
from store.schema.reading import read_configurations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.statistics.intervals.conformal import Intervals
    from store import Experiment, ForecastSet, Series, Store
    from store.experiments.cells import Cell
    from store.schema.configuration import Configuration

    Floats = NDArray[np.float64]
    Observed = Mapping[tuple[str, int], float]

__all__ = ["Future", "PanelFuture", "newest_future", "read_future"]

#: behind the label of a configuration that is forecast from the rows of the test part
ORIGINS = " | from the test rows"
ROWS = ["target", "step", "time", "median"]
BOUNDS = ["target", "step", "level", "low", "high", "basis"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """What forecasts are read from, once for all series."""

    store: Store
    study: Experiment
    forecast_id: int
    #: the configuration of each series on all rows, and in the study, by the label there
    chosen: Mapping[str, Configuration]
    own: Mapping[str, Configuration]
    cells: Mapping[str, Cell]
    found: Mapping[str, ForecastSet]
    errors: TestErrors
    source: Source
    #: what was observed since, as far as the store knows: by label, and there by target and step
    seen: Mapping[str, Observed]
    #: of intervals, in percent, and how many steps are shown; None for the usual level, and for all
    levels: Sequence[float] | None
    steps: int | None

    @classmethod
    def of(cls, store: Store, forecast_id: int, levels: Sequence[float] | None, steps: int | None) -> _Reading:
        """Read it."""
        study = store.experiments.with_id(store.futures.study_of(forecast_id) or 0)
        given = store.experiments.parameters(forecast_id)
        labels = [label for label in given if not label.endswith(ORIGINS)]
        cells = store.experiments.cells(study.id)
        return cls(
            store=store,
            study=study,
            forecast_id=forecast_id,
            chosen=read_configurations({label: given[label] for label in labels}),
            own=read_configurations(store.experiments.parameters(study.id, labels)),
            cells=cells,
            found=store.results.forecasts(forecast_id),
            errors=TestErrors.read(store, study.id, cells, labels),
            source=Source.of(study.grid_text),
            seen=_observed(store.futures.rows(forecast_id)),
            levels=levels,
            steps=steps,
        )


def read_future(
    store: Store, forecast_id: int, *, levels: Sequence[float] | None = None, steps: int | None = None
) -> Future | PanelFuture:
    """Return what a forecast says.

    Args:
        store: the results store.
        forecast_id: an experiment whose repeats are trained on all rows.
        levels: of the intervals, in percent; None for the usual one, if the test rows carry it.
        steps: how many; None for all that were forecast.

    Raises:
        TooFewResiduals: the test rows of no series carry a level that is asked for.
    """
    reading = _Reading.of(store, forecast_id, levels, steps)
    chosen_by = store.futures.notes(forecast_id)
    if len(reading.chosen) == 1:
        (found,) = (_read(reading, label) for label in reading.chosen)
        return replace(found, notes=(*chosen_by, *found.notes))
    each, refused = [], None
    for label in reading.chosen:
        try:
            each.append(_read(reading, label))
        except TooFewResiduals as problem:
            refused = refused or problem
            without = _read(replace(reading, levels=()), label)
            each.append(replace(without, notes=(*without.notes, f"no interval: {problem}")))
    if refused is not None and all(one.intervals.empty for one in each):
        raise refused
    return PanelFuture(
        experiment=reading.study.name,
        configuration=each[0].configuration,
        each=tuple(each),
        notes=(*chosen_by, *shared_notes({one.series.name: one.notes for one in each})),
    )


def _read(reading: _Reading, label: str) -> Future:
    """Return what the forecast of a series says."""
    own, chosen, cell = reading.own[label], reading.chosen[label], reading.cells[label]
    assert chosen.future is not None
    series = replace(reading.store.series.get(chosen.series.content_hash), name=cell.series)
    observations, steps, targets = len(series.values) - chosen.future.given, chosen.future.steps, chosen.series.targets
    shown = steps if reading.steps is None else min(reading.steps, steps)
    repeats, values = finite(reading.found.get(label))
    labels = _times(reading.source, series, observations, steps)
    middle = median(values)[0] if len(values) else np.full((steps, len(targets)), np.nan)
    bounds: Intervals | None = None
    why: tuple[str, ...] = ()
    if not len(values):
        why = ("no forecast: no repeat has finite numbers",)
    elif reading.levels is None or reading.levels:
        errors = Errors.of(reading.found.get(label + ORIGINS)), reading.errors.direct(label, own)
        said = middle, own_ends(reading.found.get(label))
        bounds, why = spread((own, chosen), said, errors, reading.levels, series)
    held_out = is_held_out(reading.store, chosen)
    stopped = stopped_epochs(reading.store, reading.study.id, label, own)
    return Future(
        experiment=reading.study.name,
        configuration=cell.point,
        cell=label,
        series=series,
        observations=observations,
        targets=targets,
        rows=_rows(reading.seen.get(label, {}), targets, labels, middle, shown),
        intervals=_bounds(targets, middle, bounds, shown),
        repeats=_repeats(targets, labels, repeats, values, shown),
        notes=(
            *notes_of(own, chosen, observations, steps=shown, epochs=stopped, held_out=held_out),
            *why,
            *on_inputs(series, observations),
            *on_medians(targets, middle, bounds, shown),
        ),
    )


def _times(source: Source, series: Series, observations: int, steps: int) -> Sequence[str]:
    """Return the labels of the times after the observations, in the form of the study's file."""
    known = series.times[:observations]
    return times_ahead(known, steps, observations=observations, form=source.form, zone=source.zone).labels


def newest_future(store: Store, study_id: int) -> Future | PanelFuture | None:
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


def _observed(rows: pd.DataFrame) -> dict[str, dict[tuple[str, int], float]]:
    """Sort what the store has of steps by its label; looked for series by series, thousands would take minutes."""
    found: dict[str, dict[tuple[str, int], float]] = {}
    columns = (rows[name] for name in ("configuration", "target", "step"))
    for label, target, step, value in zip(*columns, rows["observed"].astype("float64"), strict=True):
        found.setdefault(label, {})[target, int(step)] = value
    return found


def _rows(seen: Observed, targets: Sequence[str], labels: Sequence[str], middle: Floats, steps: int) -> pd.DataFrame:
    rows = [
        (target, step + 1, labels[step], middle[step, place], seen.get((target, step + 1), np.nan))
        for place, target in enumerate(targets)
        for step in range(steps)
    ]
    return pd.DataFrame(rows, columns=[*ROWS, "observed"])


def _bounds(targets: Sequence[str], middle: Floats, found: Intervals | None, steps: int) -> pd.DataFrame:
    if found is None:
        return pd.DataFrame(columns=BOUNDS).astype(dict.fromkeys(("level", "low", "high"), "float64"))
    low, high = found.around(middle)
    rows = [
        (target, step + 1, level, low[number, step, place], high[number, step, place], str(found.basis[number][step]))
        for number, level in enumerate(found.levels)
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
