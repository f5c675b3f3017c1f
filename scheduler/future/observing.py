"""Forecasts that were made of a study, and the values that have come since, which the store keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from scheduler.future.source import Source
from scheduler.series.times_ahead import times_ahead
from store.commands import command
from store.errors import UsageError
from store.schema.reading import read_configurations

if TYPE_CHECKING:
    from scheduler.future.known import Known
    from store import Experiment, Series, Store
    from store.schema.configuration import Configuration


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A forecast that was made of a study."""

    #: the experiment that has its repeats
    experiment: Experiment
    label: str
    #: the label of the configuration, whatever the split
    point: str
    chosen: Configuration
    #: of the study, without what was known beyond its end
    series: Series
    #: what was forecast: target, step, time, median, observed
    rows: pd.DataFrame

    @property
    def times(self) -> tuple[str, ...]:
        """The names of the steps."""
        return tuple(self.rows.drop_duplicates("step").sort_values("step")["time"])

    @property
    def targets(self) -> tuple[str, ...]:
        """The columns that are forecast."""
        return self.chosen.series.targets


def forecasts_made(store: Store, study: Experiment, named: Experiment) -> list[Made]:
    """Return the forecasts of a study, the newest first, or the one that is named; those of several series each.

    Raises:
        UsageError: there is none.
    """
    numbers = [number for number in store.futures.of(study.id) if named.id in (study.id, number)]
    if not numbers:
        forecast = command("forecast", study.name, store=store.url)
        raise UsageError(f"{named.name} has no forecast that values could be held against; {forecast} makes one")
    return [made for number in numbers for made in _made(store, number)]


def _made(store: Store, number: int) -> Iterator[Made]:
    experiment = store.experiments.with_id(number)
    rows = {str(label): frame for label, frame in store.futures.rows(number).groupby("configuration")}
    points = {label: cell.point for label, cell in store.experiments.cells(number).items()}
    for label, chosen in read_configurations(store.experiments.parameters(number, list(rows))).items():
        whole = store.series.get(chosen.series.content_hash)
        assert chosen.future is not None
        end = len(whole.values) - chosen.future.given
        yield Made(
            experiment=experiment,
            label=label,
            point=points[label],
            chosen=chosen,
            series=replace(whole, name=chosen.series.name, values=whole.values[:end], times=whole.times[:end]),
            rows=rows[label],
        )


def observe(store: Store, study: Experiment, made: Sequence[Made], actual: Known) -> int:
    """Write what has come since into the store, and return how many values of how many forecasts it is of.

    Raises:
        UsageError: the file has none of the times that were forecast, or a cell that is no number.
    """
    source = Source.of(study.grid_text)
    there = [one for one in made if actual.has(source, one.series.name)] or list(made[:1])
    found: dict[int, dict[str, dict[tuple[str, int], float]]] = {}
    for one in there:
        found.setdefault(one.experiment.id, {})[one.label] = _matched(source, one, actual)
    counts = [sum(map(len, each.values())) for each in found.values()]
    if not any(counts):
        asked = made[0].times
        raise UsageError(
            f"{actual.name} has no value for a time that was forecast, {asked[0]} to {asked[-1]}: name a file with "
            "values that have come since the forecast"
        )
    for number, values in found.items():
        store.futures.observe(number, values)
    return max(counts)


def _matched(source: Source, one: Made, actual: Known) -> dict[tuple[str, int], float]:
    """Return the values of the steps that are there, by target and step."""
    actual = actual.written_as(source, one.series.name)
    ahead = times_ahead(
        one.series.times, len(one.times), observations=len(one.series.values), form=source.form, zone=source.zone
    )
    places = {step + 1: row for step, row in actual.by_time(ahead).items() if step < len(one.times)}
    return {
        (target, step): value
        for target in one.targets
        for step, value in actual.observed(target, places, ahead.labels).items()
    }
