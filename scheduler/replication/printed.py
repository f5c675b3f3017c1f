"""The forecasts that a tutorial prints, of a model that is trained at one batch size and forecasts at another.

A series of 0.0, 0.1, ... 0.9 is echoed one step late; published are the nine forecasts to one decimal, of one training
each. Whether that is what training gives is a share of our repeats, with Clopper and Pearson's exact 95% interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scheduler.replication.findings import Ruling

if TYPE_CHECKING:
    from store.records import Float64s, ForecastSet

EXPERIMENT: Final = "batch-transfer"
GRID: Final = "grids/batch_transfer.yaml"
#: what is printed where the series is learnt
ECHO: Final = tuple(np.arange(9) / 10)


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """What was published of one way to forecast."""

    configuration: str
    #: in words
    how: str
    #: whether the nine forecasts were printed as they should be
    echoes: bool


def _way(trained: int, forecast: int, how: str, *, echoes: bool = True) -> Printed:
    label = f"batch_size={trained}, forecast_batch_size={forecast}"
    return Printed(configuration=label, how=how, echoes=echoes)


PRINTED: Final = (
    _way(9, 9, "trained in batches of 9, forecast in one"),
    _way(1, 1, "trained and forecast row by row"),
    _way(3, 1, "trained in batches of 3, forecast row by row with copied weights"),
    _way(9, 1, "trained in batches of 9, forecast row by row with copied weights", echoes=False),
)


def share(count: int, number: int) -> tuple[float, float]:
    """Return the exact 95% interval of a share: `count` of `number` (Clopper and Pearson 1934)."""
    from scipy import stats

    found = stats.binomtest(count, number).proportion_ci(0.95, method="exact")
    return float(found.low), float(found.high)


def ruling(echoes: bool, interval: tuple[float, float]) -> Ruling:
    """Rule whether most trainings print what one did; undecided where the interval contains one half."""
    low, high = interval if echoes else (1 - interval[1], 1 - interval[0])
    if low > 0.5:
        return Ruling.HOLDS
    return Ruling.FAILS if high < 0.5 else Ruling.UNDECIDED


def rows(forecasts: Mapping[str, ForecastSet]) -> Iterator[tuple[str, ...]]:
    """Yield a row of the table for each published way: how, published, ours, the error and whether it holds."""
    for way in PRINTED:
        ours = forecasts.get(way.configuration)
        published = "0.0 to 0.8" if way.echoes else "poor"
        if ours is None:
            yield way.how, published, "not run", "", "", ""
            continue
        values = ours.forecast.reshape(len(ours.forecast), -1)
        count, number = _echoes(values), len(values)
        interval = share(count, number)
        errors = np.sqrt(np.square(ours.forecast - ours.observed).mean(axis=(1, 2, 3)))
        yield (
            way.how,
            published,
            f"{count} of {number} ({interval[0]:.0%} to {interval[1]:.0%})",
            " ".join(_one_decimal(value) for value in np.median(values, axis=0)),
            f"{np.median(errors):.3f} ({errors.min():.3f} to {errors.max():.3f})",
            str(ruling(way.echoes, interval)),
        )


def _one_decimal(value: float) -> str:
    return f"{value:.1f}".replace("-0.0", "0.0")


def _echoes(values: Float64s) -> int:
    """Count the repeats (repeats, 9) that print 0.0 to 0.8."""
    return int(np.all(np.abs(np.round(values, 1) - np.array(ECHO)) < 0.05, axis=1).sum())
