"""Grids from Python: files, or mappings with the values of their series."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scheduler.grid.grid import Grid
from store.errors import UsageError

AnyGrid = Grid | str | Path | Mapping[str, Any]


def load_grid(source: str | Path | Mapping[str, Any], *, series: Any = None) -> Grid:
    """Read a grid from a file, or from a mapping of the same shape.

    Args:
        source: The path of a file, or a mapping; axes of a mapping may be lists, tuples, ranges and NumPy arrays.
        series: For a mapping, the values: a pandas DataFrame or Series (the times of its index are kept), a NumPy array
            or a list. The mapping's `series` then names columns, or is left out to forecast all of them.

    Raises:
        GridError: The grid has mistakes; all of them are listed.
        SeriesError: `series` cannot be used.
        UsageError: `source` is neither, or holds what YAML cannot.
    """
    if isinstance(source, Mapping):
        return Grid.of(source, series=series)
    if series is not None:
        raise UsageError("series= needs a mapping: a grid file names its own series.")
    if isinstance(source, str | os.PathLike):
        return Grid.load(Path(source))
    raise UsageError(f"A grid is the path of a file or a mapping of fields, and {source!r:.80} is neither.")
