"""Which columns of a table a grid names: values, times and the mark of several series; or what could be named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.reading.likely_columns import dates_in_figures, likely_times, likely_value, numbers_of
from scheduler.series.tables.cells import Kind
from scheduler.series.tables.table import Table
from store.schema.calendar import FIELDS
from store.schema.spelling import did_you_mean, listed, nearest

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
    times = likely_times(table, kinds)
    numbers = numbers_of(table, {name: kind for name, kind in kinds.items() if name not in times})
    numbers = numbers or [name for name in left if kinds[name] is Kind.NUMBER] or left
    fixes: dict[str, Any] = {"value": likely_value(table, numbers)}
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
    if source.time is None and (time := _only(table, time=True) or dates_in_figures(table)):
        fixes["time"] = time
    diagnosis.mistake(
        table.header_line,
        "the first line holds values, as the others do, and no names: the columns are then called "
        f"{listed(table.header[:SHOWN], 'and')}",
        **fixes,
    )


def _only(table: Table, *, time: bool) -> str:
    """Return the only column of times, or of numbers."""
    kind = Kind.TIME if time else Kind.NUMBER
    found = [name for name, one in zip(table.header, table.kinds, strict=True) if one is kind]
    return found[0] if len(found) == 1 else ""
