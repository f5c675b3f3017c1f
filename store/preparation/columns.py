"""A column of a series as rows are cut from it: transformed, then differenced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from store.preparation.differencing import differenced
from store.preparation.transforms import NONE, Transform
from store.schema.configuration import Configuration
from store.schema.differences import Lags
from store.schema.framing import Frame

if TYPE_CHECKING:
    from store.records import Float64s, Series


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column, of which each array has a value for each observation of the series."""

    #: as it was observed
    values: Float64s
    transform: Transform
    transformed: Float64s
    lags: Lags
    #: the transformed values, differenced; the first are NaN
    changes: Float64s
    #: how many observations the training rows are made of
    known: int

    @property
    def size(self) -> float:
        """The largest absolute value that training rows are made of, before differencing."""
        return float(np.abs(self.transformed[: self.known]).max())


def observed(configuration: Configuration, series: Series) -> int:
    """Return how many observations a series has; those after them are known ahead of some columns alone."""
    return len(series.values) - (0 if configuration.future is None else configuration.future.given)


def column(configuration: Configuration, series: Series, name: str, cut: Frame) -> Column:
    """Transform and difference a column; what is fitted is fitted to the observations of the training rows."""
    values = _with_room(configuration, series, name)
    known = _fitted(configuration, cut)
    transform = _transform(configuration, values, known, name)
    transformed, lags = transform.apply(values), configuration.prepare.differences_of(name)
    return Column(
        values=values,
        transform=transform,
        transformed=transformed,
        lags=lags,
        changes=differenced(transformed, lags),
        known=known,
    )


def _fitted(configuration: Configuration, cut: Frame) -> int:
    """Return how many observations the training rows are made of."""
    asked = cut.target_times(max(0, cut.available - 1))
    return asked.stop if configuration.future is None else asked.start + configuration.prepare.steps_at_once


def _with_room(configuration: Configuration, series: Series, name: str) -> Float64s:
    """Return the values of a column, and NaN for those that are asked for beyond the end."""
    values: Float64s = series.values[:, series.columns.index(name)]
    if configuration.future is None:
        return values
    count = observed(configuration, series)
    room = np.full(count + configuration.future.steps + 1, np.nan)
    known = values[: len(room)] if name not in configuration.series.targets else values[:count]
    room[: len(known)] = known
    return room


def _transform(configuration: Configuration, values: Float64s, known: int, name: str) -> Transform:
    """Fit the transform of a column to training observations, without those that were missing."""
    prepare, word = configuration.prepare, configuration.prepare.transform_of(name)
    if word == NONE:
        return Transform()
    observed = np.ones(known, np.bool_)
    for start, stop in configuration.series.left_out:
        observed[start:stop] = False
    training = values[:known][observed] if observed.any() else values[:known]
    return Transform.fit(word, training, scaled=prepare.scale_of(name) is not None)
