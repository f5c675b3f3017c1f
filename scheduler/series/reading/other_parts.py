"""Times that are there more than once because the rest of them is in other columns: the month beside the year."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.tables.table import Table
from scheduler.series.time_forms.joined_times import read_joined, time_parts
from scheduler.series.time_forms.times import Times
from store.schema.spelling import listed

_YEAR = re.compile(r"(?:1[5-9]|2[01])\d\d(?:\.0)?\Z")
#: of a year, as codes: M01, Q1, W05
_CODE = re.compile(r"[MQSWHTmq] ?\d{1,2}\Z")


def report_parts(table: Table, times: Times, diagnosis: Diagnosis) -> bool:
    """Report columns with months, quarters, weeks, days or hours, where the grid names years alone as the times.

    Args:
        table: the rows.
        times: what is read of the years.
        diagnosis: what it is reported to.
    """
    name = diagnosis.source.time
    place = table.place(name) if isinstance(name, str) else None
    if not isinstance(name, str) or place is None or not all(map(_YEAR.match, set(table.texts(place)))):
        return False
    names = _parts(table, name)
    if len(names) < 2:
        return False
    whole = _read(table, names, diagnosis)
    if whole is None or len(np.unique(whole)) <= 1.5 * len(np.unique(times.wall)):
        return False
    if names[1] not in time_parts(table.header).values() and not _fill_years(np.unique(whole)):
        return False  # S01 to S04 are series, not four weeks of each year
    others = listed(names[1:], "and")
    verb = "holds" if len(names) == 2 else "hold"
    diagnosis.mistake(
        table.lines[0],
        f"years of {name} are there more than once, and {others} {verb} the rest of the times: name all of them",
        time=names,
        format=None,
    )
    return True


def _fill_years(wall: NDArray[np.datetime64]) -> bool:
    """Return whether most rows are there that times of the usual step have."""
    steps = np.diff(wall).astype(np.int64)
    return bool(2 * len(wall) * np.median(steps) > (wall[-1] - wall[0]).astype(np.int64))


def _parts(table: Table, year: str) -> list[str]:
    """Return the columns that make up a time with the years, the largest part first."""
    parts = time_parts(table.header)
    named = [one for one in parts.values() if one != year]
    if parts.get("year", year) == year and named:
        return [year, *named]
    coded = [one for place, one in enumerate(table.header) if all(map(_CODE.match, _sample(table.texts(place))))]
    return [year, *coded[:1]]


def _sample(texts: Sequence[str]) -> Sequence[str]:
    return sorted(set(texts))[:60] or ("",)


def _read(table: Table, names: Sequence[str], diagnosis: Diagnosis) -> NDArray[np.datetime64] | None:
    """Read the times of several columns; None where one of them cannot be read."""
    own = Diagnosis(diagnosis.file, diagnosis.source.model_copy(update={"format": None}))
    columns = [table.texts(place) for one in names if (place := table.place(one)) is not None]
    found = read_joined(names, columns, table.lines, own) if len(columns) == len(names) else None
    return None if found is None or own.mistakes or np.isnat(found.wall).any() else found.wall
