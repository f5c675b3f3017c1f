"""The errors of baselines, as tables and pictures show them beside those of models."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

#: the target of the rows that hold the errors of all targets together
ALL_TARGETS = "all targets"


def baseline_errors(baselines: pd.DataFrame) -> dict[str, float]:
    """Return the RMSE of every baseline that has one, over all targets, the lowest first."""
    rows = baselines
    if "target" in rows and (rows["target"] == ALL_TARGETS).any():
        rows = rows[rows["target"] == ALL_TARGETS]
    known = rows.dropna(subset=["rmse"]).sort_values("rmse", kind="stable")
    return {str(name): float(rmse) for name, rmse in zip(known["baseline"], known["rmse"], strict=True)}
