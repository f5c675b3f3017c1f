"""The picture of the scores: one box a configuration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.report.names import shortened
from scheduler.report.plots.style import DASHES, INK, MUTED, REFERENCE, TEST, axis_ends, first_few, new_figure
from scheduler.report.report_data import Reference, ReportData
from scheduler.report.thinning import evenly
from scheduler.text import many, number_format, printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_BOXES = 30
MOST_POINTS = 200  # points drawn beside one box; the box itself is of all
LONGEST_NAME = 44


def scores(report: ReportData) -> Figure | None:
    """Draw one box a configuration, the scores as points, and lines for persistence and the best baseline."""
    shown, note = first_few(report, report.labels, MOST_BOXES)
    if not shown:
        return None
    values, diverged, references = report.scores(), report.diverged(), report.references
    reach = _reach([values[label] for label in shown], [reference.value for reference in references])
    height = max(0.46 * len(shown), 0.9) + 1.6
    figure = new_figure(report, f"Scores of {many(len(shown), 'configuration')}", note, 9, height)
    axes = figure.add_subplot()
    for row, label in enumerate(shown):
        _box(axes, row, values[label], reach)
        _aside(axes, row, int(np.sum(values[label] > reach[1])), diverged[label])
    axes.set(xlim=reach, ylim=(len(shown) - 0.45, -0.55))
    axes.set_xlabel(f"{report.score_name}{printable(report.in_units)}; less is better", parse_math=False)
    axes.set_yticks(range(len(shown)), shortened(shown, LONGEST_NAME), parse_math=False)
    axes.grid(visible=True, axis="x")
    axes.spines["left"].set_visible(False)
    for place, reference in enumerate(references):
        _across(axes, reference, reach, place)
    return figure


def _reach(groups: Sequence[Floats], references: Sequence[float]) -> tuple[float, float]:
    """The axis: all the boxes and the lines, but nothing so far out that it would flatten the boxes."""
    filled = [group for group in groups if len(group)]
    if not filled:
        return (0.0, 1.25 * max(references, default=0.8))
    ends = [np.percentile(group, [25, 75]) for group in filled]
    far = max(high + 4 * max(high - low, 0.02 * abs(high)) for low, high in ends)
    low = min(float(group.min()) for group in filled)
    high = min(max(float(group.max()) for group in filled), far)
    wide = max(2 * (high - low), 0.3 * high)
    near = [value for value in references if low - wide < value < high + wide]
    return axis_ends(min([low, *near]), max([high, *near]))


def _box(axes: Axes, row: int, values: Floats, reach: tuple[float, float]) -> None:
    if not len(values):
        axes.text(reach[0], row, " no score", va="center", fontsize=9, color=MUTED)
        return
    axes.boxplot(
        [values],
        positions=[row],
        widths=0.52,
        orientation="horizontal",
        showfliers=False,
        manage_ticks=False,
        patch_artist=True,
        boxprops={"facecolor": "#dbe7f7", "edgecolor": TEST, "linewidth": 1.1},
        medianprops={"color": INK, "linewidth": 2},
        whiskerprops={"color": TEST},
        capprops={"color": TEST},
    )
    points = np.sort(values)[evenly(len(values), MOST_POINTS)]
    scatter = ((np.arange(len(points)) * 0.6180339887) % 1 - 0.5) * 0.34  # spread evenly and the same each time
    axes.scatter(points, row + scatter, s=11, color=TEST, alpha=0.55, linewidths=0, zorder=3)


def _aside(axes: Axes, row: int, beyond: int, diverged: int) -> None:
    notes = [f"{beyond} beyond \N{RIGHTWARDS ARROW}"] * (beyond > 0) + [f"{diverged} diverged"] * (diverged > 0)
    where = ("axes fraction", "data")
    axes.annotate(", ".join(notes), (1.005, row), xycoords=where, va="center", fontsize=8.5, color=MUTED)


def _across(axes: Axes, reference: Reference, reach: tuple[float, float], place: int) -> None:
    """Draw a reference as a line with its name above it, or name it where it is off the axis."""
    value = reference.value
    inside = reach[0] <= value <= reach[1]
    if inside:
        axes.axvline(value, color=REFERENCE, linewidth=1.4, linestyle=DASHES[place])
    side = "" if inside else f" is {'beyond' if value > reach[1] else 'below'} the axis"
    where, kind = ((value, 1), "data") if inside else ((1, 1), "axes fraction")
    style: dict[str, Any] = {"ha": "center" if inside else "right", "va": "bottom", "fontsize": 8.5, "color": REFERENCE}
    above: dict[str, Any] = {"xytext": (0, 3 + 12 * place), "textcoords": "offset points"}
    name = f"{printable(reference.name)} {number_format([value], figures=5)(value)}{side}"
    axes.annotate(name, where, xycoords=(kind, "axes fraction"), **above, **style)
