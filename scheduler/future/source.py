"""What a grid says of its series that the store does not keep with it: the times, and how numbers are written."""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from scheduler.series.reading.numbers import Marks


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """How a grid says that the file of its series is written."""

    #: the name of their column
    time: str | None = None
    #: their strptime format
    form: str | None = None
    #: how numbers are written
    marks: Marks = field(default_factory=Marks)
    #: what stands for a missing value, beside an empty cell
    missing: tuple[str, ...] = ()

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
        time, form, decimal, thousands = (
            _text(series.get(name)) for name in ("time", "format", "decimal", "thousands")
        )
        missing = series.get("na")
        return cls(
            time=time,
            form=form,
            marks=Marks(decimal or ".", thousands),
            missing=tuple(map(str, missing)) if isinstance(missing, list) else (),
        )


def _text(given: object) -> str | None:
    return given if isinstance(given, str) else None
