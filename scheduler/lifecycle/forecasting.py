"""Forecasts beyond the end of the data: recorded as experiments of their own, and written when they are done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scheduler.future.outcome import ORIGINS, read_future, stopped_epochs
from scheduler.future.panel import each_future
from scheduler.future.reaches import stored_reaches
from scheduler.future.recipe import median_epochs, on_all_rows, rounded
from scheduler.future.spread import TestErrors
from scheduler.lifecycle.chosen import check_study
from scheduler.lifecycle.forecast_choice import Choice, choose_forecast
from scheduler.lifecycle.over_splits.ahead import Ahead, each_ahead
from scheduler.statistics.intervals.levels import TooFewResiduals
from scheduler.text import many
from store.records import NewConfiguration, NewExperiment, Submitted
from store.schema.reading import read_configurations

if TYPE_CHECKING:
    from scheduler.future.known import Known
    from scheduler.future.outcome import Future, PanelFuture
    from store import Experiment, Series, Store
    from store.schema.configuration import Configuration

#: steps where nothing is asked for
STEPS = 12
#: characters of a study's name that its forecasts' names have
MOST_NAME = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a user asks for."""

    configuration: str | None = None
    #: None for 12, or as many as the model forecasts directly if these are more
    steps: int | None = None
    #: None for as many as the study has
    repeats: int | None = None
    select: Literal["test", "validation"] = "test"
    #: of the intervals, in percent; None for the usual one
    levels: tuple[float, ...] | None = None
    known: Known | None = None
    #: names of the series that are forecast; none for all
    series: tuple[str, ...] = ()
    fresh: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A forecast that is recorded."""

    study: Experiment
    submitted: Submitted
    configuration: str
    steps: int
    #: how many steps its repeats forecast, and how many those of earlier forecasts of the same configuration did
    trained: int
    stored: int = 0


def ask(store: Store, study: Experiment, wish: Wish) -> Asked:
    """Record a forecast of a study: its repeats are jobs like any other, and known ones are reused.

    Raises:
        UsageError: no configuration is put first, it cannot be forecast so far, values are needed, or the test rows do
            not carry a level.
        NotFound: there is no such configuration.
    """
    from scheduler.grid.expand import seeds

    check_study(store, study)
    choice = choose_forecast(
        store, study, wish.configuration, validation=wish.select == "validation", series=wish.series
    )
    own = read_configurations(store.experiments.parameters(study.id, choice.cells))
    if wish.levels:
        _check_levels(store, study, own, wish.levels)
    steps = max(_steps(one, wish) for one in own.values())
    stored = stored_reaches(store, study, list(own))
    trained = steps if wish.fresh else _reach(store, study, own, choice, steps, stored)
    drawn = seeds(study.seed, wish.repeats or _repeats_of(store, study, choice))
    ahead = each_ahead(store, study, own, wish.known, trained)
    configurations = [
        new for label, one in own.items() for new in _configurations(study, (label, choice), one, ahead[label], drawn)
    ]
    new = _experiment(study, choice, trained, configurations)
    submitted = store.futures.create(new, study_id=study.id, notes=choice.notes, fresh=wish.fresh)
    return Asked(
        study=study,
        submitted=submitted,
        configuration=choice.point,
        steps=steps,
        trained=trained,
        stored=max(stored, default=0),
    )


def _reach(
    store: Store,
    study: Experiment,
    own: Mapping[str, Configuration],
    choice: Choice,
    steps: int,
    stored: Mapping[int, Mapping[str, str]],
) -> int:
    """Return as many steps as a stored forecast of the same models has, if these are enough; else those asked for."""
    epochs: dict[str, int | None] = {}
    for reach in sorted(stored):
        if reach < max(rounded(one, steps) for one in own.values()):
            continue
        for label, one in own.items():
            if label not in epochs:
                stopped = stopped_epochs(store, study.id, label, one)
                epochs[label] = median_epochs(stopped) if stopped else None
        again = {
            label: on_all_rows(one, steps=reach, epochs=epochs[label], apart=choice.apart).canonical()
            for label, one in own.items()
        }
        if all(stored[reach][label] == params for label, params in again.items()):
            return reach
    return steps


def _check_levels(store: Store, study: Experiment, own: Mapping[str, Configuration], levels: Sequence[float]) -> None:
    """Check that the test rows of at least one series carry the levels.

    Raises:
        TooFewResiduals: those of none do.
    """
    errors = TestErrors.read(store, study.id, store.experiments.cells(study.id), list(own))
    refused: TooFewResiduals | None = None
    for label, one in own.items():
        try:
            return errors.check(label, one, levels)
        except TooFewResiduals as problem:
            refused = refused or problem
    if refused is not None:
        raise refused
    return None


def _steps(own: Configuration, wish: Wish) -> int:
    """Return how many steps are asked for; by default no more than inputs that nobody knows ahead allow."""
    if wish.steps is not None:
        return wish.steps
    others = [name for name in own.series.inputs if name not in own.series.targets]
    alone = wish.known is None and any(not _known(own, name) for name in others)
    reach = own.prepare.horizon
    return reach if alone else max(reach, STEPS)


def _known(own: Configuration, name: str) -> bool:
    from store.schema.inputs import is_known

    return is_known(own, name)


def _configurations(
    study: Experiment,
    chosen: tuple[str, Choice],
    own: Configuration,
    ahead: Ahead,
    drawn: tuple[int, ...],
) -> list[NewConfiguration]:
    """Return the configuration on all rows, and that on the rows before the test part where errors are needed of it."""
    from scheduler.grid.expand import jobs

    label, choice = chosen
    asked = {"": 0} | ({ORIGINS: own.test} if _needs_errors(own, ahead.steps) else {})
    found = []
    for which, origins in asked.items():
        one = on_all_rows(
            own, steps=ahead.steps, given=ahead.given, origins=origins, epochs=ahead.epochs, apart=choice.apart
        )
        one = _on(one, ahead.series).model_copy(update={"panel": ahead.panel})
        found.append(
            NewConfiguration(
                label=label + which,
                point=choice.point + which,
                axes={},
                params=one.canonical(),
                series_hash=ahead.series.content_hash,
                jobs=jobs(one, drawn, study.pack, len(ahead.series.values)),
            )
        )
    return found


def _needs_errors(own: Configuration, steps: int) -> bool:
    """Return whether the study has no errors of so many steps ahead."""
    return own.test > 0 and (rounded(own, steps) > own.prepare.horizon or own.protocol.kind == "batch_transfer")


def _on(one: Configuration, series: Series) -> Configuration:
    return one.model_copy(update={"series": one.series.model_copy(update={"content_hash": series.content_hash})})


def _repeats_of(store: Store, study: Experiment, choice: Choice) -> int:
    """Return how many repeats a configuration has in the study on each of its splits."""
    splits = sum(cell.point == choice.point for cell in store.experiments.cells(study.id).values())
    parts = store.experiments.status(study.id).configurations
    return next((sum(part.counts.values()) // splits for part in parts if part.label == choice.point), study.repeats)


def _experiment(
    study: Experiment, choice: Choice, steps: int, configurations: Sequence[NewConfiguration]
) -> NewExperiment:
    of_series = f", {len(choice.cells):,} series" if choice.apart else ""
    return NewExperiment(
        name=f"{study.name[:MOST_NAME]}.forecast",
        description=f"{choice.point} of {study.name}, {many(steps, 'step')} beyond the end{of_series}",
        grid_text=study.grid_text,
        grid_file=study.grid_file,
        repeats=len(configurations[0].jobs),
        seed=study.seed,
        queue=study.queue,
        pack=study.pack,
        max_attempts=study.max_attempts,
        git_commit=None,
        score=study.score,
        configurations=tuple(configurations),
    )


def write_future(store: Store, forecast_id: int) -> bool:
    """Write what a forecast says, and count it as summarised; False if its results have changed meanwhile."""
    import pandas as pd

    from scheduler.statistics.summary import summarise

    version = store.results.version(forecast_id)
    found = read_future(store, forecast_id)
    _write(store, forecast_id, found)
    return store.results.write_conclusions(
        forecast_id,
        of=version,
        summaries=summarise(store.results.frame(forecast_id)),
        comparisons=pd.DataFrame(),
        baselines=pd.DataFrame(),
    )


def forecast_of(store: Store, asked: Asked, levels: Sequence[float] | None) -> Future | PanelFuture:
    """Return what a forecast says whose repeats are done, with intervals of these levels, which are stored."""
    forecast_id = asked.submitted.experiment.id
    found = read_future(store, forecast_id, levels=levels, steps=asked.steps)
    if levels:
        whole = read_future(store, forecast_id, levels=levels)
        _write(store, forecast_id, whole)
    return found


def _write(store: Store, forecast_id: int, found: Future | PanelFuture) -> None:
    """Write what a forecast says, each series by its label there."""
    import pandas as pd

    rows, intervals = (
        pd.concat([getattr(one, name).assign(configuration=one.cell) for one in each_future(found)], ignore_index=True)
        for name in ("rows", "intervals")
    )
    store.futures.write(forecast_id, rows, intervals)
