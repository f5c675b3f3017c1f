"""What the baselines forecast for the test rows, from the table that has their errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.statistics.baseline_errors import ALL_TARGETS

if TYPE_CHECKING:
    import pandas as pd


def baseline_forecasts(baselines: pd.DataFrame, name: str) -> NDArray[np.float64] | None:
    """Return the forecasts of one baseline.

    Args:
        baselines: what `compute_baselines` returned, of one split.
        name: one of the baselines.

    Returns:
        `(test rows, horizon, targets)`; None where the table has no forecasts of it, as those of older versions.
    """
    if "forecasts" not in baselines:
        return None
    rows = baselines[(baselines["baseline"] == name) & (baselines["target"] != ALL_TARGETS)]
    found = [np.asarray(forecasts, dtype=np.float64) for forecasts in rows["forecasts"] if isinstance(forecasts, list)]
    return np.stack(found, axis=2) if found and len(found) == len(rows) else None
