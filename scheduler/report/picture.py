"""One plot as PNG in memory, for notebooks; of several splits, one for each."""

from __future__ import annotations

import base64
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import UsageError
from store.writable import temporary_folder

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """A PNG that notebooks show, and those of the other splits below it."""

    png: bytes
    #: of the other splits, where there are several
    others: tuple[bytes, ...] = ()

    def _repr_png_(self) -> bytes:
        return self.png

    def _repr_html_(self) -> str | None:
        """Show all splits; a single picture is shown as PNG."""
        if not self.others:
            return None
        images = (base64.b64encode(png).decode() for png in (self.png, *self.others))
        return "\n".join(f'<p><img src="data:image/png;base64,{image}"></p>' for image in images)


def draw_picture(data: ReportData, name: str) -> Picture:
    """Draw one of the plots.

    Raises:
        UsageError: there is no such plot, or nothing to draw yet.
    """
    from scheduler.report.plots import PICTURES, save

    if name not in PICTURES:
        raise UsageError(f"There is no picture {name!r}. Pictures: {', '.join(PICTURES)}.")
    with tempfile.TemporaryDirectory(dir=temporary_folder()) as folder:
        drawn = [path for path in save(data, Path(folder), ("png",)) if path.stem.endswith(f"-{name}")]
        if not drawn:
            raise UsageError(f"{data.experiment} has nothing to draw for {name!r} yet.")
        first, *others = (path.read_bytes() for path in drawn)
        return Picture(first, tuple(others))
