"""Whether values, as a model sees them, fit the 32-bit floats of the training."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.grid.messages import Found
from store.preparation.windows import windowed
from store.schema.configuration import Configuration
from store.schema.differences import reach
from store.schema.framing import Frame, frame

if TYPE_CHECKING:
    from store.records import Series

#: of a value that a model sees or forecasts, either way: its square is within 32 bits
MOST_SCALED = 1e18


def magnitude_mistakes(configuration: Configuration, series: Series) -> Iterator[Found]:
    """Check the columns of an otherwise valid configuration."""
    configuration, series = windowed(configuration, series)
    cut = frame(configuration, len(series.values))
    for name in configuration.series.columns:
        scaled = configuration.prepare.scale_of(name)
        largest = _largest(configuration, series, name, cut)
        if largest > MOST_SCALED and scaled is None:
            yield (
                ("prepare", "scale"),
                f"prepare.scale is null for {name}, whose values reach {largest:.2g}; 32-bit training allows -1e18 to "
                "1e18: scale it, as with prepare.scale: [-1, 1]",
            )
        elif largest > MOST_SCALED:
            yield (
                ("series",),
                f"the values of {name} reach {largest:.2g} when scaled by the training rows; 32-bit training allows "
                "-1e18 to 1e18: correct the value that is far outside the rest",
            )


def _largest(configuration: Configuration, series: Series, name: str, cut: Frame) -> float:
    """Return the largest scaled value of a column, without the trimmed rows."""
    import numpy as np

    from store.preparation.columns import column
    from store.preparation.scaling import Scaler

    one = column(configuration, series, name, cut)
    changes = one.changes[reach(one.lags) :, None]
    fitted = changes[: max(1, len(changes) - (cut.rows - cut.available))]
    with np.errstate(over="ignore", invalid="ignore"):
        scaler = Scaler.fit(fitted, [configuration.prepare.scale_of(name)], np.array([one.size]))
        return float(np.abs(scaler.apply(changes)).max(initial=0.0))
