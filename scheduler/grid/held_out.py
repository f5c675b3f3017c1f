"""The field `test` as a share of the series or a time from which on is forecast: both become a number of rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from scheduler.grid.axes import Axis
from scheduler.grid.fields import FIELDS
from scheduler.grid.messages import Found, not_allowed
from scheduler.grid.nodes import Node
from scheduler.grid.parts import Built
from scheduler.grid.yaml_values import shown
from scheduler.series.clock import place_from, read_moment
from scheduler.series.source import Loaded
from scheduler.text import many
from store.schema.inputs import OFFSET
from store.schema.prepare import Prepare

#: fields of a configuration on which the number of rows depends, beside `test` and the series
DECIDING = ("prepare", "prepare.horizon", "prepare.target_at")


def is_relative(raw: Any) -> bool:
    """Return whether `test` is a share or a time, right or wrong."""
    return isinstance(raw, float | dict)


def any_relative(root: Node, axes: Sequence[Axis]) -> bool:
    """Return whether a grid has a share or a time as `test` anywhere."""
    values = [root.value.get("test")]
    for axis in axes:
        for place, name in enumerate(axis.names):
            values += [{} if name == "test.from" else one.values[place] for one in axis.options if name in _NAMES]
    return any(map(is_relative, values))


_NAMES = ("test", "test.from")


def resolve(raw: Any, prepare: Prepare, loaded: Loaded, notes: dict[str, None]) -> Built:
    """Turn a share or a time into the number of rows of a series whose first target is in its last part."""
    wrong = _wrong(raw)
    if wrong is not None:
        return Built(found=[wrong])
    count, name = len(loaded.series.values), loaded.series.name
    start = count - round(raw * count) if isinstance(raw, float) else _start(str(raw["from"]), loaded)
    if isinstance(start, str):
        return Built(found=[(("test", "from"), start)])
    offset = OFFSET[prepare.target_at]
    last = count - 1 - max(0, offset + prepare.horizon - 1) + offset
    rows = last - start + 1
    if rows < 1:
        return Built(found=[_no_rows(raw, prepare, loaded, count - 1 - last)])
    at = f", from {loaded.series.times[start]} on" if loaded.series.times else ""
    ahead = f" of {prepare.horizon} steps" if prepare.horizon > 1 else ""
    notes[f"{name}: test {_described(raw)} is the last {many(rows, 'row')}{ahead} of {count:,} observations{at}"] = None
    return Built(rows, said=f"{shown(raw)} ({many(rows, 'row')})")


def _described(raw: Any) -> str:
    return shown(raw) if isinstance(raw, float) else f"from {raw['from']}"


def _wrong(raw: Any) -> Found | None:
    """Check the field by itself."""
    if isinstance(raw, float) and 0 < raw < 1:
        return None
    if isinstance(raw, dict) and set(raw) == {"from"} and isinstance(raw["from"], str | int):
        return None
    if isinstance(raw, dict) and set(raw) == {"from"}:
        return ("test", "from"), not_allowed(FIELDS["test.from"], raw["from"])
    return ("test",), f"{not_allowed(FIELDS['test'], raw)}{_meant(raw)}"


def _meant(raw: Any) -> str:
    """Return `; write` and a share or a time that has another name, or that stands beside an end."""
    if not isinstance(raw, dict) or not raw:
        return ""
    if "from" in raw:
        return f"; the test part ends with the series: write {{from: {raw['from']}}}"
    value = next(iter(raw.values()))
    if len(raw) > 1 or not isinstance(value, float) or not 0 < value < 1:
        return ""
    return f"; write {value:g}"


def _start(text: str, loaded: Loaded) -> int | str:
    """Return the place of the first observation from a time on, or what is wrong with it."""
    series = loaded.series
    place = series.times.index(text) if text in series.times else _place(text, loaded)
    if isinstance(place, str) or 0 < place < len(series.times):
        return place
    return (
        f"test.from is {text}, and the times of {series.name} are {series.times[0]} to {series.times[-1]}; allowed: a "
        "time after the first of them, up to the last"
    )


def _place(text: str, loaded: Loaded) -> int | str:
    """Read a time, and return the place of the first observation from it on, or what is wrong with it."""
    series, times = loaded.series, loaded.clock
    if times is None:
        have = (
            "has times in no form that is known: "
            if series.times
            else "has no times: name series.time (of a DataFrame: make them the index), or "
        )
        return f"test.from is {text}, and {series.name} {have}write test as a number of rows, or as a share such as 0.2"
    moment = read_moment(text, loaded.form, times)
    if moment is None:
        return f"test.from is {text!r}, which is no time; write it as {series.times[-1]} is written, or as ISO 8601"
    if moment.tzinfo is not None and times.offsets is None:
        return f"test.from is {text}, and the times of {series.name} have no zone; write it without one"
    return place_from(times, moment)


def _no_rows(raw: Any, prepare: Prepare, loaded: Loaded, needed: int) -> Found:
    """Report a part of the series that is shorter than what one row forecasts."""
    series, count = loaded.series, len(loaded.series.values)
    steps = f" with prepare.horizon {prepare.horizon}" if prepare.horizon > 1 else ""
    if isinstance(raw, float):
        least = math.ceil(1000 * (needed + 0.5) / count) / 1000
        allowed = f"a share from {least:g}, or a number of rows" if least < 1 else "a longer series"
        text = f"test is {raw:g}, which is no row of the {count:,} observations of {series.name}{steps}"
        return ("test",), f"{text}; allowed: {allowed}"
    latest = series.times[max(0, count - 1 - needed)]
    text = f"test.from is {raw['from']}, which leaves no test row{steps}"
    return ("test", "from"), f"{text}; allowed: a time up to {latest}"
