"""Experiments with given scores, as the rows that comparisons read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

Given = Mapping[str, Sequence[float] | np.ndarray]


def experiment(scores: Given, *, shared_seeds: bool = True) -> pd.DataFrame:
    """Return the results of an experiment: infinity is a diverged repeat, NaN a failed one."""
    rows = []
    for place, (label, values) in enumerate(scores.items()):
        for repeat, value in enumerate(values):
            rows.append(
                {
                    "configuration": label,
                    "repeat": repeat,
                    "seed": 1000 + repeat + 10_000 * place * (not shared_seeds),
                    "state": "failed" if np.isnan(value) else "done",
                    "diverged": bool(np.isinf(value)),
                    "train_rmse": np.nan,
                    "test_rmse": value if np.isfinite(value) else np.nan,
                }
            )
    names = ["configuration", "repeat", "seed", "state", "diverged", "train_rmse", "test_rmse"]
    return pd.DataFrame(rows, columns=names)
