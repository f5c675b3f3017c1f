"""The picture of the forecasts: observed and forecast values of the test rows, with what came before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.report.names import cut, shortened
from scheduler.report.plots.style import DASHES, INK, MUTED, REFERENCE, TEST, first_few, legend, new_figure, panels
from scheduler.report.report_data import BAND, ReportData, quantiles
from scheduler.text import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_PANELS = 6
MOST_BEFORE = 48  # observations drawn before the test rows
MOST_NAMED = 5  # times written below one panel
LONGEST_NAME = 44


@dataclass(frozen=True, slots=True)
class Panel:
    """One target of one configuration, one step ahead."""

    title: str
    label: str
    target: int


def forecasts(report: ReportData) -> Figure | None:
    """Draw a panel for each configuration and target: observations, the forecasts one step ahead, the best baseline."""
    there = [label for label in report.labels if label in report.forecasts and report.forecasts[label].forecast.size]
    drawn, note = _panels(report, there)
    if not drawn:
        return None
    across = min(2, len(drawn))
    down = -(-len(drawn) // across)
    title = "Forecasts one step ahead: median and 10-90% band"
    figure = new_figure(report, title, note, max(5.0 * across, 8.0), 2.6 * down + 1.5)
    for axes, panel in zip(panels(figure, len(drawn), across), drawn, strict=True):
        _draw(axes, report, panel)
        axes.set_title(panel.title, loc="left", fontsize=10, parse_math=False)
        axes.grid(visible=True, axis="y")
    figure.supylabel(cut(report.unit_name, 40), fontsize=10, color=MUTED, parse_math=False)
    legend(figure, figure.axes[0])
    return figure


def _panels(report: ReportData, there: Sequence[str]) -> tuple[list[Panel], str]:
    """Choose the panels: all targets of as many of the best configurations as there is room for."""
    if not there:
        return [], ""
    targets = max(report.forecasts[label].observed.shape[2] for label in there)
    shown, note = first_few(report, there, max(1, MOST_PANELS // targets))
    made = []
    for label, name in zip(shown, shortened(shown, LONGEST_NAME), strict=True):
        count = report.forecasts[label].observed.shape[2]
        names = report.target_names if len(report.target_names) == count else tuple(map(str, range(1, count + 1)))
        titles = [name] if count == 1 else [f"{cut(target, 20)}, {name}" for target in names]
        made += [Panel(title, label, target) for target, title in enumerate(titles)]
    return made[:MOST_PANELS], note


def _draw(axes: Axes, report: ReportData, panel: Panel) -> None:
    found = report.forecasts[panel.label]
    part = report.test_parts.get(panel.label)
    steps, target = found.observed.shape[0], panel.target
    first = 0 if part is None else part.row
    rows = np.arange(first, first + steps)
    low, middle, high = quantiles(found.forecast[:, :, 0, target], BAND)
    if part is not None:
        series = np.asarray(report.series_values).reshape(len(report.series_values), -1)
        before = np.arange(max(0, first - max(12, min(MOST_BEFORE, 2 * steps))), first + steps)
        _line(axes, before, series[before, part.columns[target]], "observed", color=INK, linewidth=1.2)
        axes.axvline(first - 0.5, color=MUTED, linewidth=0.8, linestyle=":")
    else:
        _line(axes, rows, found.observed[:, 0, target], "observed", color=INK, linewidth=1.2)
    axes.fill_between(rows, low, high, color=TEST, alpha=0.18, linewidth=0)
    _line(axes, rows, middle, "forecast", color=TEST, linewidth=1.8, linestyle=(0, (7, 3)))
    best = report.baseline_forecast
    if best is not None and best.values.shape == found.observed.shape:
        name = f"best baseline, {printable(best.name)}"
        _line(axes, rows, best.values[:, 0, target], name, color=REFERENCE, linewidth=1.3, linestyle=DASHES[1])
    _name_times(axes, report.series_times if part is not None else (), first)


def _line(axes: Axes, xs: NDArray[Any], ys: NDArray[Any], name: str, **style: Any) -> None:
    """Draw one line, or a point of a single row; what is not finite breaks the line."""
    marker = "o" if len(xs) == 1 else ""
    axes.plot(xs, np.where(np.isfinite(ys), ys, np.nan), label=name, marker=marker, markersize=4, **style)


def _name_times(axes: Axes, times: Sequence[str], first: int) -> None:
    """Write the times below the panel, or the numbers of the test rows where the series has no times."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    def name(place: float, _: object) -> str:
        row = round(place)
        if times:
            return cut(times[row], 16) if 0 <= row < len(times) else ""
        return str(row - first + 1)

    axes.xaxis.set_major_locator(MaxNLocator(MOST_NAMED, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(name))
    axes.set_xlabel("" if times else "test row", fontsize=9)
