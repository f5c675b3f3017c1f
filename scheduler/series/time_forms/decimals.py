"""Numbers and codes that look like months, such as 1.2015 and 11-2011: times only where they are so as a column."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scheduler.series.time_forms.spacing import OFTEN, evenness
from scheduler.series.time_forms.spelling import of_our_era
from scheduler.series.time_forms.strptime import read_format

Wall = NDArray[np.datetime64]

#: formats of a month and a year whose texts may be numbers
MONTHS = ("%m.%Y", "%Y.%m")
#: of the steps that must go the same way
MOSTLY = 0.75
#: times without which a column tells nothing
FEWEST = 3
#: a number has no 0 before its other figures
_PADDED = re.compile(r"0\d\.")
#: a month and a year, or a code, an invoice or a lot
_MARKED = re.compile(r"\d{1,2}([-/])\d{4}\Z")
_FIRST, _LAST = np.datetime64("1500", "us"), np.datetime64("2200", "us")


def are_months(texts: Sequence[str], wall: Wall) -> bool:
    """Return whether texts that were read as months and years are such, and not numbers with decimals.

    Months are of years that series have, change, and follow each other.

    Args:
        texts: of a column.
        wall: what they are as months; NaT where one is none.
    """
    known = wall[~np.isnat(wall)]
    if not len(known) or known.min() < _FIRST or known.max() >= _LAST:
        return False
    if len(known) < FEWEST or any(map(_PADDED.match, texts)):
        return True
    months = known.astype("datetime64[M]").astype(np.int64) % 12
    ordered = np.unique(known)
    return len(np.unique(months)) > 1 and evenness(ordered) >= (OFTEN if _one_way(known) else MOSTLY)


def look_like_months(texts: Sequence[str]) -> bool:
    """Return whether texts are such as 1/2015 and 01-2015, as codes may be, too: 11-2011 is an occupation."""
    return sum(_MARKED.match(text) is not None for text in texts) > len(texts) / 2


def follow_as_months(texts: Sequence[str]) -> bool:
    """Return whether texts such as 1/2015 are months of rows; those of which a few are mistakes are, too."""
    marked = [text for text in texts if _MARKED.match(text)]
    form = f"%m{marked[0][-5]}%Y" if marked else ""
    return bool(marked) and are_months(marked, read_format(of_our_era(marked) or marked, form)[0])


def in_order(instants: Wall) -> bool:
    """Return whether times are in an order of time, or even once they are sorted: those of rows are."""
    return _one_way(instants) or evenness(np.unique(instants)) >= OFTEN


def _one_way(instants: Wall) -> bool:
    """Return whether most times are after the one before, or most before it; where series follow, some go back."""
    steps = np.diff(instants).astype(np.int64)
    return not len(steps) or bool(max((steps >= 0).mean(), (steps <= 0).mean()) >= MOSTLY)
