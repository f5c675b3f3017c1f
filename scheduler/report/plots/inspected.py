"""A series with its training and test part, before anything is trained."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.records import Series


def save_series(series: Series, columns: tuple[str, ...], test_start: int | None, folder: Path, name: str) -> Path:
    """Draw columns of a series as PNG; what comes after `test_start` is the test part."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(len(columns), 1, figsize=(9, 2.4 * len(columns)), squeeze=False, layout="constrained")
    for axis, column in zip(axes[:, 0], columns, strict=True):
        values = series.values[:, series.columns.index(column)]
        cut = len(values) if test_start is None else test_start
        axis.plot(range(cut), values[:cut], linewidth=1, label="train")
        if cut < len(values):
            axis.plot(range(cut, len(values)), values[cut:], linewidth=1, label="test")
            axis.legend(loc="upper left", frameon=False)
        axis.set_title(column.replace("$", r"\$"), loc="left", fontsize=10)
        if series.times:
            ticks = range(0, len(values), max(1, len(values) // 5))
            axis.set_xticks(list(ticks), [series.times[tick] for tick in ticks], fontsize=8)
    path = folder / f"{name}-series.png"
    figure.savefig(path, dpi=120)
    plt.close(figure)
    return path
