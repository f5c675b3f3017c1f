"""What the table of baselines says: their errors, and their forecasts for the test rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

#: the target of the rows that hold the errors of all targets together
ALL_TARGETS = "all targets"


def baseline_errors(baselines: pd.DataFrame, score: str = "rmse") -> dict[str, float]:
    """Return one score of every baseline that has it, over all targets, the lowest first."""
    if score not in baselines:
        return {}
    known = of_all_targets(baselines).dropna(subset=[score]).sort_values(score, kind="stable")
    return {str(name): float(error) for name, error in zip(known["baseline"], known[score], strict=True)}


def of_all_targets(baselines: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the errors over all targets: those of the only one, where there is one."""
    if "target" not in baselines or not (baselines["target"] == ALL_TARGETS).any():
        return baselines
    return baselines[baselines["target"] == ALL_TARGETS]


def mase_denominators(baselines: pd.DataFrame) -> list[str]:
    """Return the forecasts over whose error MASE is: one, or one for each target; none where that is not known."""
    if "mase_of" not in baselines:
        return []
    rows = baselines[baselines["mase"].notna()] if "mase" in baselines else baselines
    if "target" in rows:
        rows = rows[rows["target"] != ALL_TARGETS]
    return list(dict.fromkeys(str(name) for name in rows["mase_of"] if name))


def baseline_forecasts(baselines: pd.DataFrame, name: str) -> NDArray[np.float64] | None:
    """Return the forecasts of one baseline.

    Args:
        baselines: what `compute_baselines` returned, of one split.
        name: one of the baselines.

    Returns:
        `(test rows, horizon, targets)`; None where the table has no forecasts of it, as those of older versions.
    """
    import numpy as np

    if "forecasts" not in baselines:
        return None
    rows = baselines[(baselines["baseline"] == name) & (baselines["target"] != ALL_TARGETS)]
    found = [np.asarray(forecasts, dtype=np.float64) for forecasts in rows["forecasts"] if isinstance(forecasts, list)]
    return np.stack(found, axis=2) if found and len(found) == len(rows) else None
