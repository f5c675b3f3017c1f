"""Pictures as files: which there are, what they are called, and in which formats."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.files import written
from scheduler.report.plots.boxes import scores
from scheduler.report.plots.ensembles import ensembles
from scheduler.report.plots.forecasts import forecasts
from scheduler.report.plots.style import DPI, STYLE
from scheduler.report.plots.trajectories import trajectories
from scheduler.report.report_data import ReportData

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PICTURES: dict[str, Callable[[ReportData], Figure | None]] = {
    "scores": scores,
    "trajectories": trajectories,
    "forecasts": forecasts,
    "ensembles": ensembles,
}


def save(report: ReportData, directory: Path, formats: Sequence[str] = ("png", "svg")) -> list[Path]:
    """Draw what the report has and write EXPERIMENT-scores, -trajectories and so on in each format, PNG or SVG.

    Of several splits each has its own pictures: EXPERIMENT-SPLIT-scores and so on.

    Returns:
        The files, in the order they were written. A picture without data is left out.

    Raises:
        UsageError: one cannot be written.
    """
    import matplotlib as mpl

    directory.mkdir(parents=True, exist_ok=True)
    saved = []
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # a label in another script
        for start, part in _parts(report):
            saved += _save(part, directory, start, formats)
    return saved


def _save(report: ReportData, directory: Path, start: str, formats: Sequence[str]) -> list[Path]:
    """Write the pictures of one split, under names with this start."""
    saved = []
    for name, draw in PICTURES.items():
        figure = draw(report)
        if figure is not None:
            _lay_out(figure)
            saved += [_write(figure, directory / f"{start}-{name}.{kind}") for kind in formats]
    return saved


def _parts(report: ReportData) -> Iterator[tuple[str, ReportData]]:
    """Yield what is drawn by itself, each with the start of its files' names, which differ also in their case."""
    whole, given = file_name(report.experiment), set[str]()
    if not report.parts:
        yield whole, report
    for place, part in enumerate(report.parts, start=1):
        start = f"{whole}-{file_name(part.split)}"
        if start.casefold() in given:
            start = f"{start}-{place}"
        given.add(start.casefold())
        yield start, part


def file_name(experiment: str) -> str:
    """Make a name that every file system takes."""
    return re.sub(r"[^\w.-]+", "-", experiment).strip("-.")[:80] or "experiment"


def _lay_out(figure: Figure) -> None:
    """Lay a figure out once, for each format in which it is written."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine("none")


def _write(figure: Figure, path: Path) -> Path:
    """Draw a figure into a file: `savefig` draws it twice, since it may have to be cut to its content."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    with written(path, "--plots") as part:
        if path.suffix == ".svg":
            svg: Any = FigureCanvasSVG(figure)
            svg.print_svg(part, metadata={"Date": None})
            figure.set_dpi(DPI)  # SVG has its own
        else:
            png: Any = FigureCanvasAgg(figure)
            png.print_png(part)
    return path
