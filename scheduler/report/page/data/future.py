"""What the picture of the forecast beyond the end is drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.future.panel import each_future
from scheduler.text import number_format, printable

if TYPE_CHECKING:
    from scheduler.future.panel import Future, PanelFuture

#: observations before the end that are drawn, for each step and at least
BEFORE, LEAST = 3, 36
#: numbers of a line
MOST = 2000
#: series whose pictures the page has
MOST_DRAWN = 12


def future_data(future: Future | PanelFuture | None) -> dict[str, Any] | None:
    """Return the lines and bands of each target of each series; None where nothing is forecast beyond the end."""
    if future is None or not len(future.rows):
        return None
    drawn = each_future(future)[:MOST_DRAWN]
    return {"label": printable(future.configuration), "each": [_series(one) for one in drawn if len(one.rows)]}


def _series(future: Future) -> dict[str, Any]:
    steps = min(int(future.rows["step"].max()), MOST)
    start = max(0, future.observations - min(MOST, max(LEAST, BEFORE * steps)))
    times = [*future.series.times[start : future.observations]] or [
        str(place + 1) for place in range(start, future.observations)
    ]
    ahead = future.rows.drop_duplicates("step")["time"].tolist()[:steps]
    numbers = future.frame.drop(columns=["target", "step", "time"]).to_numpy(dtype=float).ravel().tolist()
    write = number_format(numbers, figures=4)
    return {
        "name": printable(future.series.name),
        "start": start,
        "end": future.observations,
        "places": write.places,
        "scientific": write.scientific,
        "times": [printable(time) for time in (*times, *ahead)],
        "targets": [_target(future, name, start, steps) for name in future.targets],
    }


def _target(future: Future, name: str, start: int, steps: int) -> dict[str, Any]:
    rows = future.rows[future.rows["target"] == name].head(steps)
    observed = future.series.values[start : future.observations, future.series.columns.index(name)]
    bands = future.intervals[future.intervals["target"] == name]
    return {
        "name": printable(name),
        "observed": np.asarray(observed, dtype=float).tolist(),
        "median": rows["median"].tolist(),
        "since": rows["observed"].tolist(),
        "bands": [
            {"level": f"{level:g}%", "low": mine["low"].tolist()[:steps], "high": mine["high"].tolist()[:steps]}
            for level, mine in bands.groupby("level", sort=True)
        ],
    }
