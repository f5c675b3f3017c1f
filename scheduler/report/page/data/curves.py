"""The trajectories as bands and single repeats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scheduler.report.page.data.encoding import floats, integers
from scheduler.report.report_data import BAND, Curves, ReportData, quantiles, validation
from scheduler.report.thinning import early_and_late, evenly

MOST_NUMBERS = 100_000  #: float32 numbers of the bands, and again of the single repeats
MOST_EPOCHS = 200  #: epochs drawn of one curve
MOST_SAMPLED = 2_000  #: repeats that a band is made of


def trajectories(
    report: ReportData, order: Sequence[str], index: dict[str, int], notes: list[str], room: int = MOST_NUMBERS
) -> dict[int, dict[str, Any]]:
    """Return the curves of the best configurations, as many as there is room for, and at least those of one."""
    shown = [label for label in order if label in report.trajectories and report.trajectories[label].train.size]
    if not shown:
        return {}
    kinds = 2 + any(validation(report.trajectories[label]) is not None for label in shown)
    most = max(20, min(MOST_EPOCHS, room // (3 * kinds * len(shown))))
    kept = shown[: max(1, room // (3 * kinds * most))]
    singles = room // (kinds * len(kept) * most)  # repeats of each that can be drawn one by one
    if len(kept) < len(shown):
        notes.append(
            f"Trajectories: those of the {len(kept):,} best of {len(shown):,} configurations are in this file."
        )
    _note_what_is_left_out([report.trajectories[label] for label in kept], most, singles, notes)
    return {index[label]: _curves(report.trajectories[label], most, singles) for label in kept}


def _note_what_is_left_out(found: Sequence[Curves], most: int, singles: int, notes: list[str]) -> None:
    repeats = max(len(curves.repeats) for curves in found)
    if max(len(curves.epochs) for curves in found) > most:
        notes.append(f"Trajectories: at most {most} epochs of a curve are drawn, more of the early ones.")
    if repeats > MOST_SAMPLED:
        notes.append(f"Trajectories: a band is made of at most {MOST_SAMPLED:,} repeats, evenly chosen.")
    if repeats > singles:
        notes.append(f"Trajectories: single repeats are those of the first {singles:,} of each configuration.")


def _curves(curves: Curves, most: int, singles: int) -> dict[str, Any]:
    points = early_and_late(len(curves.epochs), most)
    sample = evenly(len(curves.repeats), MOST_SAMPLED)
    few = slice(0, singles)
    content: dict[str, Any] = {
        "epochs": integers(curves.epochs[points]),
        "repeats": integers(curves.repeats[few]),
        "n": len(curves.repeats),
    }
    held_out = validation(curves)
    parts = {"train": curves.train, "test": curves.test} | ({} if held_out is None else {"validation": held_out})
    for name, values in parts.items():
        drawn = values[:, points]
        content[name] = [floats(curve) for curve in quantiles(drawn[sample], BAND)]
        content[f"{name}_single"] = floats(drawn[few])
    return content
