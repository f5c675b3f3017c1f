"""Forecasts beyond the end of the data: recorded as experiments of their own, and written when they are done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scheduler.future.extended import extend
from scheduler.future.outcome import ORIGINS, check_levels, read_future, stopped_epochs
from scheduler.future.recipe import median_epochs, on_all_rows, rounded
from scheduler.future.source import Source
from scheduler.lifecycle.chosen import check_study
from scheduler.lifecycle.forecast_choice import choose_forecast
from scheduler.text import many
from store.records import NewConfiguration, NewExperiment, Submitted
from store.schema.configuration import Configuration

if TYPE_CHECKING:
    from scheduler.future.known import Known
    from scheduler.future.outcome import Future
    from store import Experiment, Series, Store

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
    fresh: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A forecast that is recorded."""

    study: Experiment
    submitted: Submitted
    configuration: str
    steps: int


def ask(store: Store, study: Experiment, wish: Wish) -> Asked:
    """Record a forecast of a study: its repeats are jobs like any other, and known ones are reused.

    Raises:
        UsageError: no configuration is put first, it cannot be forecast so far, values are needed, or the test rows do
            not carry a level.
        NotFound: there is no such configuration.
    """
    check_study(store, study)
    label, chosen = choose_forecast(store, study, wish.configuration, validation=wish.select == "validation")
    own = Configuration.model_validate_json(store.experiments.parameters(study.id)[label])
    if wish.levels:
        check_levels(store, study.id, label, own, wish.levels)
    steps = _steps(own, wish)
    configurations, series = _configurations(store, study, label, own, wish, steps)
    store.series.put(series)
    new = _experiment(study, label, steps, configurations)
    submitted = store.futures.create(new, study_id=study.id, notes=chosen, fresh=wish.fresh)
    return Asked(study=study, submitted=submitted, configuration=label, steps=steps)


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
    store: Store, study: Experiment, label: str, own: Configuration, wish: Wish, steps: int
) -> tuple[list[NewConfiguration], Series]:
    """Return the configuration on all rows, and that on the rows before the test part where errors are needed of it."""
    from scheduler.grid.expand import jobs, seeds

    series = store.series.get(own.series.content_hash)
    stopped = stopped_epochs(store, study.id, label, own)
    epochs = median_epochs(stopped) if stopped else None
    first = on_all_rows(own, steps=steps, epochs=epochs)
    source = Source.of(study.grid_text)
    whole = extend(first, series, wish.known, steps=steps, source=source, experiment=study.name)
    repeats = wish.repeats or _repeats_of(store, study, label)
    drawn = seeds(study.seed, repeats)
    asked = {label: 0} | ({label + ORIGINS: own.test} if _needs_errors(own, steps) else {})
    found = []
    for name, origins in asked.items():
        one = on_all_rows(own, steps=steps, given=whole.given, origins=origins, epochs=epochs)
        one = _on(one, whole.series)
        found.append(
            NewConfiguration(
                label=name,
                axes={},
                params=one.canonical(),
                series_hash=whole.series.content_hash,
                jobs=jobs(one, drawn, study.pack),
            )
        )
    return found, whole.series


def _needs_errors(own: Configuration, steps: int) -> bool:
    """Return whether the study has no errors of so many steps ahead."""
    return own.test > 0 and (rounded(own, steps) > own.prepare.horizon or own.protocol.kind == "batch_transfer")


def _on(one: Configuration, series: Series) -> Configuration:
    return one.model_copy(update={"series": one.series.model_copy(update={"content_hash": series.content_hash})})


def _repeats_of(store: Store, study: Experiment, label: str) -> int:
    parts = store.experiments.status(study.id).configurations
    return next((sum(part.counts.values()) for part in parts if part.label == label), study.repeats)


def _experiment(study: Experiment, label: str, steps: int, configurations: Sequence[NewConfiguration]) -> NewExperiment:
    return NewExperiment(
        name=f"{study.name[:MOST_NAME]}.forecast",
        description=f"{label} of {study.name}, {many(steps, 'step')} beyond the end",
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
    store.futures.write(forecast_id, found.rows, found.intervals)
    return store.results.write_conclusions(
        forecast_id,
        of=version,
        summaries=summarise(store.results.frame(forecast_id)),
        comparisons=pd.DataFrame(),
        baselines=pd.DataFrame(),
    )


def forecast_of(store: Store, asked: Asked, levels: Sequence[float] | None) -> Future:
    """Return what a forecast says whose repeats are done, with intervals of these levels, which are stored."""
    forecast_id = asked.submitted.experiment.id
    found = read_future(store, forecast_id, levels=levels, steps=asked.steps)
    if levels:
        whole = read_future(store, forecast_id, levels=levels)
        store.futures.write(forecast_id, whole.rows, whole.intervals)
    return found
