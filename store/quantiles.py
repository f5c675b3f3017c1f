"""The quantiles that a model forecasts of each value, where its loss is `quantile`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantiles:
    """Forecasts of quantiles, in the units of the series."""

    #: from 0 to 1, rising
    shares: tuple[float, ...]
    #: (..., steps, horizon, targets, shares): of one repeat, or of several
    values: NDArray[np.float64]
