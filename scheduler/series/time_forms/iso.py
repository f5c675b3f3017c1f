"""Times as ISO 8601 has them, with or without a zone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from scheduler.series.time_forms.fixed_width import read_digits_at

Read = tuple[NDArray[np.datetime64], "NDArray[np.int64] | None"]

_PLAIN = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:[T ]\d\d(?::\d\d(?::\d\d(?:\.\d{1,6})?)?)?)?)?)?\Z")
#: zones by their letters -> minutes from UTC
_LETTERS = {
    **{"WET": 0, "WEST": 60, "BST": 60, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "EET": 120, "EEST": 180},
    **{"EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420},
    **{"JST": 540, "AEST": 600, "AEDT": 660},
}
_ZONE = re.compile(rf"(.*\d) ?(Z|UTC|GMT|{'|'.join(_LETTERS)}|[+-]\d\d(?::?\d\d)?)\Z", re.IGNORECASE)
#: of one width -> their format, with the mark between the date and the clock as a space
_FIXED = {10: "%Y-%m-%d", 16: "%Y-%m-%d %H:%M", 19: "%Y-%m-%d %H:%M:%S"}
#: that mark; a sign in its place begins a zone, as in `2020-01-01+02:00`
_CLOCK_MARKS = ("T", " ")
_MONTH = re.compile(r"\d{4}-\d{2}\Z")
_YEAR = re.compile(r"\d{4}\Z")
_BASIC = re.compile(r"\d+\Z")
_NO_TIME = np.datetime64("NaT", "us")
_START = datetime(1970, 1, 1)


def read_iso(texts: Sequence[str], sample: Sequence[str]) -> Read | None:
    """Read times; NaT where one is not ISO 8601, None if the first ones are not, or only some have a zone."""
    if not any(_iso(text) is not None for text in sample[:5]):
        return None
    if _zone(sample[0]) is None:
        wall = _plain(texts)
        if wall is not None:
            return wall, None
    parts = [_zone(text) or (text, "") for text in texts]
    wall = _plain([text for text, _ in parts])
    if wall is None:
        wall = np.array([_one(text) for text, _ in parts], dtype="datetime64[us]")
    zones = {zone: _minutes(zone) for zone in {zone for _, zone in parts}}
    known = np.array([bool(zone) for _, zone in parts])
    if not known.any():
        return wall, None
    offsets = np.array([zones[zone] for _, zone in parts], dtype=np.int64)
    most = known.sum() * 2 > len(known)
    wall[~known if most else known] = _NO_TIME  # some have a zone and cannot be compared with the others
    return wall, offsets if most else None


def _zone(text: str) -> tuple[str, str] | None:
    """Part a time from its zone; a date's last field is no zone."""
    found = _ZONE.match(text) if ":" in text or "T" in text or text[-1:].isalpha() else None
    return (found[1], found[2]) if found else None


def _minutes(zone: str) -> int:
    if zone.upper() in _LETTERS:
        return _LETTERS[zone.upper()]
    digits = re.sub(r"\D", "", zone)
    if not digits:
        return 0
    return (-1 if zone[0] == "-" else 1) * (int(digits[:2]) * 60 + int(digits[2:4] or 0))


def _plain(texts: Sequence[str]) -> NDArray[np.datetime64] | None:
    """Read times of the plainest form all at once, or return None."""
    form = _FIXED.get(len(texts[0])) if texts and texts[0][10:11] in ("", *_CLOCK_MARKS) else None
    if form is not None and (quick := read_digits_at(texts, form.replace(" ", texts[0][10:11]))) is not None:
        return quick
    if not all(map(_PLAIN.match, texts)):
        return None
    try:
        found: NDArray[np.datetime64] = np.array(list(texts), dtype="datetime64[us]")
    except ValueError:
        return None
    return found


def _one(text: str) -> np.datetime64:
    found = _iso(text)
    return _NO_TIME if found is None else np.datetime64(found.replace(tzinfo=None), "us")


def _iso(text: str) -> datetime | None:
    if _BASIC.match(text) and len(text) != 4:
        return None  # digits alone are read by their number
    if _MONTH.match(text):
        text += "-01"
    elif _YEAR.match(text):
        text += "-01-01"
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        zone = _zone(text)
        if zone is None:
            return None
    try:
        return datetime.fromisoformat(zone[0])
    except ValueError:
        return None
