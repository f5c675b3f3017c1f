"""Which columns of a table a grid names: values, times and the mark of several series; or what could be named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NoReturn

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.tables.cells import Kind
from scheduler.series.tables.table import Table
from scheduler.series.time_forms.joined_times import is_clock, time_parts
from scheduler.series.time_forms.spelling import named_like_times
from scheduler.series.time_forms.times import possible_times
from store.schema.calendar import FIELDS
from store.schema.spelling import did_you_mean, listed, nearest

#: names of columns that are forecast more often than those beside them
_FORECAST = re.compile(r"(?:y|target|value|close|price|sales|demand|load|total|obs_value|wert|umsatz)\Z", re.IGNORECASE)
#: names listed in a message
SHOWN = 20


def as_names(given: str | int | Sequence[str | int] | None) -> tuple[str, ...]:
    """Return the columns that a field names, of which there may be one."""
    if given is None:
        return ()
    return (str(given),) if isinstance(given, str | int) else tuple(map(str, given))


def value_columns(table: Table, diagnosis: Diagnosis) -> tuple[str, ...]:
    """Return the columns of values that the grid names, or the only one there is.

    Raises:
        SeriesError: The grid names none, and there are several.
    """
    source = diagnosis.source
    wanted = [*source.forecast, *(source.inputs or ())]
    if wanted:
        return tuple(dict.fromkeys(wanted))
    taken = {*as_names(source.time), *as_names(source.id)}
    empty = {
        name
        for name, kind in zip(table.header, table.kinds, strict=True)
        if kind is Kind.MISSING and name.startswith("column_")
    }
    left = [name for name in table.header if name not in taken and name not in empty]
    if len(left) != 1:
        _refuse_to_choose(table, left, diagnosis)
    return tuple(left)


def _refuse_to_choose(table: Table, left: list[str], diagnosis: Diagnosis) -> NoReturn:
    """Refuse several columns when the grid names none, and propose one."""
    if not left:
        diagnosis.refuse(table.header_line, "there is no column besides the time; add one with values")
    kinds = {
        (name if table.header.count(name) == 1 else f"column_{place}"): kind
        for place, (name, kind) in enumerate(zip(table.header, table.kinds, strict=True), start=1)
        if name in left
    }
    left = list(kinds)
    numbers = [name for name in left if kinds[name] is Kind.NUMBER] or left
    times = _likely_times(table, kinds)
    numbers = [name for name in numbers if name not in times] or numbers
    named = [name for name in numbers if not name.startswith("column_")] or numbers
    fixes: dict[str, Any] = {"value": next((name for name in named if _FORECAST.match(name)), named[-1])}
    if diagnosis.source.time is None and times:
        fixes["time"] = times[0] if len(times) == 1 else times
    listed_names = listed(left[:SHOWN], "and") + (f" and {len(left) - SHOWN} more" if len(left) > SHOWN else "")
    if len(numbers) > 1:
        diagnosis.others.append(("to forecast several", {"value": None, "targets": numbers[:SHOWN]}))
    diagnosis.refuse(
        table.header_line,
        f"the columns are {listed_names}; choose in the grid which to forecast: series.value or series.targets",
        **fixes,
    )


def _likely_times(table: Table, kinds: dict[str, Kind]) -> list[str]:
    """Return the columns that hold times: as text, as numbers under a name that says so, or in parts."""
    times = {name: _texts(table, name) for name in kinds if kinds[name] is Kind.TIME}
    changing = {name: texts for name, texts in times.items() if len(set(texts[:50])) > 1 or len(set(texts)) > 1}
    times = changing or times  # the time of a download is the same in all rows
    clocks = [name for name, texts in times.items() if is_clock(texts, named=False)]
    dates = [name for name in times if name not in clocks]
    if dates and clocks and len(set(times[dates[0]])) <= len(table.cells) / 2:
        return [dates[0], clocks[0]]
    if dates or clocks:
        return [(dates or clocks)[0]]
    parts = time_parts(list(kinds))
    if "year" in parts and len(parts) > 1:
        return list(parts.values())
    for name, kind in kinds.items():
        place = table.place(name)
        if kind is Kind.NUMBER and place is not None and named_like_times(name):
            texts = table.texts(place)
            if possible_times(texts) is not None:
                return [name]
    return []


def _texts(table: Table, name: str) -> list[str]:
    place = table.place(name)
    return [] if place is None else table.texts(place)


def places(table: Table, names: Sequence[str], diagnosis: Diagnosis) -> dict[str, int]:
    """Return where columns are; report those that are not there, or are there twice."""
    found = {}
    for name in dict.fromkeys(names):
        place = table.place(name)
        if place is not None:
            found[name] = place
        elif table.header.count(name) > 1:
            _report_twice(table, name, diagnosis)
        else:
            _report_absent(table, name, diagnosis)
    return found


def _report_twice(table: Table, name: str, diagnosis: Diagnosis) -> None:
    numbers = [number for number, one in enumerate(table.header, start=1) if one == name]
    text = f"{len(numbers)} columns are called {name!r}; name the one that is meant by its place: column_{numbers[0]}"
    fixes = _renamed(diagnosis, name, f"column_{numbers[0]}")
    diagnosis.mistake(table.header_line, text, **fixes)


def _report_absent(table: Table, name: str, diagnosis: Diagnosis) -> None:
    there = listed(table.header[:SHOWN], "and")
    hint = did_you_mean(name, table.header)
    meant = nearest(name, table.header)
    fixes = {} if meant is None or table.header.count(meant) > 1 else _renamed(diagnosis, name, meant)
    if not hint and name.lower() in FIELDS:
        hint = f"; parts of the times are no columns: write prepare.calendar: [{name.lower()}]"
    diagnosis.mistake(table.header_line, f"there is no column {name!r}; the columns are {there}{hint}", **fixes)


def _renamed(diagnosis: Diagnosis, old: str, new: str) -> dict[str, Any]:
    """Return the fields of `series` that name a column, with another name."""
    fixes: dict[str, Any] = {}
    for field in ("time", "value", "targets", "inputs", "id"):
        given = getattr(diagnosis.source, field)
        if given == old:
            fixes[field] = new
        elif isinstance(given, dict) and old in given:
            fixes[field] = {new if one == old else one: column for one, column in given.items()}
        elif isinstance(given, tuple) and old in given:
            fixes[field] = [new if one == old else one for one in given]
    return fixes


def unnamed_header(table: Table, diagnosis: Diagnosis) -> None:
    """Report a file without a header line, and which column each name of the grid may mean.

    A grid may name a column by the value that it has in the first row, which stood in the place of a name.
    """
    source = diagnosis.source
    fixes: dict[str, Any] = {"header": False}
    first = [cell.strip() for cell in table.cells[0]] if table.cells else []
    meant = {}
    for name in (*as_names(source.time), *source.forecast, *(source.inputs or ())):
        if name not in table.header:
            place = first.index(name) if first.count(name) == 1 else None
            is_time = name in as_names(source.time)
            likely = _only(table, time=is_time) or table.header[0 if is_time else -1]
            meant[name] = likely if place is None else table.header[place]
    for old, new in meant.items():
        fixes |= _renamed(diagnosis, old, new)
    if source.time is None and (time := _only(table, time=True) or _year_month_day(table)):
        fixes["time"] = time
    diagnosis.mistake(
        table.header_line,
        "the first line holds values, as the others do, and no names: the columns are then called "
        f"{listed(table.header[:SHOWN], 'and')}",
        **fixes,
    )


def _year_month_day(table: Table) -> list[str]:
    """Return the first three columns where they are years, months and days by their numbers."""
    limits = ((1500, 2200), (1, 12), (1, 31))
    names = list(table.header[: len(limits)])
    if len(table.header) <= len(limits):
        return []
    for place, (low, high) in enumerate(limits):
        texts = set(table.texts(place))
        if not all(text.isdecimal() for text in texts) or not all(low <= int(text) <= high for text in texts):
            return []
    days = {tuple(row[: len(limits)]) for row in table.cells}
    return names if len(days) > len(table.cells) / 2 else []


def _only(table: Table, *, time: bool) -> str:
    """Return the only column of times, or of numbers."""
    kind = Kind.TIME if time else Kind.NUMBER
    found = [name for name, one in zip(table.header, table.kinds, strict=True) if one is kind]
    return found[0] if len(found) == 1 else ""
