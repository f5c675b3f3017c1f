"""The picture of the trajectories: one panel a configuration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.report.names import cut, shortened
from scheduler.report.plots.style import (
    DASHES,
    MUTED,
    REFERENCE,
    TEST,
    TRAIN,
    VALIDATION,
    axis_ends,
    first_few,
    legend,
    new_figure,
    panels,
)
from scheduler.report.report_data import BAND, Curves, Reference, ReportData, quantiles, validation
from scheduler.report.thinning import early_and_late, evenly
from scheduler.text import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_PANELS = 12
MOST_EPOCHS = 300  # epochs drawn of one curve
MOST_SINGLE = 50  # repeats drawn as thin lines
LONGEST_NAME = 38


def trajectories(report: ReportData) -> Figure | None:
    """Draw one panel a configuration: the repeats as thin lines, and their median, of the train and the test RMSE."""
    with_curves = [label for label in report.labels if label in report.trajectories]
    shown, note = first_few(report, with_curves, MOST_PANELS)
    if not shown:
        return None
    across = min(3, len(shown))
    down = -(-len(shown) // across)
    thinned = any(len(report.trajectories[label].repeats) > MOST_SINGLE for label in shown)
    title = f"Trajectories: {f'{MOST_SINGLE} repeats of each' if thinned else 'each repeat'}, and the median"
    figure = new_figure(report, title, note, max(4.0 * across, 8.0), 2.6 * down + 1.5)
    drawn = panels(figure, len(shown), across)
    for axes, label, name in zip(drawn, shown, shortened(shown, LONGEST_NAME), strict=True):
        _curves(axes, report.trajectories[label], report.curve_references)
        axes.set_title(name, loc="left", fontsize=10, parse_math=False)
        axes.grid(visible=True, axis="y")
    found = [report.trajectories[label] for label in shown]
    drawn[0].set_ylim(*_limits(found, [reference.value for reference in report.curve_references]))
    figure.supxlabel("epoch", fontsize=10, color=MUTED)
    unit = f"RMSE in the units of {cut(report.unit_name, 30)}"
    figure.supylabel(unit, fontsize=10, color=MUTED, parse_math=False)
    legend(figure, drawn[0])
    return figure


def _curves(axes: Axes, curves: Curves, references: Sequence[Reference]) -> None:
    parts = [("train", curves.train, TRAIN, "--"), ("test", curves.test, TEST, "-")]
    held_out = validation(curves)
    if held_out is not None:
        parts.insert(1, ("validation", held_out, VALIDATION, "-."))
    points = early_and_late(len(curves.epochs), MOST_EPOCHS)
    for name, values, colour, dash in parts:
        _curve(axes, curves.epochs[points], values[:, points], name=name, color=colour, linestyle=dash)
    for reference, line in zip(references, DASHES, strict=False):
        axes.axhline(reference.value, color=REFERENCE, linewidth=1.3, linestyle=line, label=printable(reference.name))


def _curve(axes: Axes, epochs: NDArray[Any], values: NDArray[Any], *, name: str, color: str, linestyle: str) -> None:
    """Draw the repeats of one curve, and their median at the epochs at which not every repeat had diverged."""
    singles = values[evenly(len(values), MOST_SINGLE)]
    axes.plot(epochs, np.where(np.isfinite(singles), singles, np.nan).T, color=color, linewidth=0.5, alpha=0.3)
    middle = quantiles(values, BAND)[1]
    some = np.isfinite(middle)
    if some.any():
        axes.plot(epochs[some], middle[some], color=color, linestyle=linestyle, linewidth=1.8, label=name)


def _limits(shown: Sequence[Curves], references: Sequence[float]) -> tuple[float, float]:
    """The RMSE axis of all panels, without the first few epochs' steep fall and without what diverges."""
    late = [values[:, values.shape[1] // 20 :] for curves in shown for values in (curves.train, curves.test)]
    finite = np.concatenate([part[np.isfinite(part)] for part in late])
    if not len(finite):
        return (0.0, 1.25 * max(references, default=0.8))
    low, high = np.percentile(finite, [0.5, 99.5])
    near = [value for value in references if 0.5 * low < value < 2 * high]
    return axis_ends(float(min([low, *near])), float(max([high, *near])))
