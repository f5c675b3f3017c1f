"""What all pictures share: colours, the figure with its title, and which configurations are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.report.names import cut
from scheduler.report.report_data import ReportData
from scheduler.text import many

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

VALIDATION = "#00735a"
INK, MUTED, RULE = "#1d232b", "#59636e", "#d5dae0"
TEST, TRAIN, REFERENCE = "#1f5fbf", "#b8540a", "#8a2f6b"  # apart for every kind of colour vision, and by dash
#: of persistence and of the best baseline
DASHES: tuple[Any, ...] = ((0, (2, 2)), (0, (6, 2)))
DPI = 150
STYLE: dict[Any, Any] = {
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "ytick.left": False,
    "svg.fonttype": "none",  # text that can be searched and read aloud
    "svg.hashsalt": "repeats",  # the same data gives the same file
}


def new_figure(report: ReportData, title: str, note: str, width: float, height: float) -> Figure:
    """Make a figure, in inches, with its title, and keep the rest below it."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    header = 0.68
    figure = Figure(
        figsize=(width, height),
        dpi=DPI,
        facecolor="white",
        layout=ConstrainedLayoutEngine(rect=(0, 0, 1, 1 - header / height), h_pad=0.08, w_pad=0.12),
    )
    done, jobs = report.counts.get("done", 0), sum(report.counts.values())
    repeats = f"PARTIAL: {done:,} of {many(jobs, 'repeat')}" if report.partial else many(done, "repeat")
    facts = [
        cut(report.experiment, 50),
        *([cut(report.split, 50)] if report.split else []),
        repeats,
        *([note] if note else []),
    ]
    left = 0.14 / width
    figure.text(left, 1 - 0.14 / height, title, va="top", fontsize=13, fontweight="bold", in_layout=False)
    figure.text(
        left,
        1 - 0.44 / height,
        " \N{MIDDLE DOT} ".join(facts),
        va="top",
        fontsize=9,
        color=MUTED,
        parse_math=False,
        in_layout=False,
    )
    return figure


def panels(figure: Figure, count: int, across: int) -> list[Axes]:
    """Make panels of one height beside and below each other, and hide those that are too many."""
    down = -(-count // across)
    made = list(figure.subplots(down, across, sharey=True, squeeze=False).ravel())
    for axes in made[count:]:
        axes.set_visible(False)
    return made[:count]


def legend(figure: Figure, axes: Axes, rows: int = 1) -> None:
    """Put the names of the lines below the title, in so many rows of the figure's top."""
    width, height = figure.get_size_inches()
    handles, names = axes.get_legend_handles_labels()
    made = figure.legend(
        handles,
        names,
        loc="upper right",
        bbox_to_anchor=(1 - 0.1 / width, 1 - (0.34 if rows == 1 else 0.02) / height),
        ncols=-(-len(names) // rows),
        frameon=False,
        fontsize=9,
    )
    made.set_in_layout(False)


def first_few(report: ReportData, among: Sequence[str], most: int) -> tuple[list[str], str]:
    """Take all configurations in the grid's order or, of too many, those with the best median; and a note on it."""
    labels = list(among)
    if len(labels) <= most:
        return labels, ""
    found = report.scores()
    medians = {label: float(np.median(found[label])) if len(found[label]) else np.inf for label in labels}
    best = sorted(labels, key=lambda label: medians[label])[:most]
    return best, f"the {most} with the best median of {len(labels):,}"


def axis_ends(low: float, high: float) -> tuple[float, float]:
    """Return the ends of an axis for these numbers, with a margin."""
    margin = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
    return (low - margin, high + margin)
