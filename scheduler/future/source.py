"""What a grid says of its series that the store does not keep with it: the column of times, and their format."""

from __future__ import annotations

from dataclasses import dataclass

import yaml


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The times of a series, as the grid has them."""

    #: the name of their column
    time: str | None = None
    #: their strptime format
    form: str | None = None

    @classmethod
    def of(cls, grid_text: str) -> Source:
        """Read it from a grid as it was submitted; empty where that says nothing."""
        try:
            grid = yaml.safe_load(grid_text)
        except yaml.YAMLError:
            return cls()
        series = grid.get("series") if isinstance(grid, dict) else None
        if not isinstance(series, dict):
            return cls()
        time, form = series.get("time"), series.get("format")
        return cls(time=time if isinstance(time, str) else None, form=form if isinstance(form, str) else None)
