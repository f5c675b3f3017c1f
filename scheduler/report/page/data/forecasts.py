"""The forecasts, and the series that they continue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from scheduler.report.page.data.encoding import Numbers, floats
from scheduler.report.report_data import BAND, Forecast, ReportData, TestPart, quantiles
from scheduler.text import printable

MOST_NUMBERS = 100_000  #: float32 numbers of all forecasts, and again of the series
MOST_SAMPLED = 10_000  #: repeats that a band is made of
MOST_SINGLE = 100  #: repeats of a configuration that can be drawn one by one
MOST_TIMES = 5000


def forecasts(
    report: ReportData, order: Sequence[str], index: dict[str, int], notes: list[str], room: int = MOST_NUMBERS
) -> dict[int, dict[str, Any]]:
    """Return the forecasts of the best configurations, as many as there is room for."""
    found = [label for label in order if label in report.forecasts and report.forecasts[label].forecast.size]
    left = room
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
        singles = max(0, min(len(forecast.forecast), left // (3 * max(1, forecast.observed.size)), MOST_SINGLE))
        left -= singles * forecast.observed.size
        content[index[label]] = _forecast(forecast, report.test_parts.get(label), singles)
    if any(entry["singles"] < entry["n"] for entry in content.values()):
        notes.append(
            "Forecasts: bands are of all repeats; of some configurations only the first repeats can be drawn singly."
        )
    return content


def _forecast(forecast: Forecast, part: TestPart | None, singles: int) -> dict[str, Any]:
    made = forecast.forecast[:MOST_SAMPLED]
    return {
        "shape": list(forecast.observed.shape),
        "n": len(forecast.forecast),
        "observed": floats(forecast.observed),
        "band": [floats(values) for values in quantiles(made, BAND)],
        "singles": singles,
        "single": floats(made[:singles]),
        "start": None if part is None else [part.row, *part.columns],
    }


def best_baseline(report: ReportData, room: int = MOST_NUMBERS) -> dict[str, Any] | None:
    """Return the forecasts of the best baseline, where there are any."""
    found = report.baseline_forecast
    if found is None or found.values.size > room:
        return None
    return {"name": printable(found.name), "shape": list(found.values.shape), "values": floats(found.values)}


def series(report: ReportData, room: int = MOST_NUMBERS) -> dict[str, Any]:
    """Return the observations, where they are not too many."""
    values = _columns(report)
    if values.size > room:
        return {"rows": 0, "columns": 0, "values": "", "times": []}
    times = [printable(time) for time in report.series_times] if len(values) <= MOST_TIMES else []
    return {"rows": len(values), "columns": values.shape[1], "values": floats(values), "times": times}


def _columns(report: ReportData) -> Numbers:
    values = np.asarray(report.series_values, dtype=np.float64)
    return values.reshape(len(values), -1) if values.size else np.empty((0, 1))
