"""The observations of one window of a series: nothing beyond them is seen by whoever is handed these alone."""

from __future__ import annotations

from dataclasses import replace

from store.records import Series
from store.schema.configuration import Configuration
from store.schema.framing import known, without_window


def windowed(configuration: Configuration, series: Series) -> tuple[Configuration, Series]:
    """Return the series with the observations of a configuration's window, and what the same is of that series."""
    if configuration.window.whole:
        return configuration, series
    part = known(configuration, len(series.values))
    kept = slice(part.start, part.stop)
    cut = replace(series, values=series.values[kept], times=series.times[kept])
    return without_window(configuration, len(series.values)), cut
