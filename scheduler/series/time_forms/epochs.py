"""Times as the seconds, milliseconds and so on since 1970, whose unit follows from the number of their digits."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Wall = NDArray[np.datetime64]

DIGITS = re.compile(r"(\d+)(\.\d*)?\Z")
_NO_TIME = np.datetime64("NaT", "us")
#: digits of an epoch in this unit, for times from 1973 to 2286, and how many of it make a microsecond
_EPOCHS = {10: ("epoch seconds", 1e6), 13: ("epoch milliseconds", 1e3), 16: ("epoch microseconds", 1.0)}
_NANO = 19


def read_epochs(texts: Sequence[str], lengths: set[int]) -> tuple[Wall, str] | None:
    """Read epochs, whose unit follows from the number of their digits."""
    if lengths <= {9, 10} and 10 in lengths:
        lengths = {10}
    if len(lengths) == 2 and lengths <= _EPOCHS.keys():
        return _of_two_units(texts)
    if len(lengths) != 1:
        return None
    length = lengths.pop()
    if length == _NANO:
        counts = np.array([int(text) // 1000 if text.isdecimal() else -1 for text in texts], dtype=np.int64)
        what = "epoch nanoseconds"
    elif length in _EPOCHS:
        what, factor = _EPOCHS[length]
        known = [text if DIGITS.match(text) else "-1" for text in texts]
        counts = np.round(np.array(known, dtype=np.float64) * factor).astype(np.int64)
    else:
        return None
    wall = counts.astype("datetime64[us]")
    wall[counts < 0] = _NO_TIME
    return wall, what


def _of_two_units(texts: Sequence[str]) -> tuple[Wall, str]:
    """Read epochs of which each has its own unit: some sources changed from seconds to milliseconds."""
    known = {text: _EPOCHS.get(len(text.partition(".")[0])) if DIGITS.match(text) else None for text in set(texts)}
    counts = [-1 if (unit := known[text]) is None else round(float(text) * unit[1]) for text in texts]
    wall = np.array(counts, dtype=np.int64).astype("datetime64[us]")
    wall[np.array(counts) < 0] = _NO_TIME
    return wall, "epoch seconds and milliseconds"
