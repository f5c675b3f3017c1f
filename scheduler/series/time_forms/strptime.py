"""Times of a strptime format, read all at once; and what is wrong with a format that strptime does not know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from scheduler.series.time_forms.fixed_width import read_digits_at

_KNOWN = frozenset("aAwdbBmyYHIMSfzZjUWcxXGuVp%")
#: times that pandas does not take and that are tried one by one, before the others are
TRIED = 100
#: years from which those of two digits may be of the 20th century; in the first one no series begins
_TURNS = tuple(np.datetime64(year, "us") for year in ("2045", "2030", "2000"))
_JUMP = np.timedelta64(90 * 365, "D").astype("timedelta64[us]")
_NO_TIME = np.datetime64("NaT", "us")
_FOUND = "times such as {} are found without a format: leave series.format out"
#: directives of other tools -> what to write
_INSTEAD = {
    "s": _FOUND.format("1600000000 (epoch seconds)"),
    "q": _FOUND.format("2012-Q1"),
    "Q": _FOUND.format("2012-Q1"),
    "L": "write %f",
    "N": "write %f",
    "F": "write %Y-%m-%d",
    "D": "write %m/%d/%y",
    "T": "write %H:%M:%S",
    "R": "write %H:%M",
    "e": "write %d",
    "h": "write %b",
    "k": "write %H",
    "l": "write %I",
    "P": "write %p",
}
#: letters of other tools' formats, the longest first -> directive
_LETTERS = (
    ("YYYY", "%Y"), ("yyyy", "%Y"), ("YY", "%y"), ("yy", "%y"), ("MMMM", "%B"), ("MMM", "%b"), ("MM", "%m"),
    ("DD", "%d"), ("dd", "%d"), ("HH", "%H"), ("hh", "%I"), ("mm", "%M"), ("SS", "%S"), ("ss", "%S"),
)  # fmt: skip
_LATE = re.compile(r"(?<!\d)24(?=:00)|(?<=[ T])24\Z")


def format_fault(form: str) -> str:
    """Describe what is wrong with a format and what to write; an empty text if nothing is."""
    directives = re.findall(r"%(.?)", form.replace("%%", ""))
    if not directives:
        instead = form
        for letters, directive in _LETTERS:
            instead = instead.replace(letters, directive)
        hint = f"write {instead!r}" if instead != form and "%" in instead else 'write one such as "%d.%m.%Y %H:%M"'
        return f"has no directive of strptime; {hint}"
    for one in directives:
        if one not in _KNOWN or not one:
            shown = f"%{one}"
            return f"has {shown}, which strptime lacks; {_INSTEAD.get(one, 'write a directive of strptime')}"
    twice = next((one for one in directives if directives.count(one) > 1 and one != "%"), None)
    if twice:
        return f"has %{twice} twice; write each directive once"
    try:
        datetime.strptime("", form)
    except (ValueError, re.error, IndexError, KeyError) as problem:
        if "does not match" not in str(problem) and "unconverted" not in str(problem):
            return f"is not taken by strptime ({problem}); correct it"
    return ""


def read_format(texts: Sequence[str], form: str) -> tuple[NDArray[np.datetime64], NDArray[np.int64] | None]:
    """Read times of a format, with their offsets in minutes if it has them; NaT where one does not fit."""
    if "%z" not in form and "%Z" not in form:
        wall = _at_once(texts, form)
        return (in_one_century(wall) if "%y" in form else wall), None
    read = [_one(text, form) for text in texts]
    zoned = any(time is not None and time.tzinfo is not None for time in read)
    wall = np.array(
        [_NO_TIME if time is None else np.datetime64(time.replace(tzinfo=None), "us") for time in read],
        dtype="datetime64[us]",
    )
    if not zoned:
        return wall, None
    offsets = [int((time.utcoffset() or timedelta()).total_seconds() // 60) if time is not None else 0 for time in read]
    return wall, np.array(offsets, dtype=np.int64)


def in_one_century(wall: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Return times of two-digit years, which strptime has from 1969 to 2068, without a jump from 2068 to 1969.

    Where all are in 2045 or later, they are of the 20th century, too.
    """
    known = wall[~np.isnat(wall)]
    if not len(known) or known.max() < _TURNS[-1]:
        return wall
    if known.min() >= _TURNS[0]:
        return _a_century_before(wall, _TURNS[0])
    if len(known) < 2 or np.abs(np.diff(known)).max() < _JUMP:
        return wall
    moved = (_a_century_before(wall, turn) for turn in _TURNS)
    smooth = (one for one in moved if np.abs(np.diff(one[~np.isnat(one)])).max() < _JUMP / 2)
    return next(smooth, wall)


def _a_century_before(wall: NDArray[np.datetime64], start: np.datetime64) -> NDArray[np.datetime64]:
    """Return times of which those from a start on are a century earlier."""
    months = wall.astype("datetime64[M]")
    return np.where(wall >= start, (months - np.timedelta64(1200, "M")) + (wall - months), wall)


def is_late(text: str) -> bool:
    """Return whether a text has 24:00, the start of the next day."""
    return _LATE.search(text) is not None


def _at_once(texts: Sequence[str], form: str) -> NDArray[np.datetime64]:
    """Read times with pandas; those that it does not take, out of its range, one by one."""
    import pandas as pd

    if (quick := read_digits_at(texts, form)) is not None:
        return quick
    try:
        found = pd.to_datetime(pd.Series(list(texts), dtype=object), format=form, errors="coerce")
        wall: NDArray[np.datetime64] = found.to_numpy(dtype="datetime64[us]").copy()
    except (ValueError, TypeError, KeyError, re.error):
        wall = np.full(len(texts), _NO_TIME)
    left = np.flatnonzero(np.isnat(wall))
    if all(_one(texts[int(place)], form) is None for place in left[:TRIED]):
        return wall
    known = {text: _one(text, form) for text in {texts[int(place)] for place in left}}
    for place in left:
        time = known[texts[int(place)]]
        if time is not None:
            wall[place] = np.datetime64(time.replace(tzinfo=None), "us")
    return wall


def _one(text: str, form: str) -> datetime | None:
    """Read a time; 24:00 is the start of the next day."""
    try:
        return datetime.strptime(text, form)
    except (ValueError, OverflowError, re.error):
        pass
    late = _LATE.sub("00", text, count=1)
    if late == text or "%H" not in form:
        return None
    try:
        return datetime.strptime(late, form) + timedelta(days=1)
    except (ValueError, OverflowError, re.error):
        return None
