"""The pictures for print and for the README: box plots of the scores and trajectories, as PNG and SVG."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.files import written
from scheduler.report.page.text import many
from scheduler.report.report_data import Curves, ReportData, quantiles, validation
from scheduler.text import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

VALIDATION = "#00735a"
INK, MUTED, RULE = "#1d232b", "#59636e", "#d5dae0"
TEST, TRAIN, REFERENCE = "#1f5fbf", "#b8540a", "#8a2f6b"  # apart for every kind of colour vision, and by dash
DPI = 150
MOST_BOXES = 30
MOST_PANELS = 12
MOST_POINTS = 200  # points drawn beside one box; the box itself is of all
MOST_EPOCHS = 300  # epochs drawn of one curve, evenly spread
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


def save(report: ReportData, directory: Path, formats: Sequence[str] = ("png", "svg")) -> list[Path]:
    """Draw what the report has and write EXPERIMENT-scores and EXPERIMENT-trajectories in each format, PNG or SVG.

    Returns:
        The files, in the order they were written. A picture without data is left out.

    Raises:
        UsageError: one cannot be written.
    """
    import matplotlib as mpl

    directory.mkdir(parents=True, exist_ok=True)
    written = []
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # a label in another script
        for name, draw in PICTURES.items():
            figure = draw(report)
            if figure is not None:
                _lay_out(figure)
                written += [
                    _write(figure, directory / f"{file_name(report.experiment)}-{name}.{kind}") for kind in formats
                ]
    return written


def file_name(experiment: str) -> str:
    """Make a name that every file system takes."""
    return re.sub(r"[^\w.-]+", "-", experiment).strip("-.")[:80] or "experiment"


def scores(report: ReportData) -> Figure | None:
    """Draw one box a configuration, every score as a point, and lines for persistence and the best baseline."""
    shown, note = _first_few(report)
    if not shown:
        return None
    values, diverged = report.scores(), report.diverged()
    references = _references(report)
    reach = _reach([values[label] for label in shown], list(references.values()))
    figure = _figure(
        report, f"Scores of {many(len(shown), 'configuration')}", note, 9, max(0.46 * len(shown), 0.9) + 1.6
    )
    axes = figure.add_subplot()
    for row, label in enumerate(shown):
        _box(axes, row, values[label], reach)
        _aside(axes, row, int(np.sum(values[label] > reach[1])), diverged[label])
    axes.set(xlim=reach, ylim=(len(shown) - 0.45, -0.55))
    axes.set_xlabel(f"test RMSE in the units of {printable(report.series_name)}; less is better", parse_math=False)
    axes.set_yticks(range(len(shown)), [_short(label, 44) for label in shown], parse_math=False)
    axes.grid(visible=True, axis="x")
    axes.spines["left"].set_visible(False)
    for place, (name, value) in enumerate(references.items()):
        _across(axes, name, value, reach, place)
    return figure


def trajectories(report: ReportData) -> Figure | None:
    """Draw one panel a configuration: median and 10-90% band of the train and the test RMSE."""
    with_curves = [label for label in report.labels if label in report.trajectories]
    shown, note = _first_few(report, among=with_curves, most=MOST_PANELS)
    if not shown:
        return None
    across = min(3, len(shown))
    down = -(-len(shown) // across)
    figure = _figure(report, "Trajectories: median and 10-90% band", note, max(4.0 * across, 7.0), 2.6 * down + 1.2)
    panels = figure.subplots(down, across, sharey=True, squeeze=False).ravel()
    for axes, label in zip(panels, shown, strict=False):
        _curves(axes, report.trajectories[label], report.persistence)
        axes.set_title(_short(label, 38), loc="left", fontsize=10, parse_math=False)
        axes.grid(visible=True, axis="y")
    for axes in panels[len(shown) :]:
        axes.set_visible(False)
    panels[0].set_ylim(*_limits([report.trajectories[label] for label in shown], report.persistence))
    figure.supxlabel("epoch", fontsize=10, color=MUTED)
    figure.supylabel(
        f"RMSE in the units of {_short(report.series_name, 30)}", fontsize=10, color=MUTED, parse_math=False
    )
    _legend(figure, panels[0])
    return figure


PICTURES: dict[str, Callable[[ReportData], Figure | None]] = {"scores": scores, "trajectories": trajectories}


def _figure(report: ReportData, title: str, note: str, width: float, height: float) -> Figure:
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
    facts = [_short(report.experiment, 50), repeats, *([note] if note else [])]
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


def _legend(figure: Figure, axes: Axes) -> None:
    width, height = figure.get_size_inches()
    corner = (1 - 0.1 / width, 1 - 0.34 / height)
    legend = figure.legend(
        *axes.get_legend_handles_labels(), loc="upper right", bbox_to_anchor=corner, ncols=4, frameon=False, fontsize=9
    )
    legend.set_in_layout(False)


def _lay_out(figure: Figure) -> None:
    """Lay a figure out once, for each format in which it is written."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine("none")


