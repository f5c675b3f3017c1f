"""What an ensemble says in one sentence: one training, all of them together, and the best baseline."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from scheduler.statistics.wording import counted
from scheduler.text import number_format

if TYPE_CHECKING:
    import pandas as pd


def ensemble_sentence(table: pd.DataFrame, label: str, *, baselines: Mapping[str, float], diverged: int = 0) -> str:
    """Return how one training of a configuration and all its repeats together compare, and the best baseline.

    Args:
        table: the columns configuration, repeats, one (the mean of single repeats), std, median, low and high.
        label: the configuration.
        baselines: the error of each baseline, the lowest first.
        diverged: repeats that are left out.
    """
    rows = table[table["configuration"] == label]
    if not len(rows):
        return ""
    row = rows.iloc[0]
    write = number_format([row["one"], row["median"], *list(baselines.values())[:1]], spread=float(row["std"]))
    interval = ""
    if math.isfinite(row["low"]):
        interval = f", 95% interval {write(row['low'])} to {write(row['high'])}"
    beside = f", {_beside(row, next(iter(baselines.items())), write)}" if baselines else ""
    left_out = f" {counted(diverged, 'repeat')} that diverged {'is' if diverged == 1 else 'are'} left out."
    return (
        f"one training of {label}: {write(row['one'])} +- {write(row['std'])}; all {row['repeats']:,} together: "
        f"{write(row['median'])} (median forecast{interval}){beside}.{left_out if diverged else ''}"
    )


def _beside(row: pd.Series[Any], baseline: tuple[str, float], write: Callable[[object], str]) -> str:
    """Return where the ensemble stands beside the best baseline, which is a fixed number."""
    name, error = baseline
    low, high = (row["low"], row["high"]) if math.isfinite(row["low"]) else (row["median"], row["median"])
    where = "below" if high < error else "above" if low > error else "no different from"
    return f"{where} the best baseline, {name} ({write(error)})"
