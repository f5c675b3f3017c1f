"""The baselines of each series, computed once for all tests of a process: fitting them takes seconds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from scheduler.statistics import baselines

_compute = baselines.compute_baselines
_known: dict[object, pd.DataFrame] = {}


def remember_baselines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cache the results of `compute_baselines` for all tests of this process."""

    def remembered(values: NDArray[np.float64], **options: Any) -> pd.DataFrame:
        key = (
            values.tobytes(),
            values.shape,
            repr(sorted((name, value) for name, value in options.items() if name != "progress")),
        )
        if key not in _known:
            _known[key] = _compute(values, **options)
        return _known[key].copy()

    monkeypatch.setattr(baselines, "compute_baselines", remembered)
