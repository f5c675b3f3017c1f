"""Grids of small tables, and their warnings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scheduler.grid.grid import Grid

BASE: dict[str, Any] = {"test": 6, "prepare": {"pad": True}, "model": {"stateful": False}}
NOISE = np.random.default_rng(5).normal(size=48)


def warnings_of(values: NDArray[np.float64] | dict[str, Any], **fields: Any) -> tuple[str, ...]:
    """Return the warnings of a grid of these columns; the parts of `fields` are merged into the base."""
    table = pd.DataFrame(values if isinstance(values, dict) else {"y": values})
    merged = BASE | {
        name: BASE.get(name, {}) | value if isinstance(value, dict) and name in BASE else value
        for name, value in fields.items()
    }
    return Grid.of(merged, series=table).warnings


def warnings_of_file(folder: Path, lines: list[str], series: str = "value: y") -> tuple[str, ...]:
    """Return the warnings of a grid of a CSV file with these lines."""
    (folder / "data.csv").write_text("\n".join(lines) + "\n")
    text = f"series: {{path: data.csv, {series}}}\ntest: 6\nprepare: {{pad: true}}\nmodel: {{stateful: false}}\n"
    (folder / "grid.yaml").write_text(text)
    return Grid.load(folder / "grid.yaml").warnings
