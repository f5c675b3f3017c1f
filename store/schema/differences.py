"""Which observations differences are made of, and forecasts of differences counted from; pure arithmetic.

Differences at several lags are taken one after the other: (1 - B^1)(1 - B^12) of a value, where B is the step back.
"""

from __future__ import annotations

from functools import lru_cache

Lags = tuple[int, ...]


@lru_cache(maxsize=256)
def weights(lags: Lags) -> dict[int, int]:
    """Return how a difference is made of values: steps back -> weight; 0 -> 1 first."""
    found = {0: 1}
    for lag in lags:
        shifted = dict(found)
        for back, weight in found.items():
            shifted[back + lag] = shifted.get(back + lag, 0) - weight
        found = shifted
    return {back: weight for back, weight in sorted(found.items()) if weight}


def reach(lags: Lags) -> int:
    """Return how many steps back the first observation of a difference is."""
    return sum(lags)


@lru_cache(maxsize=256)
def changes_added(lags: Lags, horizon: int) -> tuple[int, ...]:
    """Return how often the change so many steps before a step is in its value, for 0 to `horizon` - 1 steps."""
    found = [1] + [0] * (horizon - 1)
    for lag in lags:
        for step in range(lag, horizon):
            found[step] += found[step - lag]
    return tuple(found)


@lru_cache(maxsize=256)
def counted_from(lags: Lags, horizon: int) -> frozenset[int]:
    """Return the observations that forecasts of `horizon` steps are counted from, as steps before the first one."""
    backs = [back for back in weights(lags) if back]
    found: set[int] = set()
    for ahead in range(horizon):
        found |= {back - ahead for back in backs if back > ahead}
    return frozenset(found)
