"""A forecast beyond the end for tests of what shows it; nothing here trains."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scheduler.future.outcome import Future
from store import Series

STEPS = 3


def _basis(step: int) -> str:
    return "conformal" if step == 1 else "recursive"


def made_future(targets: tuple[str, ...] = ("sales",), *, levels: tuple[float, ...] = (80.0,)) -> Future:
    """Return a forecast of three steps of months, by two repeats."""
    times = tuple(pd.date_range("2020-01-01", periods=30, freq="MS").strftime("%Y-%m"))
    values = np.arange(60.0).reshape(30, 2)[:, : len(targets)]
    each = [(target, step) for target in targets for step in range(1, STEPS + 1)]
    rows = [(target, step, f"2022-{6 + step:02d}", 100.0 + step, np.nan) for target, step in each]
    bounds = [
        (
            target,
            step,
            level,
            100.0 + step - level / 8,
            100.0 + step + level / 8,
            "conformal" if step == 1 else "recursive",
        )
        for level in levels
        for target, step in each
    ]
    repeats = [(repeat, *row[:3], row[3] + repeat) for repeat in range(2) for row in rows]
    return Future(
        experiment="tune",
        configuration="units=2",
        series=Series(name="shop", columns=targets, values=values, times=times, content_hash="shop"),
        observations=30,
        targets=targets,
        rows=pd.DataFrame(rows, columns=["target", "step", "time", "median", "observed"]),
        intervals=pd.DataFrame(bounds, columns=["target", "step", "level", "low", "high", "basis"]),
        repeats=pd.DataFrame(repeats, columns=["repeat", "target", "step", "time", "forecast"]),
        notes=("units=2 is best.", "trained on all 26 rows"),
    )
