"""The scores behind the box plots."""

from __future__ import annotations

from typing import Any

import numpy as np

from scheduler.report.page.data.encoding import Numbers, floats, integers
from scheduler.report.report_data import ReportData
from scheduler.report.thinning import evenly

MOST_POINTS = 40_000  #: scores drawn on the page, over all configurations
MOST_SEEDS = 1000


def most_drawn(configurations: int) -> int:
    """Return how many scores of a configuration are drawn as points."""
    return max(20, min(400, MOST_POINTS // max(1, configurations)))


def boxes(report: ReportData, notes: list[str], blocks: int = 1) -> list[dict[str, Any]]:
    """Return the box, the whiskers and the points of each configuration; `blocks` share the room of the page."""
    scores, diverged, repeats = report.scores(), report.diverged(), report.repeats()
    most = most_drawn(len(scores) * blocks)
    if any(len(values) > most for values in scores.values()):
        notes.append(
            f"Box plots: boxes, whiskers and means are of all scores; at most {most} points a box are drawn, "
            "evenly spread over the ranks, the smallest and the largest among them."
        )
    return [_box(values, repeats[label], diverged[label], most) for label, values in scores.items()]


def _box(values: Numbers, repeats: Numbers, diverged: int, most: int) -> dict[str, Any]:
    if not len(values):
        return {"n": 0, "diverged": diverged}
    low, middle, high = np.percentile(values, [25, 50, 75])
    inside = values[(values >= low - 1.5 * (high - low)) & (values <= high + 1.5 * (high - low))]
    ranks = np.argsort(values, kind="stable")[evenly(len(values), most)]
    return {
        "n": len(values),
        "diverged": diverged,
        "mean": float(values.mean()),
        "box": [float(edge) for edge in (inside.min(), low, middle, high, inside.max())],
        "scores": floats(values[ranks]),
        "repeats": integers(repeats[ranks]),
    }


def seeds(report: ReportData) -> list[str] | None:
    """Return the seed of each repeat, where all configurations share them (as text: they have 63 bits)."""
    frame = report.results[["repeat", "seed"]].drop_duplicates() if len(report.results) else None
    if frame is None or len(frame) > MOST_SEEDS or frame["repeat"].duplicated().any():
        return None
    ordered = frame.sort_values("repeat")
    if list(ordered["repeat"]) != list(range(len(ordered))):
        return None
    return [str(seed) for seed in ordered["seed"]]
