"""The series of a panel beyond the end of the data, on all rows of which one model is trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from scheduler.future.source import Source
from scheduler.series.content import content_hash
from scheduler.series.times_ahead import times_ahead
from store import Series, Store
from store.preparation.panels import Member, content_of, write_members
from store.schema.configuration import Configuration, Panel


def panel_ahead(
    store: Store, own: Mapping[str, Configuration], series: Mapping[str, Series], given: int, source: Source
) -> Panel:
    """Store the panel that is trained on all rows, and return what configurations have of it.

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
    members = []
    for member in store.panels.get(first.content):
        label = asked.get(member.known_by)
        if label is None:
            whole = _unknown_ahead(store.series.get(member.series.content_hash), given, source)
            store.series.put(whole)
        else:
            whole = series[label]
        choice = member.series.model_copy(update={"content_hash": whole.content_hash})
        members.append(member.model_copy(update={"series": choice, "forecast": label is not None}))
    content = content_of(members)
    store.panels.put(content, write_members(members))
    return first.model_copy(update={"content": content, "forecast": len(own)})


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
