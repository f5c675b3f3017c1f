"""The numbers behind the page's pictures, as JSON: small for any experiment, and it says what it leaves out."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.report.report_data import Curves, Forecast, ReportData, quantiles, validation
from scheduler.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[Any]

BAND = (10.0, 50.0, 90.0)
MOST_POINTS = 40_000  #: scores drawn on the page, over all configurations
MOST_CURVE_NUMBERS = 100_000  #: float32 numbers of the bands, and again of the single repeats, and of the forecasts
MOST_EPOCHS = 200  #: epochs drawn of one curve
MOST_SAMPLED = 2_000  #: repeats that a band is made of


def as_json(report: ReportData, order: Sequence[str]) -> tuple[str, list[str]]:
    """Encode what the pictures need, and list what was left out in plain words.

    Args:
        report: The experiment.
        order: Its configurations, best first: where not all fit, the first ones are kept.
    """
    index = {label: position for position, label in enumerate(report.labels)}
    notes: list[str] = []
    content = {
        "labels": [printable(label) for label in report.labels],
        "best": [index[label] for label in order],
        "persistence": report.persistence,
        "unit": printable(report.series_name),
        "boxes": _boxes(report, notes),
        "seeds": _seeds(report),
        "trajectories": _trajectories(report, order, index, notes),
        "forecasts": _forecasts(report, order, index, notes),
        "series": _series(report),
    }
    text = json.dumps(_plain(content), allow_nan=False, separators=(",", ":"), ensure_ascii=False)
    for mark in "<>&\u2028\u2029":  # nothing in a label may end the element that holds the data
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text, notes


def _boxes(report: ReportData, notes: list[str]) -> list[dict[str, Any]]:
    scores, diverged, repeats = report.scores(), report.diverged(), report.repeats()
    most = max(20, min(400, MOST_POINTS // max(1, len(scores))))
    if any(len(values) > most for values in scores.values()):
        notes.append(
            f"Box plots: boxes, whiskers and means are of all scores; at most {most} points a box are drawn, "
            "evenly spread over the ranks, the least and the greatest among them."
        )
    return [_box(values, repeats[label], diverged[label], most) for label, values in scores.items()]


def _box(values: Numbers, repeats: Numbers, diverged: int, most: int) -> dict[str, Any]:
    if not len(values):
        return {"n": 0, "diverged": diverged}
    low, middle, high = np.percentile(values, [25, 50, 75])
    inside = values[(values >= low - 1.5 * (high - low)) & (values <= high + 1.5 * (high - low))]
    ranks = np.argsort(values, kind="stable")[_spread(len(values), most)]
    return {
        "n": len(values),
        "diverged": diverged,
        "mean": float(values.mean()),
        "box": [float(edge) for edge in (inside.min(), low, middle, high, inside.max())],
        "scores": _floats(values[ranks]),
        "repeats": _integers(repeats[ranks]),
    }


def _seeds(report: ReportData) -> list[str] | None:
    """The seed of each repeat number, where all configurations share them (as text: they have 63 bits)."""
    frame = report.results[["repeat", "seed"]].drop_duplicates() if len(report.results) else None
    if frame is None or len(frame) > 1000 or frame["repeat"].duplicated().any():
        return None
    ordered = frame.sort_values("repeat")
    if list(ordered["repeat"]) != list(range(len(ordered))):
        return None
    return [str(seed) for seed in ordered["seed"]]


def _trajectories(
    report: ReportData, order: Sequence[str], index: dict[str, int], notes: list[str]
) -> dict[int, dict[str, Any]]:
    shown = [label for label in order if label in report.trajectories and report.trajectories[label].train.size]
    if not shown:
        return {}
    kinds = 2 + any(validation(report.trajectories[label]) is not None for label in shown)
    most = max(20, min(MOST_EPOCHS, MOST_CURVE_NUMBERS // (3 * kinds * len(shown))))
    shown = shown[: MOST_CURVE_NUMBERS // (3 * kinds * most)]
    singles = MOST_CURVE_NUMBERS // (kinds * len(shown) * most)  # repeats of each that can be drawn one by one
    longest = max(len(report.trajectories[label].epochs) for label in shown)
    repeats = max(len(report.trajectories[label].repeats) for label in shown)
    total = sum(label in report.trajectories for label in order)
    if len(shown) < total:
        notes.append(f"Trajectories: those of the {len(shown):,} best of {total:,} configurations are in this file.")
    if longest > most:
        notes.append(f"Trajectories: at most {most} epochs of a curve are drawn, more of the early ones.")
    if repeats > MOST_SAMPLED:
        notes.append(f"Trajectories: a band is made of at most {MOST_SAMPLED:,} repeats, evenly chosen.")
    if repeats > singles:
        notes.append(f"Trajectories: single repeats are those of the first {singles:,} of each configuration.")
    return {index[label]: _curves(report.trajectories[label], most, singles) for label in shown}


def _curves(curves: Curves, most: int, singles: int) -> dict[str, Any]:
    points = _early_and_late(len(curves.epochs), most)
    sample = _spread(len(curves.repeats), MOST_SAMPLED)
    few = slice(0, singles)
    content: dict[str, Any] = {
        "epochs": _integers(curves.epochs[points]),
        "repeats": _integers(curves.repeats[few]),
        "n": len(curves.repeats),
    }
    held_out = validation(curves)
    parts = {"train": curves.train, "test": curves.test} | ({} if held_out is None else {"validation": held_out})
    for name, values in parts.items():
        drawn = values[:, points]
        content[name] = [_floats(curve) for curve in quantiles(drawn[sample], BAND)]
        content[f"{name}_single"] = _floats(drawn[few])
    return content


def _forecasts(
    report: ReportData, order: Sequence[str], index: dict[str, int], notes: list[str]
) -> dict[int, dict[str, Any]]:
    found = [label for label in order if label in report.forecasts and report.forecasts[label].forecast.size]
    left = MOST_CURVE_NUMBERS
    content: dict[int, dict[str, Any]] = {}
    for label in found:
        forecast = report.forecasts[label]
        cost = 4 * forecast.observed.size
        if cost > left and content:
            notes.append(
                f"Forecasts: those of the {len(content):,} best of {len(found):,} configurations are in this file."
            )
            break
        left -= cost
        singles = max(0, min(len(forecast.forecast), left // (3 * max(1, forecast.observed.size)), 100))
        left -= singles * forecast.observed.size
        content[index[label]] = _forecast(forecast, report, singles)
    if any(entry["singles"] < entry["n"] for entry in content.values()):
        notes.append(
            "Forecasts: bands are of all repeats; of some configurations only the first repeats can be drawn singly."
        )
    return content


def _forecast(forecast: Forecast, report: ReportData, singles: int) -> dict[str, Any]:
    made = forecast.forecast[: MOST_SAMPLED * 5]
    steps, horizon, targets = forecast.observed.shape
    return {
        "shape": [steps, horizon, targets],
        "n": len(forecast.forecast),
        "observed": _floats(forecast.observed),
        "band": [_floats(part) for part in quantiles(made, BAND)],
        "singles": singles,
        "single": _floats(made[:singles]),
        "start": _start(forecast.observed, _columns(report)),
    }


def _start(observed: Numbers, series: Numbers) -> list[int] | None:
    """Find the test part in the series: its first row, then the column of each target; None where it is not there."""
    steps, horizon, targets = observed.shape
    row = len(series) - steps - (horizon - 1)
    if row < 0:
        return None
    places = []
    for target in range(targets):
        column = next(
            (
                column
                for column in range(series.shape[1])
                if np.allclose(observed[:, 0, target], series[row : row + steps, column], rtol=1e-4, atol=1e-9)
            ),
            None,
        )
        if column is None:
            return None
        places.append(column)
    return [row, *places]


def _series(report: ReportData) -> dict[str, Any]:
    values = _columns(report)
    if values.size > MOST_CURVE_NUMBERS:
        return {"rows": 0, "columns": 0, "values": "", "times": []}
    times = [printable(time) for time in report.series_times] if len(values) <= 5000 else []
    return {"rows": len(values), "columns": values.shape[1], "values": _floats(values), "times": times}


def _columns(report: ReportData) -> Numbers:
    values = np.asarray(report.series_values, dtype=np.float64)
    return values.reshape(len(values), -1) if values.size else np.empty((0, 1))


def _spread(count: int, most: int) -> Numbers:
    """At most that many positions, evenly spread, both ends among them."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(int))


def _early_and_late(count: int, most: int) -> Numbers:
    """As `_spread`, but every second one closer to the start, where a trajectory falls steeply."""
    if count <= most:
        return np.arange(count)
    early = np.geomspace(1, count, most // 2).astype(int) - 1
    return np.unique(np.concatenate([early, _spread(count, most - most // 2)]))


def _floats(values: Numbers) -> str:
    with np.errstate(over="ignore"):
        return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


def _integers(values: Numbers) -> str:
    return base64.b64encode(np.ascontiguousarray(values, dtype="<i4").tobytes()).decode()


def _plain(value: Any) -> Any:
    """Replace what JSON does not have (NaN, infinity) by null."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
