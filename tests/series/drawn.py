"""Series of any unit, length and season, and grids for them, drawn by Hypothesis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from hypothesis import strategies as st
from numpy.typing import NDArray

#: frequency of the times -> season that the series may have; no times where it is empty
SEASONS = {"": 12, "h": 24, "D": 7, "W-MON": 52, "MS": 12, "QS": 4, "YS": 3}
PARTS = ("noise", "walk", "season", "trend", "outlier", "steps", "counts")


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A series and what a grid asks of it."""

    #: (observations, columns)
    values: NDArray[np.float64]
    frequency: str
    fields: dict[str, Any]
    #: whether the fitted baselines are computed, too, which take most of the time
    fitted: bool

    @property
    def size(self) -> float:
        """The largest absolute value."""
        return float(np.abs(self.values).max())

    def changed(self, factor: float, offset: float = 0.0) -> Made:
        """Return the same series in other units; the offset is in terms of the range of the values."""
        spread = float(np.ptp(self.values)) or self.size
        return replace(self, values=self.values * factor + offset * spread * factor)

    def write(self, folder: Path) -> Path:
        """Write the data and the grid."""
        columns = [f"c{place}" for place in range(self.values.shape[1])]
        table = pd.DataFrame(self.values, columns=columns)
        series: dict[str, Any] = {"path": "data.csv", "targets": columns[:1], "inputs": columns}
        if self.frequency:
            table.insert(0, "time", pd.date_range("2015-01-01", periods=len(table), freq=self.frequency).astype(str))
            series["time"] = "time"
        table.to_csv(folder / "data.csv", index=False)
        path = folder / "grid.yaml"
        path.write_text(yaml.safe_dump({"series": series, **self.fields}))
        return path


def _column(draw: st.DrawFn, rows: int, season: int) -> NDArray[np.float64]:
    """Draw a column with a size of about 1."""
    time = np.arange(rows)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    parts = draw(st.sets(st.sampled_from(PARTS), max_size=4))
    column = np.zeros(rows)
    column += random.normal(size=rows) * ("noise" in parts)
    column += random.normal(size=rows).cumsum() * ("walk" in parts)
    column += np.sin(2 * np.pi * time / season) * ("season" in parts)
    column += 0.1 * time * ("trend" in parts)
    column += (time > rows // 2) * ("steps" in parts)
    column += random.poisson(0.5, size=rows) * ("counts" in parts)
    if "outlier" in parts:
        column[random.integers(rows)] += draw(st.sampled_from([-1e6, -100.0, 100.0, 1e6]))
    return np.asarray(column + draw(st.sampled_from([0.0, 0.0, 1.0, -3.0, 1000.0])))


@st.composite
def made(draw: st.DrawFn) -> Made:
    """Draw a series and a grid, which need not fit each other."""
    frequency = draw(st.sampled_from(list(SEASONS)))
    season = SEASONS[frequency]
    rows = draw(st.one_of(st.integers(3, 12), st.integers(13, 60), st.integers(61, 500)))
    values = np.stack([_column(draw, rows, season) for _ in range(draw(st.integers(1, 3)))], axis=1)
    test = draw(st.integers(1, max(1, min(rows // 3, 24))))
    axes: dict[str, Any] = {"model.units": draw(st.sampled_from([[1], [1, 2], [1, 2, 3]]))}
    if test > 1 and draw(st.integers(0, 3)) == 0:
        axes["test"] = [test, test - 1]
    fields = {
        "test": test,
        "prepare": {
            "difference": draw(st.sampled_from([0, 1, 1, season])),
            "lags": draw(st.integers(1, 3)),
            "horizon": draw(st.sampled_from([1, 1, 1, 2, 3])),
            "scale": draw(st.sampled_from([[-1, 1], [0, 1]])),
            "pad": True,
        },
        "model": {"stateful": False},
        "training": {"epochs": draw(st.integers(1, 8)), "loss": draw(st.sampled_from(["mse", "mae", "huber"]))},
        "repeats": draw(st.integers(1, 9)),
        "grid": axes,
    }
    scale = 10.0 ** draw(st.integers(-25, 25))
    return Made(values=values * scale, frequency=frequency, fields=fields, fitted=draw(st.integers(0, 3)) == 0)
