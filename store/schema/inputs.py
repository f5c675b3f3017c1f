"""What a row sees of each column: which lags, and whether its values at the forecast steps are known beforehand.

Lag 1 is the value at the row's own time t, lag 2 the one before, and so on: of `lags: [1, 24]` a row sees the values at
t and t - 23. Of a column that is known ahead it sees those at the forecast steps as well. All are the features of one
time step, ordered by time and then by column. With `lags_as: timesteps` each lag is a time step, and what is known
ahead goes along with it: the last step sees the forecast steps, the step before it those one earlier, and so on.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import NamedTuple

from store.schema.configuration import Configuration


class Feature(NamedTuple):
    """One number of a row."""

    #: steps from the row's own time
    time: int
    #: which of the inputs
    column: int


#: for each time step its features
Layout = tuple[tuple[Feature, ...], ...]
#: where the first target is, from the row's own time
OFFSET = {"next": 1, "last": 0, "previous": -1}


class _Framing(NamedTuple):
    """All that decides which values a row sees."""

    #: of each input: the lags, the oldest first, and whether it is known ahead
    columns: tuple[tuple[Sequence[int], bool], ...]
    as_steps: bool
    offset: int
    #: how many steps the model forecasts
    horizon: int


def lags_of(configuration: Configuration, column: str) -> Sequence[int]:
    """Return the lags of a column that a row sees, the oldest first."""
    own = configuration.series.seen.get(column)
    lags = configuration.prepare.lags if own is None or own.lags is None else own.lags
    return range(lags, 0, -1) if isinstance(lags, int) else tuple(sorted(lags, reverse=True))


def is_known(configuration: Configuration, column: str) -> bool:
    """Return whether a row sees the values of a column at the forecast steps."""
    own = configuration.series.seen.get(column)
    return own is not None and own.known


def common_lags(configuration: Configuration) -> Sequence[int] | None:
    """Return the lags that all columns have that have any; None where they differ."""
    found = {tuple_or_range(lags): lags for lags in (lags_of(configuration, one) for one in _inputs(configuration))}
    found.pop((), None)
    if len(found) > 1:
        return None
    return next(iter(found.values()), (1,))


def tuple_or_range(lags: Sequence[int]) -> Hashable:
    """Return lags so that equal ones compare equal, without writing a long range out."""
    return lags if isinstance(lags, range) and lags else tuple(lags)


def oldest(configuration: Configuration, column: str) -> int:
    """Return the time of the oldest value of a column that a row sees, counted from the row's own time."""
    lags = lags_of(configuration, column)
    ahead = OFFSET[configuration.prepare.target_at] if is_known(configuration, column) else 0
    if ahead or not lags:
        steps = common_lags(configuration) if configuration.prepare.lags_as == "timesteps" else None
        ahead += 0 if steps is None else steps[-1] - steps[0]
    return min(ahead, 1 - lags[0]) if lags else ahead


def longest(configuration: Configuration) -> int:
    """Return the largest lag of all columns."""
    found = (lags_of(configuration, column) for column in _inputs(configuration))
    return max((lags[0] for lags in found if lags), default=0)


def sizes(configuration: Configuration) -> tuple[int, int]:
    """Return how many time steps a row has, and features each of them."""
    prepare, series = configuration.prepare, configuration.series
    if not series.seen:
        steps = prepare.lags if prepare.lags_as == "timesteps" else 1
        return steps, prepare.lags // steps * len(series.inputs)
    found = layout(configuration)
    return len(found), len(found[0])


def layout(configuration: Configuration) -> Layout:
    """Return which values a row sees, in the order in which the model has them."""
    prepare = configuration.prepare
    columns = tuple((lags_of(configuration, one), is_known(configuration, one)) for one in _inputs(configuration))
    steps = common_lags(configuration) if prepare.lags_as == "timesteps" else None
    return _layout(_Framing(columns, steps is not None, OFFSET[prepare.target_at], prepare.steps_at_once))


def _inputs(configuration: Configuration) -> tuple[str, ...]:
    return configuration.series.inputs


@lru_cache(maxsize=256)
def _layout(framing: _Framing) -> Layout:
    if not framing.as_steps:
        return (_step(framing, None, 0),)
    lags = next((lags for lags, _ in framing.columns if lags), (1,))
    return tuple(_step(framing, lag, lags[-1] - lag) for lag in lags)


def _step(framing: _Framing, lag: int | None, before: int) -> tuple[Feature, ...]:
    """Return the features of one time step: of one lag that lies so far before the last, or of all lags."""
    found = set()
    for place, (lags, known) in enumerate(framing.columns):
        found |= {Feature(1 - one, place) for one in lags if lag in (None, one)}
        if known:
            found |= {Feature(framing.offset + ahead + before, place) for ahead in range(framing.horizon)}
    return tuple(sorted(found))
