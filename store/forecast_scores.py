"""How far forecasts are from what was observed: six scores, over any of rows, steps of the horizon and targets.

The definitions are those of Hyndman and Koehler (2006), "Another look at measures of forecast accuracy", International
Journal of Forecasting 22, and for RMSSE of Makridakis, Spiliotis and Assimakopoulos (2022), "M5 accuracy competition",
International Journal of Forecasting 38. With y observed and f forecast:

    RMSE   sqrt(mean((f - y)^2))
    MAE    mean |f - y|
    MAPE   mean of 100 |f - y| / |y|, in percent
    sMAPE  mean of 200 |f - y| / (|y| + |f|), in percent, from 0 to 200
    MASE   MAE over the MAE of the naive forecast of the training part
    RMSSE  RMSE over the RMSE of the naive forecast of the training part

The naive forecast of the training part repeats the value of one season before, or the last value where there is no
season. A score whose denominator is 0 does not exist: it is NaN here, NULL in the store and one word of `ABSENT` in a
report. Of several targets, RMSE, MAE, MAPE and sMAPE are over all values alike, MASE and RMSSE the means of those of
each target.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: the scores by the names that a grid takes
SCORES = ("rmse", "mae", "mape", "smape", "mase", "rmsse")
#: those that need the forecasts alone
PLAIN = SCORES[:4]
#: those that need the training part, and which error they divide
SCALED = {"mase": "mae", "rmsse": "rmse"}
#: the scores as people write them
TITLES = {"rmse": "RMSE", "mae": "MAE", "mape": "MAPE", "smape": "sMAPE", "mase": "MASE", "rmsse": "RMSSE"}
#: in one word, why a score does not exist: which of its denominators are 0
ABSENT = {"mape": "zeros", "smape": "zeros", "mase": "constant", "rmsse": "constant"}
#: what a row of `step_scores` has beside the job
STEP_COLUMNS = ("target", "step", *PLAIN)
#: what a row of `target_scores` has beside the job
TARGET_COLUMNS = ("target", *PLAIN)
#: the axes of forecasts, from the end
ROWS, STEPS, TARGETS = -3, -2, -1


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """The errors of the naive forecast of one target's training part, over which MASE and RMSSE are."""

    #: the naive forecast: "persistence", or "seasonal naive (12)"
    of: str
    mae: float
    rmse: float


def naive_scale(train: Floats, seasons: Sequence[int] = ()) -> Scale:
    """Return the errors of the naive forecast within a training part, of the shortest season that fits into it.

    Args:
        train: `(observations,)`.
        seasons: in observations, the shortest first; empty where there is none.
    """
    import numpy as np  # here and below: the tables need the names of the scores alone

    lag = next((season for season in seasons[:1] if 1 < season < len(train)), 1)
    of = "persistence" if lag == 1 else f"seasonal naive ({lag})"
    if len(train) <= lag:
        return Scale(of=of, mae=math.nan, rmse=math.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        error = train[lag:] - train[:-lag]
        return Scale(of=of, mae=float(np.mean(np.abs(error))), rmse=float(np.sqrt(np.mean(error**2))))


def scale_arrays(scales: Sequence[Scale]) -> dict[str, Floats]:
    """Return both errors of the naive forecast of all targets: `mae` and `rmse`, each `(targets,)`."""
    import numpy as np

    return {name: np.array([getattr(scale, name) for scale in scales]) for name in SCALED.values()}


def score_forecasts(
    observed: Floats,
    forecast: Floats,
    scales: Mapping[str, Floats] | None = None,
    *,
    over: Sequence[int] = (ROWS, STEPS, TARGETS),
) -> dict[str, Floats]:
    """Return every score of `SCORES`, over some of the axes rows, steps and targets; the others are kept.

    Args:
        observed: `(rows, steps, targets)`.
        forecast: the same, or with further axes in front.
        scales: what MASE and RMSSE divide by, as `scale_arrays` returns it; without it they are NaN.
        over: the axes: `ROWS`, `STEPS`, `TARGETS`.
    """
    import numpy as np

    axes = tuple(over)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        error = np.abs(forecast - observed)
        found = {
            "rmse": np.sqrt(np.mean(error**2, axis=axes)),
            "mae": np.mean(error, axis=axes),
            "mape": 100 * np.mean(_ratio(error, np.abs(observed)), axis=axes),
            "smape": 200 * np.mean(_ratio(error, np.abs(observed) + np.abs(forecast)), axis=axes),
        }
        if scales is None:
            return found | dict.fromkeys(SCALED, np.full_like(found["mae"], np.nan))
        each = tuple(axis for axis in axes if axis != TARGETS)
        own = {"mae": np.mean(error, axis=each, keepdims=True), "rmse": np.sqrt(np.mean(error**2, each, keepdims=True))}
        for name, of in SCALED.items():
            found[name] = np.mean(_ratio(own[of], scales[of]), axis=axes)
    return found


def _ratio(error: Floats, by: Floats) -> Floats:
    """Divide, and return NaN where the denominator is 0, or not a number."""
    import numpy as np

    return np.where(by > 0, error / by, np.nan)


def plain_scores(observed: Floats, forecast: Floats) -> dict[str, float | None]:
    """Return the scores over all values that need no training part; None where there is no forecast, or one is NaN."""
    if not observed.size:
        return dict.fromkeys(PLAIN)
    found = score_forecasts(observed, forecast)
    return {name: or_none(float(found[name])) for name in PLAIN}


def by_step(observed: Floats, forecast: Floats) -> Iterator[tuple[Any, ...]]:
    """Return `STEP_COLUMNS` for each target and step, both from 1, of arrays (rows, steps, targets)."""
    import numpy as np

    rows, steps, targets = observed.shape
    seen, said = (np.ascontiguousarray(values.transpose(2, 1, 0)) for values in (observed, forecast))
    found = score_forecasts(seen, said, over=(-1,)) if rows else {}  # each sum in the order in which it is made alone
    for target, step in np.ndindex(targets, steps):
        values = (or_none(float(found[name][target, step])) if found else None for name in PLAIN)
        yield target + 1, step + 1, *values


def by_target(observed: Floats, forecast: Floats) -> Iterator[tuple[Any, ...]]:
    """Return the target from 1 and its plain scores over rows and steps, where there are several targets."""
    if observed.shape[2] < 2 or not observed.size:
        return
    found = score_forecasts(observed, forecast, over=(ROWS, STEPS))
    for target in range(observed.shape[2]):
        yield target + 1, *(or_none(float(found[name][target])) for name in PLAIN)


def or_none(value: float) -> float | None:
    """Return NaN as NULL: Postgres sorts and sums it, SQLite does not know it."""
    return None if math.isnan(value) else value
