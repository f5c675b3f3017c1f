"""One plot as a PNG in memory, for notebooks."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import UsageError

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """A PNG that notebooks show."""

    png: bytes

    def _repr_png_(self) -> bytes:
        return self.png


def draw_picture(data: ReportData, name: str) -> Picture:
    """Draw one of the plots.

    Raises:
        UsageError: there is no such plot, or nothing to draw yet.
    """
    from scheduler.report.plots import PICTURES, save

    if name not in PICTURES:
        raise UsageError(f"There is no picture {name!r}. Pictures: {', '.join(PICTURES)}.")
    with tempfile.TemporaryDirectory() as folder:
        drawn = [path for path in save(data, Path(folder), ("png",)) if path.stem.endswith(f"-{name}")]
        if not drawn:
            raise UsageError(f"{data.experiment} has nothing to draw for {name!r} yet.")
        return Picture(drawn[0].read_bytes())
