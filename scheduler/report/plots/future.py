"""The end of a series, what is forecast beyond it, and the bands of its intervals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.files import written
from scheduler.future.panel import each_future
from scheduler.report.names import cut
from scheduler.report.plots.style import DPI, INK, MUTED, RULE, STYLE, TEST

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from scheduler.future.panel import Future, PanelFuture

#: observations before the end that are drawn, for each step and at least
BEFORE, LEAST = 4, 24
#: panels of a picture of several series
MOST_DRAWN = 8


def save_future(future: Future | PanelFuture, directory: Path) -> Path:
    """Draw a forecast beyond the end as PNG, and return the file.

    Raises:
        UsageError: it cannot be written.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from scheduler.report.plots.files import file_name

    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{file_name(future.experiment)}-future.png"
    with mpl.rc_context(STYLE), written(path, "--plots") as part:
        canvas: Any = FigureCanvasAgg(draw_future(future))
        canvas.print_png(part)
    return path


def draw_future(future: Future | PanelFuture) -> Figure:
    """Draw a panel for each target of each series."""
    from matplotlib.figure import Figure

    each = each_future(future)
    drawn = [(one, target) for one in each for target in one.targets][: MOST_DRAWN if len(each) > 1 else None]
    figure = Figure(figsize=(9, 0.9 + 2.9 * len(drawn)), dpi=DPI, facecolor="white", layout="constrained")
    panels = figure.subplots(len(drawn), 1, squeeze=False)[:, 0]
    for axes, (one, target) in zip(panels, drawn, strict=True):
        _panel(axes, one, target, of=f"{one.series.name}, " if len(each) > 1 and target != one.series.name else "")
    panels[0].legend(loc="upper left", frameon=False, fontsize=9)
    shown = len({one.series.name for one, _ in drawn})
    what = f"{shown} of {len(each):,} series" if shown < len(each) else f"{len(each)} series"
    words = f"{what if len(each) > 1 else each[0].series.name} beyond the end"
    figure.suptitle(cut(words, 70).replace("$", r"\$"), x=0.01, ha="left", fontsize=13, fontweight="bold", color=INK)
    return figure


def _panel(axes: Axes, future: Future, target: str, *, of: str) -> None:
    rows = future.rows[future.rows["target"] == target]
    past = future.series.values[: future.observations, future.series.columns.index(target)]
    start = max(0, len(past) - max(LEAST, BEFORE * len(rows)))
    places = np.arange(start, len(past))
    ahead = len(past) - 1 + rows["step"].to_numpy()
    axes.plot(places, past[start:], color=INK, linewidth=1.4, label="observed")
    for level in sorted(future.intervals["level"].unique(), reverse=True):
        mine = future.intervals[(future.intervals["target"] == target) & (future.intervals["level"] == level)]
        axes.fill_between(
            ahead, mine["low"], mine["high"], color=TEST, alpha=0.18, linewidth=0, label=f"{level:g}% interval"
        )
    axes.plot(
        np.append(len(past) - 1, ahead),
        np.append(past[-1], rows["median"]),
        color=TEST,
        linewidth=1.8,
        marker="o" if len(rows) <= 24 else "",
        markersize=3.5,
        markevery=slice(1, None),
        label="forecast (median of the repeats)",
    )
    if rows["observed"].notna().any():
        axes.plot(ahead, rows["observed"], "o", color=INK, markersize=3.5, label="observed since")
    axes.axvline(len(past) - 1, color=RULE, linewidth=1)
    axes.grid(axis="y")
    title = f"{cut(of + target, 50)}, {cut(future.configuration, 60)}".replace("$", r"\$")
    axes.set_title(title, loc="left", fontsize=9, color=MUTED)
    _label_times(axes, future, start, len(past), rows["time"].tolist())


def _label_times(axes: Axes, future: Future, start: int, end: int, ahead: list[str]) -> None:
    """Name about six times below the panel."""
    times = [*(future.series.times[:end] or map(str, range(1, end + 1))), *ahead]
    step = max(1, (len(times) - start) // 6)
    ticks = [*range(len(times) - 1, start - 1, -step)][::-1]
    axes.set_xticks(ticks, [cut(times[tick], 20) for tick in ticks], fontsize=8)
