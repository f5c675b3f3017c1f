"""Columns of a series that are made of others, as `forecast.py` makes them."""

from __future__ import annotations

from collections.abc import Iterator

from store.schema.calendar import FIELDS, HOLIDAY
from store.schema.configuration import Configuration

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Made = tuple[str, str, str | int] | tuple[str, str, int, int]


def made_of(configuration: Configuration) -> Iterator[tuple[str, Made]]:
    """Yield each such column, what it is made of, and how; holidays by the package of that name."""
    parts = {entry.partition(":")[0] for entry in configuration.prepare.calendar} - {HOLIDAY}
    for name in configuration.series.made:
        of, value = configuration.series.origin(name), name.partition("=")[2]
        if name in configuration.prepare.calendar:
            yield name, (name, HOLIDAY, name.partition(":")[2])
        elif of not in parts:
            yield name, (of, "text", value)
        elif value:
            yield name, (of, "is", _WEEKDAYS.index(value) if of == "weekday" else int(value))
        else:
            yield name, (of, name[-3:], *FIELDS[of])
