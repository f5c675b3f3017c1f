"""Seasons of series that the store has already, with other times than a grid has read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.series.season import find_seasons
from store.schema.configuration import Configuration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store import NewConfiguration, NewExperiment, Series, Store


def with_own_seasons(store: Store, experiment: NewExperiment, series: Iterable[Series]) -> NewExperiment:
    """Name the seasons that the times show where those of the stored series show others, or there are none.

    A series is stored once by its values, with the times that it had first. Baselines, and what MASE and RMSSE divide
    by, are of the season; no job depends on it.

    Args:
        store: the results store.
        experiment: what becomes of a grid.
        series: those of the grid.
    """
    mine = list(series)
    stored = store.series.times([one.content_hash for one in mine])
    others = {one.content_hash: found for one in mine if (found := _other_seasons(one, stored))}
    if not others:
        return experiment
    named = (
        _with_season(one, others[one.series_hash]) if one.series_hash in others else one
        for one in experiment.configurations
    )
    return replace(experiment, configurations=tuple(named))


def _other_seasons(series: Series, stored: Mapping[str, tuple[str, ...]]) -> tuple[int, ...]:
    """Return the seasons of a series, (1,) for none, if the stored one has others; else nothing."""
    times = stored.get(series.content_hash, series.times)
    if times == series.times:
        return ()
    mine, theirs = (find_seasons(one) for one in (series.times, times))
    return () if mine == theirs else mine or (1,)


def _with_season(configuration: NewConfiguration, seasons: tuple[int, ...]) -> NewConfiguration:
    whole = Configuration.model_validate_json(configuration.params)
    if whole.series.season:
        return configuration
    named = whole.model_copy(update={"series": whole.series.model_copy(update={"season": seasons})})
    return replace(configuration, params=named.canonical())
