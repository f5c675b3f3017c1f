"""Several series in one file: told apart by a column, of which one is taken, or several as the columns of a table."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import combinations, groupby
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.reading.clock_changes import zone_of
from scheduler.series.reading.named_columns import as_names
from scheduler.series.reading.observations import Observations
from scheduler.series.tables.cells import Kind
from scheduler.series.tables.table import Table
from scheduler.series.time_forms.times import Times
from scheduler.text import many
from store.schema.spelling import did_you_mean, listed

#: series that become the columns of one table where the grid does not name them
MOST_COLUMNS = 50
#: series named in a message
SHOWN = 5
#: of the rows whose times must be there twice, so that a column is taken for what tells series apart
RARE = 0.05
#: columns that may tell series apart together, and those with the fewest values that are tried so
MOST_MARKS, MOST_TRIED = 4, 12
#: rows that are looked at before all are
MOST_LOOKED_AT = 1000
#: series below each other by which a column is taken for what tells them apart
FEWEST_BLOCKS = 3
#: rows that each series has on average where three columns or more tell them apart, and of all times
FEWEST, OFTEN = 5, 0.2


def kept_marks(there: Sequence[str], diagnosis: Diagnosis) -> list[str]:
    """Return the series that the grid keeps; report it if it keeps none, or some that are not there.

    Raises:
        SeriesError: The grid names no series.
    """
    source = diagnosis.source
    column = listed(as_names(source.id), "and")
    given = source.keep
    if given is None and source.as_ is not None and 1 < len(there) <= MOST_COLUMNS:
        return list(there)
    if given is None:
        diagnosis.others.append(("as the columns of one table", {"keep": there[:SHOWN], "as": "columns"}))
        diagnosis.refuse(0, f"{_counted(there, column)}: name the one to keep", keep=there[0])
    wanted = [str(one) for one in (given if isinstance(given, tuple) else (given,))]
    absent_marks(there, diagnosis)
    if isinstance(given, tuple) and len(wanted) > 1 and source.as_ is None:
        diagnosis.others.append(("to take one of them", {"as": None, "keep": wanted[0]}))
        diagnosis.refuse(
            0, f"series.keep names {len(wanted)} series, which can be the columns of one table", **{"as": "columns"}
        )
    return wanted


def absent_marks(there: Sequence[str], diagnosis: Diagnosis) -> None:
    """Report a series that the grid keeps and the file does not have.

    Raises:
        SeriesError: There is such a one.
    """
    given = diagnosis.source.keep
    wanted = [] if given is None else [str(one) for one in (given if isinstance(given, tuple) else (given,))]
    known = set(there)
    absent = [one for one in wanted if one not in known]
    if absent:
        column, hint = listed(as_names(diagnosis.source.id), "and"), did_you_mean(absent[0], there)
        diagnosis.refuse(0, f"series.keep is {absent[0]!r}, which is not in {column}; there are {_some(there)}{hint}")


def refuse_joined(table: Table, there: Sequence[str], of_row: NDArray[np.int64], diagnosis: Diagnosis) -> None:
    """Refuse lines of a file, each a series without times, that `series.id` does not tell apart: they would be joined.

    Raises:
        SeriesError: There are two such lines.
    """
    if not table.stacked or diagnosis.source.time is not None or not len(of_row):
        return
    lines = np.asarray(memoryview(table.lines) if isinstance(table.lines, array) else table.lines)
    first_line: dict[int, int] = {}
    starts = [0, *(np.flatnonzero(lines[1:] != lines[:-1]) + 1).tolist()]
    for line, one in zip(lines[starts].tolist(), of_row[starts].tolist(), strict=True):
        if (earlier := first_line.setdefault(one, line)) != line:
            diagnosis.refuse(
                line,
                f"is of {there[one][:40]!r}, as line {earlier:,} is, and nothing says which comes first; name all "
                "columns that tell the series apart as series.id",
            )


def _counted(there: Sequence[str], column: str) -> str:
    return f"the file holds {len(there):,} series, told apart by {column} ({_some(there)})"


def _some(there: Sequence[str]) -> str:
    shown = [one or "nothing" for one in there[:SHOWN]]
    return listed(shown, "and") if len(there) <= SHOWN else f"{', '.join(shown)} and {len(there) - SHOWN:,} more"


def report_several(
    table: Table, repeated: NDArray[Any], keys: NDArray[Any], used: set[str], diagnosis: Diagnosis
) -> bool:
    """Report that rows of the same time belong to several series, if a column tells them apart.

    Args:
        table: the rows.
        repeated: whether the time of each row is there twice.
        keys: a number for each row's time.
        used: columns that are times or values.
        diagnosis: what it is reported to.
    """
    marks = _telling(table, keys, repeated, used)
    if not marks:
        return False
    there, _ = table.marks([table.header.index(name) for name in marks])
    shown = marks[0] if len(marks) == 1 else marks
    fixes = {"id": shown, "keep": there[0]}
    diagnosis.others.append(("as the columns of one table", {"keep": there[:SHOWN], "as": "columns"}))
    diagnosis.mistake(
        table.lines[int(np.argmax(repeated))],
        f"{_counted(there, listed(marks, 'and'))}; take one of them",
        **fixes,
    )
    return True


def report_blocks(table: Table, used: set[str], diagnosis: Diagnosis) -> None:
    """Report series that follow one below the other in a file without times, which a column of text tells apart.

    Args:
        table: the rows.
        used: columns that are values.
        diagnosis: what it is reported to.
    """
    for place, name in enumerate(table.header):
        if name in used or table.kinds[place] is not Kind.TEXT or table.header.count(name) > 1:
            continue
        texts = table.texts(place)
        lengths = [sum(1 for _ in rows) for _, rows in groupby(texts)]
        there = list(dict.fromkeys(texts))
        if len(there) == len(lengths) > 1 and (table.stacked or min(lengths) >= FEWEST):
            if len(there) < FEWEST_BLOCKS and not table.stacked:
                diagnosis.note(
                    f"all {there[0]} of {name} are above all {there[1]}: if these are two series, write id: {name}"
                )
                return
            diagnosis.mistake(
                table.lines[0],
                f"{_counted(there, name)}, one below the other; take one of them, or leave series.keep out to take all"
                + ("" if table.stacked else f"; or remove {name} from the file if its rows are one series"),
                id=name,
                keep=there[0],
            )
            return


def _telling(table: Table, keys: NDArray[Any], repeated: NDArray[Any], used: set[str]) -> list[str]:
    """Return the column that tells rows of the same time apart, or the few that do; those with the fewest values.

    Where few times are there twice, that is no second series, whatever else differs in those rows.
    """
    rows = len(keys)
    if repeated.sum() < RARE * rows:
        return []
    _, keys = np.unique(keys[repeated], return_inverse=True)
    codes = {}
    for place, name in enumerate(table.header):
        if name in used or table.header.count(name) > 1:
            continue
        known: dict[str, int] = {}
        found = np.array([known.setdefault(text, len(known)) for text in table.texts(place)])
        if 1 < len(known) <= rows / 2:
            codes[name] = (len(known), found[repeated])
    ordered = sorted(codes, key=lambda name: codes[name][0])
    few = np.flatnonzero(keys <= keys[np.argsort(keys, kind="stable")[:MOST_LOOKED_AT][-1]])
    most = int(np.bincount(keys).max())
    for count in range(1, MOST_MARKS + 1):
        for names in combinations(ordered[:MOST_TRIED] if count > 2 else ordered, count):
            own = [codes[name] for name in names]
            if prod(size for size, _ in own) < most or not _unique(keys[few], [(size, one[few]) for size, one in own]):
                continue
            if _unique(keys, own) and (count < 3 or _are_long(keys, own)):
                return list(names)
    return []


def _unique(keys: NDArray[Any], codes: Sequence[tuple[int, NDArray[Any]]]) -> bool:
    """Return whether a time and its marks are together on one row only, but for rare slips."""
    whole = keys.astype(np.int64)
    for size, own in codes:
        _, whole = np.unique(whole * size + own, return_inverse=True)
    return bool(whole.max() + 1 >= 0.99 * len(keys))


def _are_long(keys: NDArray[Any], codes: Sequence[tuple[int, NDArray[Any]]]) -> bool:
    """Return whether series have many of the times each: rows of events differ in three columns, too."""
    marks = np.zeros(len(keys), dtype=np.int64)
    for size, own in codes:
        _, marks = np.unique(marks * size + own, return_inverse=True)
    return bool(len(keys) / (marks.max() + 1) >= max(FEWEST, OFTEN * (keys.max() + 1)))


def as_columns(parts: Mapping[str, Observations], diagnosis: Diagnosis) -> Observations:
    """Put several series beside each other: a column for each, a row for each time.

    With one column of values the columns are called as the series are.

    Args:
        parts: each series by its name, in order of time, no time twice.
        diagnosis: what is reported to.
    """
    times = _together([part.times for part in parts.values() if part.times is not None], diagnosis)
    instants, first, row_of = np.unique(times.instants, return_index=True, return_inverse=True)
    columns = next(iter(parts.values())).columns
    wide = np.full((len(instants), len(columns) * len(parts)), np.nan)
    start = 0
    for place, (mark, part) in enumerate(parts.items()):
        own = row_of[start : start + len(part)]
        start += len(part)
        for number in range(len(columns)):
            wide[own, number * len(parts) + place] = part.values[:, number]
        if after := len(instants) - 1 - int(own[-1]):
            diagnosis.note(f"{mark} ends at {part.label(len(part) - 1)}, {many(after, 'row')} before the others")
    names = tuple(column_name(name, mark, len(columns)) for name in columns for mark in parts)
    for name, categories in tuple(diagnosis.categories.items()):
        diagnosis.categories |= {column_name(name, mark, len(columns)): categories for mark in parts}
    lines = np.concatenate([part.lines for part in parts.values()])
    return Observations(names, wide, lines[first], times.taken(first))


def _together(parts: Sequence[Times], diagnosis: Diagnosis) -> Times:
    """Return the times of several series, one series after the other, which all have offsets or all have none."""
    zoned = [part for part in parts if part.offsets is not None]
    if zoned and len(zoned) < len(parts):
        zone = zone_of(next(part.wall for part in zoned)) or "UTC"
        diagnosis.refuse(
            0,
            "the clock was changed in the time of some series, and not in that of others: name its zone",
            timezone=zone,
        )
    texts = [part.texts for part in parts if part.texts is not None]
    return Times(
        np.concatenate([part.wall for part in parts]),
        np.concatenate([part.offsets for part in parts if part.offsets is not None]) if zoned else None,
        tuple(text for part in texts for text in part) if len(texts) == len(parts) else None,
        what=parts[0].what,
    )


def column_name(name: str, mark: str, columns: int) -> str:
    """Return what the column of one of several series is called."""
    return mark if columns == 1 else f"{name} {mark}"
