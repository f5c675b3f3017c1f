"""The identity of a series, which is its content, and the columns of it that a grid uses."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from scheduler.series.fields import SeriesSource
from scheduler.series.season import find_seasons
from store.records import Series
from store.schema.configuration import SeriesChoice
from store.schema.prepare import InputColumn


def content_hash(columns: Sequence[str], values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> str:
    """Return the SHA-256 of the columns' names and the values, observation by observation."""
    digest = hashlib.sha256(repr((tuple(columns), values.shape)).encode())
    digest.update(np.ascontiguousarray(values, dtype="<f8").tobytes())
    return digest.hexdigest()


def hash_of(series: Series, columns: Sequence[str]) -> str:
    """Return the content hash of some columns of a series, in their order."""
    return content_hash(columns, series.values[:, [series.columns.index(name) for name in columns]])


def chosen(
    series: Series,
    source: SeriesSource,
    *,
    row_times: tuple[str, str, str] | tuple[()] = (),
    left_out: tuple[tuple[int, int], ...] = (),
    made: tuple[str, ...] = (),
) -> SeriesChoice:
    """Return which columns are forecast and which are seen: all of them, unless the grid names some."""
    targets = source.forecast or series.columns
    given = source.inputs if isinstance(source.inputs, dict) else {}
    return SeriesChoice(
        name=series.name,
        content_hash=series.content_hash,
        target_hash="" if (whole := hash_of(series, targets)) == series.content_hash else whole,
        targets=targets,
        inputs=tuple(source.inputs or targets),
        seen={name: column for name, column in given.items() if column != InputColumn()},
        made=made,
        left_out=left_out,
        season=_season(series, source),
        row_times=row_times,
    )


def _season(series: Series, source: SeriesSource) -> tuple[int, ...]:
    """Return the seasons that the grid gives, or those of times that are not ISO 8601: the store keeps no format."""
    if source.season is not None:
        given = {source.season} if isinstance(source.season, int) else {*source.season}
        return tuple(sorted(given - {1})) or (1,)
    return find_seasons(series.times, source.format) if source.format else ()
