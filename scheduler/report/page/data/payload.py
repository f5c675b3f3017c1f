"""Everything that the page's scripts draw, and what was left out of it, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scheduler.report.ensemble_curves import ensemble_curves
from scheduler.report.names import shortened
from scheduler.report.page.data.boxes import boxes, seeds
from scheduler.report.page.data.curves import trajectories
from scheduler.report.page.data.encoding import plain
from scheduler.report.page.data.forecasts import MOST_NUMBERS, best_baseline, forecasts, series
from scheduler.report.page.data.future import future_data
from scheduler.report.page.tables import score_format
from scheduler.report.report_data import Reference, ReportData
from scheduler.text import printable

#: lengths of the names of configurations for which the pictures have room
WIDTHS = (60, 44, 34, 26, 20)


def payload(
    report: ReportData, order: Sequence[str], block: str = "", blocks: int = 1
) -> tuple[dict[str, Any], list[str]]:
    """Return what the pictures need, and what was left out.

    Args:
        report: The experiment.
        order: Its configurations, best first: where not all fit, the first ones are kept.
        block: The id of the part of the page that shows it, of a page with several.
        blocks: How many of them share the room of the page.
    """
    index = {label: position for position, label in enumerate(report.labels)}
    notes: list[str] = []
    room = MOST_NUMBERS // blocks
    scores = score_format(report)
    content = {
        "name": printable(f"{report.experiment} {report.split}".rstrip()),
        "block": block,
        "labels": [printable(label) for label in report.labels],
        "short": _short_names(report.labels),
        "best": [index[label] for label in order],
        "score": report.score_name,
        "units": printable(report.in_units),
        "references": _references(report.references),
        "curveReferences": _references(report.curve_references),
        "unit": printable(report.unit_name),
        "places": scores.places,
        "scientific": scores.scientific,
        "targets": [printable(target) for target in report.target_names],
        "boxes": boxes(report, notes, blocks),
        "seeds": seeds(report),
        "trajectories": trajectories(report, order, index, notes, room),
        "forecasts": forecasts(report, order, index, notes, room),
        "future": future_data(report.future),
        "ensembles": _ensembles(report, order, index),
        "baseline": best_baseline(report, room),
        "series": series(report, room),
    }
    return plain(content), notes


def _ensembles(report: ReportData, order: Sequence[str], index: dict[str, int]) -> list[dict[str, Any]]:
    """Return how the score of all repeats together falls with their number, of the best configurations."""
    return [
        {"index": index[one.label], "sizes": one.sizes.tolist(), "scores": one.scores.tolist()}
        for one in ensemble_curves(report, order)
    ]


def _references(found: Sequence[Reference]) -> list[dict[str, Any]]:
    return [{"name": printable(one.name), "value": one.value} for one in found]


def _short_names(labels: Sequence[str]) -> list[list[str]]:
    """Shorten the names to each width, the widest first; widths that all names fit are left out."""
    longest = max(map(len, labels), default=0)
    return [shortened(labels, width) for width in WIDTHS if width < longest]