def _write(figure: Figure, path: Path) -> Path:
    """Draw a figure into a file: `savefig` draws it twice, since it could have to be cut to what is in it."""
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


def _first_few(report: ReportData, among: Sequence[str] | None = None, most: int = MOST_BOXES) -> tuple[list[str], str]:
    """Take all configurations in the grid's order or, of too many, those with the best median; and a note on it."""
    labels = list(report.labels if among is None else among)
    if len(labels) <= most:
        return labels, ""
    found = report.scores()
    medians = {label: float(np.median(found[label])) if len(found[label]) else np.inf for label in labels}
    best = sorted(labels, key=lambda label: medians[label])[:most]
    return best, f"the {most} with the best median of {len(labels):,}"


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
    low, high = min([low, *near]), max([high, *near])
    margin = 0.04 * (high - low) or 0.05 * abs(high) or 1.0
    return (low - margin, high + margin)


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
    points = np.sort(values)[:: -(-len(values) // MOST_POINTS)]
    scatter = ((np.arange(len(points)) * 0.6180339887) % 1 - 0.5) * 0.34  # spread evenly and the same each time
    axes.scatter(points, row + scatter, s=11, color=TEST, alpha=0.55, linewidths=0, zorder=3)


def _aside(axes: Axes, row: int, beyond: int, diverged: int) -> None:
    notes = [f"{beyond} beyond \N{RIGHTWARDS ARROW}"] * (beyond > 0) + [f"{diverged} diverged"] * (diverged > 0)
    where = ("axes fraction", "data")
    axes.annotate(", ".join(notes), (1.005, row), xycoords=where, va="center", fontsize=8.5, color=MUTED)


def _references(report: ReportData) -> dict[str, float]:
    """Return what the scores are held against: persistence, and the baseline with the least RMSE."""
    best = list(report.baseline_errors.items())[:1]
    persistence = {} if report.persistence is None else {"persistence": report.persistence}
    return persistence | {f"best baseline, {name}": rmse for name, rmse in best if name != "persistence"}


def _across(axes: Axes, name: str, value: float, reach: tuple[float, float], place: int) -> None:
    inside = reach[0] <= value <= reach[1]
    if inside:
        axes.axvline(value, color=REFERENCE, linewidth=1.4, linestyle=[(0, (2, 2)), (0, (6, 2))][place])
    side = "" if inside else f" is {'beyond' if value > reach[1] else 'below'} the axis"
    where, kind = ((value, 1), "data") if inside else ((1, 1), "axes fraction")
    style: dict[str, Any] = {"ha": "center" if inside else "right", "va": "bottom", "fontsize": 8.5, "color": REFERENCE}
    above: dict[str, Any] = {"xytext": (0, 3 + 12 * place), "textcoords": "offset points"}
    axes.annotate(f"{printable(name)} {value:.3f}{side}", where, xycoords=(kind, "axes fraction"), **above, **style)


def _curves(axes: Axes, curves: Curves, persistence: float | None) -> None:
    parts = [("train", curves.train, TRAIN, "--"), ("test", curves.test, TEST, "-")]
    held_out = validation(curves)
    if held_out is not None:
        parts.insert(1, ("validation", held_out, VALIDATION, "-."))
    for name, values, colour, dash in parts:
        low, middle, high = quantiles(values, (10, 50, 90))
        some = np.flatnonzero(np.isfinite(middle))  # epochs at which not every repeat had diverged
        if not len(some):
            continue
        some = some[np.unique(np.linspace(0, len(some) - 1, MOST_EPOCHS).astype(int))]
        axes.fill_between(curves.epochs[some], low[some], high[some], color=colour, alpha=0.18, linewidth=0)
        axes.plot(curves.epochs[some], middle[some], color=colour, linestyle=dash, linewidth=1.6, label=name)
    if persistence is not None:
        axes.axhline(persistence, color=REFERENCE, linewidth=1.3, linestyle=(0, (2, 2)), label="persistence")


def _limits(shown: Sequence[Curves], persistence: float | None) -> tuple[float, float]:
    """The RMSE axis of all panels, without the first few epochs' steep fall and without what diverges."""
    late = [values[:, values.shape[1] // 20 :] for curves in shown for values in (curves.train, curves.test)]
    finite = np.concatenate([part[np.isfinite(part)] for part in late])
    if not len(finite):
        return (0.0, persistence * 1.25 if persistence else 1.0)
    low, high = np.percentile(finite, [0.5, 99.5])
    if persistence is not None and persistence < 2 * high:
        low, high = min(low, persistence), max(high, persistence)
    margin = 0.06 * (high - low) or 0.05 * abs(high) or 1.0
    return (float(low - margin), float(high + margin))


def _short(label: str, most: int) -> str:
    text = " ".join(printable(label).split())
    return text if len(text) <= most else text[: most - 1] + "\N{HORIZONTAL ELLIPSIS}"
