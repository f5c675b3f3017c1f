"""The series of a model that is taken out of the store, and how their files were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from scheduler.future.source import Source
from store import Experiment, Series, Store
from store.preparation.panels import Member, Together
from store.schema.configuration import Configuration
from store.schema.reading import read_configurations


def read_series(store: Store, params: Mapping[str, str]) -> tuple[Series | Together, dict[str, str]]:
    """Return the series of a model, or all that it is trained on together, and which labels are their results.

    Args:
        store: the results store.
        params: the canonical JSON of a configuration on each of the series that it forecasts, by its label there.

    Returns:
        The series, and the label of each that has a result, by the name of the series.
    """
    each = read_configurations(params)
    label, first = next(iter(each.items()))
    if first.panel is None:
        own = first.series
        return replace(store.series.get(own.content_hash), name=own.name), {own.name: label}
    members = store.panels.get(first.panel.content)
    series = tuple(replace(store.series.get(one.series.content_hash), name=one.series.name) for one in members)
    together = Together(members=members, series=series)
    known = {member.known_by: name for member, name in zip(members, together.names, strict=True)}
    own_names = {label: known[Member.of(one, trained=True, forecast=True).known_by] for label, one in each.items()}
    return together, {name: label for label, name in own_names.items()}


def files_of(experiment: Experiment, params: str, together: Together) -> dict[str, dict[str, Any]]:
    """Return how the file of each series of a panel was read, by its name: see `file_of`."""
    configuration, source = Configuration.model_validate_json(params), Source.of(experiment.grid_text)
    found = {}
    for name, member, series in zip(together.names, together.members, together.series, strict=True):
        own = _file_of(source, member.within(configuration), series)
        found[name] = own | {"ids": source.marks_in, "keep": source.mark_of(series.name)}
    return found


def file_of(experiment: Experiment, params: str, series: Series) -> dict[str, Any]:
    """Return how the file of a series was read, as far as a script can do the same."""
    source = Source.of(experiment.grid_text)
    found = _file_of(source, Configuration.model_validate_json(params), series)
    alone = len(source.marks_in) == 1
    return found | {
        "id": source.marks_in[0] if alone else None,
        "keep": source.mark_of(series.name) if alone else None,
    }


def _file_of(source: Source, configuration: Configuration, series: Series) -> dict[str, Any]:
    from scheduler.series.season import seasons_of

    seasons = seasons_of(series, configuration.series.season)
    return {
        "time": source.time,
        "format": source.form,
        "freq": _frequency(series.times),
        "fill": source.fill,
        "season": min((one for one in seasons if one > 1), default=1),
    }


def _frequency(stamps: Sequence[str]) -> str | None:
    """Return the frequency of times as pandas calls it; None where they are uneven, no dates, or have offsets."""
    import pandas as pd

    times = pd.to_datetime(pd.Series(stamps, dtype=object), format="ISO8601", errors="coerce", utc=True)
    if len(times) < 3 or times.isna().any() or not times.is_monotonic_increasing or pd.Timestamp(stamps[0]).tzinfo:
        return None
    return pd.infer_freq(pd.DatetimeIndex(times.dt.tz_localize(None)))
