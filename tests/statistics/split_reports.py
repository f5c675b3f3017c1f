"""Synthetic reports of experiments over many splits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from scheduler.report.report_data import ReportData
from scheduler.report.splits.distribution import split_report
from scheduler.statistics.comparison import compare
from scheduler.statistics.splits.scores import SplitScores
from scheduler.statistics.splits.verdicts import over_many_splits, with_splits
from scheduler.statistics.summary import summarise
from tests.reports import made_report
from tests.scores import experiment

LABELS = ("units=4", "units=8")


def over_splits(splits: int = 40, *, windows: bool = False, gap: float = 3.0, name: str = "shop") -> ReportData:
    """Return the report of two configurations over series of one window, or over the windows of one series."""
    rng = np.random.default_rng(splits)
    values = rng.normal(10, 1, (2, splits, 1)) + rng.exponential(5, (1, splits, 1)) + rng.normal(0, 0.2, (2, splits, 6))
    values[1] -= gap
    names = [f"window {place} of {splits}" if windows else f"{name} {place}" for place in range(1, splits + 1)]
    series = ["one"] * splits if windows else names
    scores = SplitScores(labels=LABELS, values=values, series=tuple(series), windows=tuple(range(1, splits + 1)))
    results = experiment(dict(zip(LABELS, values.mean(axis=1), strict=True)))
    found = over_many_splits({"": scores}, alpha=0.05)
    comparison = with_splits(compare(results), found)
    rows = [(label, split) for label in LABELS for split in names]
    means = pd.DataFrame(rows, columns=["configuration", "split"]).assign(mean=values.mean(axis=2).ravel())
    theta = pd.DataFrame({"baseline": "Theta", "split": names, "score": values.mean(axis=(0, 2)) + 1})
    whole = made_report(LABELS, points=0, horizon=0)
    return replace(
        whole,
        results=results.assign(split=""),
        summaries=summarise(results),
        comparisons=comparison.pairs,
        ranking=comparison.ranking,
        answer=comparison.answer,
        notes=comparison.notes,
        baselines=None,
        splits=split_report(means, theta, dict(zip(names, series, strict=True)), found[""], LABELS[1]),
    )
