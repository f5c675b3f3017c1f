"""What MASE and RMSSE of a configuration divide by: the errors of the naive forecast before the test part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from scheduler.series.season import seasons_of
from store.forecast_scores import Scale, naive_scale
from store.schema.framing import frame, known
from store.schema.splits import Split

if TYPE_CHECKING:
    from store import Series
    from store.schema.configuration import Configuration


def scales_of(configuration: Configuration, series: Series) -> tuple[Scale, ...]:
    """Return the scale of each target of a configuration.

    The training part is all that is observed before the first value of the test part, from the start of the window on;
    of a protocol that forecasts the training rows themselves, all observations. The season is the shortest of those
    that the grid gives or the times show, as for the baselines.
    """
    cut = frame(configuration, len(series.values))
    end = cut.target_times(cut.test[0]).start if len(cut.test) else len(series.values)
    seasons = seasons_of(series, configuration.series.season)
    start = known(configuration, len(series.values)).start
    columns = (series.values[start:end, series.columns.index(name)] for name in configuration.series.targets)
    return tuple(naive_scale(column, seasons) for column in columns)


def all_scales(
    configurations: Mapping[str, Configuration], series: Callable[[str], Series]
) -> dict[str, tuple[Scale, ...]]:
    """Return the scales of configurations by their labels, computed once for all of the same split and season.

    Args:
        configurations: by label.
        series: returns a series by its content hash.
    """
    known: dict[object, tuple[Scale, ...]] = {}
    found = {}
    for label, one in configurations.items():
        key = (Split.of(one), one.window.train, one.series.content_hash, one.series.season)
        if key not in known:
            known[key] = scales_of(one, series(one.series.content_hash))
        found[label] = known[key]
    return found
