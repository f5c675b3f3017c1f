"""Times with a wrong year, month or day: they put a row far from all others, or where it does not belong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.reading.observations import Observations
from scheduler.series.tables.table import Table
from scheduler.series.time_forms.spacing import DAY, OFTEN, evenness

Instants = NDArray[np.datetime64]
Places = Sequence[int]

#: rows without which nothing is said
FEWEST = 5
#: usual steps that a row far from all others is away from them
FAR = 10
#: rows that may be slips, and of all rows
MOST, SHARE = 3, 0.05
#: usual steps between the neighbours of a row that is not where it belongs
HOLE = 1.5


def report_slips(rows: Observations, table: Table, diagnosis: Diagnosis) -> bool:
    """Report rows whose times are slips, so that no rows are put in between them and the others.

    Args:
        rows: in the order of the file.
        table: the same rows.
        diagnosis: what it is reported to.
    """
    assert rows.times is not None
    instants = rows.times.instants
    usual = _usual(instants)
    if not usual:
        return False
    far = _far(instants, usual)
    gap = _rows_between(instants, far, usual) if far else 0
    if far and (diagnosis.source.max_gap or 0) >= gap:
        far = ()
    moved = () if far or diagnosis.source.duplicates not in (None, "refuse") else _misplaced(instants, usual)
    for place in far or moved:
        _report(place, gap, rows, table, diagnosis)
    return bool(far or moved)


def _report(place: int, gap: int, rows: Observations, table: Table, diagnosis: Diagnosis) -> None:
    assert rows.times is not None
    text = _text_alone(place, table, diagnosis)
    beside = [rows.label(one) for one in (place - 1, place + 1) if 0 <= one < len(rows)]
    na = [*(diagnosis.source.na or ()), *diagnosis.fixes.get("na", ()), text]
    out = ", or leave the row out by series.na" if text else ""
    right = f"; if it is right, allow the gap: series.max_gap: {gap}" if 0 < gap <= len(rows) else ""
    near = rows.times.instants[max(0, place - 1) : place + 2]
    if np.count_nonzero(near == rows.times.instants[place]) > 1:
        right = "; if both rows are of that time, decide by series.duplicates: first, last, mean or sum"
    others = (
        f"rows beside it are of {beside[0]} and {beside[1]}" if len(beside) > 1 else f"row beside it is of {beside[0]}"
    )
    diagnosis.mistake(
        int(rows.lines[place]),
        f"the time {rows.label(place)} looks like a slip: the {others}; correct it{out}{right}",
        **({"na": list(dict.fromkeys(na))} if text else {}),
    )


def _text_alone(place: int, table: Table, diagnosis: Diagnosis) -> str:
    """Return the text of a time that only its row has; an empty one where `na` would leave out more than the row."""
    name = diagnosis.source.time
    column = table.place(name) if isinstance(name, str) else None
    if column is None or diagnosis.source.id is not None:
        return ""
    text = table.cells[place][column].strip()
    return text if sum(cell.strip() == text for row in table.cells for cell in row) == 1 else ""


def _usual(instants: Instants) -> int:
    """Return the usual step in microseconds; 0 where there are too few rows, or all are near the one before."""
    if len(instants) < FEWEST:
        return 0
    steps = np.diff(instants).astype(np.int64)
    usual = int(np.median(np.abs(steps)))
    if ((steps > 0).all() or (steps < 0).all()) and np.abs(steps).max() < FAR * usual:
        return 0
    later = np.diff(np.sort(instants)).astype(np.int64)
    return int(np.median(later[later > 0])) if later.any() else 0


def _far(instants: Instants, usual: int) -> Places:
    """Return the rows at an end of the times that are away from the others by half of all the others, or by years."""
    order = np.argsort(instants, kind="stable")
    ordered = instants[order].astype("datetime64[us]")
    for count in range(1, 1 + max(1, min(MOST, int(SHARE * len(order))))):
        for own, rest, near in (
            (order[:count], ordered[count:], ordered[count - 1 : count + 1]),
            (order[-count:], ordered[:-count], ordered[-count - 1 :][:2]),
        ):
            gap = int((near[1] - near[0]).astype(np.int64))
            if gap < FAR * usual or evenness(_once(rest)) < OFTEN:
                continue
            by_years = count == 1 and _is_off_by_years(instants, int(own[0]), usual)
            if by_years or 2 * gap > int((rest[-1] - rest[0]).astype(np.int64)):
                return sorted(own.tolist())
    return ()


def _once(ordered: Instants) -> Instants:
    """Return times in order without those that repeat the one before."""
    found: Instants = ordered[np.append(True, np.diff(ordered) > np.timedelta64(0))]
    return found


def _rows_between(instants: Instants, places: Places, usual: int) -> int:
    """Return how many rows of the usual step would be between some rows and those beside them in the file."""
    beside = [(place, one) for place in places for one in (place - 1, place + 1) if 0 <= one < len(instants)]
    away = [int(np.abs(instants[one] - instants[place]).astype(np.int64)) for place, one in beside if one not in places]
    return max(1, -(-min(away, default=0) // usual) - 1)


def _is_off_by_years(instants: Instants, place: int, usual: int) -> bool:
    """Return whether a time is the one that follows its neighbour in the file, but for the year."""
    if usual > 300 * DAY:
        return False
    step: Any = np.sign((instants[-2] - instants[1]).astype(np.int64))  # rows may be in falling order
    neighbour, step = (instants[place - 1], step) if place else (instants[1], -step)
    if usual >= 28 * DAY:
        months = np.timedelta64(int(step) * round(usual / (30.4 * DAY)), "M")
        return str(neighbour.astype("datetime64[M]") + months)[4:] == str(instants[place].astype("datetime64[M]"))[4:]
    expected = neighbour.astype("datetime64[us]") + np.timedelta64(int(step) * usual, "us")
    return str(expected)[4:] == str(instants[place].astype("datetime64[us]"))[4:]


def _misplaced(instants: Instants, usual: int) -> Places:
    """Return the only row that is not in the order of the file, if a row is missing where it stands."""
    turned = bool((np.diff(instants) < np.timedelta64(0)).sum() * 2 > len(instants))
    ordered = instants[::-1] if turned else instants
    back = np.flatnonzero(np.diff(ordered) <= np.timedelta64(0))
    for place in (int(back[0]), int(back[0]) + 1) if 0 < len(back) < 3 else ():
        rest = np.delete(ordered, place)
        if (np.diff(rest) > np.timedelta64(0)).all() and _belongs_there(ordered, rest, place, usual):
            return [len(instants) - 1 - place if turned else place]
    return ()


def _belongs_there(ordered: Instants, rest: Instants, place: int, usual: int) -> bool:
    """Return whether a row stands in a hole of the others, and its time is in no other one."""
    if evenness(rest) < OFTEN:
        return False
    nearest = int(np.abs(rest - ordered[place]).min().astype(np.int64))
    if usual / 2 <= nearest <= HOLE * usual:
        return False  # a row that was added later
    if place in (0, len(rest)):
        return _is_off_by_years(ordered, place, usual)
    return int((rest[place] - rest[place - 1]).astype(np.int64)) >= HOLE * usual
