"""Series beyond the end of the data, as a forecast needs them: each by itself, or all of one model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.future.extended import extend
from scheduler.future.outcome import stopped_epochs
from scheduler.future.recipe import median_epochs, on_all_rows
from scheduler.future.source import Source
from scheduler.series.content import content_hash
from scheduler.series.times_ahead import times_ahead
from store import Experiment, Series, Store
from store.preparation.panels import Member, content_of, number_alike, write_members
from store.schema.configuration import Configuration, Panel

if TYPE_CHECKING:
    from scheduler.future.known import Known


@dataclass(frozen=True, kw_only=True, slots=True)
class Ahead:
    """What is forecast of a series."""

    series: Series
    #: observations at its end that are ahead
    given: int
    steps: int
    #: where the study's repeats stopped early
    epochs: int | None
    #: of one model for several series
    panel: Panel | None = None


def each_ahead(
    store: Store, study: Experiment, own: Mapping[str, Configuration], known: Known | None, steps: int
) -> dict[str, Ahead]:
    """Store each series with what is known beyond its end, and the panel of those that one model is trained on.

    These have the same epochs.

    Raises:
        UsageError: something is needed that is not given.
    """
    source = Source.of(study.grid_text)
    found = {label: _ahead(store, study, label, one, known, steps, source) for label, one in own.items()}
    store.series.put(*(one.series for one in found.values() if one.given))
    if next(iter(own.values())).panel is None:
        return found
    first = next(iter(found.values()))
    panels = panels_ahead(store, own, {label: one.series for label, one in found.items()}, first.given, source)
    return {label: replace(one, epochs=first.epochs, panel=panels[label]) for label, one in found.items()}


def _ahead(
    store: Store, study: Experiment, label: str, own: Configuration, known: Known | None, steps: int, source: Source
) -> Ahead:
    """Return a series with what is known beyond its end.

    Raises:
        UsageError: something is needed that is not given.
    """
    series = replace(store.series.get(own.series.content_hash), name=own.series.name)
    stopped = stopped_epochs(store, study.id, label, own)
    epochs = median_epochs(stopped) if stopped else None
    first = on_all_rows(own, steps=steps, epochs=epochs)
    whole = extend(first, series, known, steps=steps, source=source, experiment=study.name)
    return Ahead(series=whole.series, given=whole.given, steps=steps, epochs=epochs)


def panels_ahead(
    store: Store, own: Mapping[str, Configuration], series: Mapping[str, Series], given: int, source: Source
) -> dict[str, Panel]:
    """Store the panel that is trained on all rows, and return what the configuration on each series has of it.

    Series that are held out stay so. Those that are not forecast know nothing of what is ahead.

    Args:
        store: the results store.
        own: the study's configuration on the series that are forecast, by its label there.
        series: of each with what is known beyond its end.
        given: observations at their ends that are ahead.
        source: what the grid says of the times.
    """
    asked = {Member.of(one, trained=True, forecast=True).known_by: key for key, one in own.items()}
    first = next(iter(own.values())).panel
    assert first is not None
    members, labels = [], []
    for member in store.panels.get(first.content):
        label = asked.get(member.known_by)
        if label is None:
            whole = _unknown_ahead(store.series.get(member.series.content_hash), given, source)
            store.series.put(whole)
        else:
            whole = series[label]
        choice = member.series.model_copy(update={"content_hash": whole.content_hash})
        members.append(member.model_copy(update={"series": choice, "forecast": label is not None}))
        labels.append(label)
    content = content_of(members)
    store.panels.put(content, write_members(members))
    panel = first.model_copy(update={"content": content, "forecast": len(own)})
    numbered = zip(labels, number_alike(members), strict=True)
    return {label: panel.of_twin(number) for label, number in numbered if label is not None}


def _unknown_ahead(series: Series, given: int, source: Source) -> Series:
    """Return a series with observations at its end of which nothing is known."""
    if not given:
        return series
    values = np.vstack([series.values, np.full((given, len(series.columns)), np.nan)])
    times = series.times
    if times:
        ahead = times_ahead(times, given, observations=len(series.values), form=source.form, zone=source.zone)
        times = (*times, *ahead.labels)
    return replace(series, values=values, times=times, content_hash=content_hash(series.columns, values))
