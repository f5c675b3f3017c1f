"""Values far outside the rest: sentinels of missing values, slips of a decimal mark.

A few values count as far outside if a gap parts them from all others: at least `WIDE` times the range of the others, or
about that range where they also break the course of the series. On a scale that shrinks large values the gap must be
wide as well, so that the long upper tail of prices or sales and a trend are no reason for a warning; nor are peaks that
come back after a season, and many different values of a similar size, as on days of promotions. Numbers of nines only,
as -999 or 99.99, are sentinels at a smaller gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scheduler.grid.warnings.case import Case, by_series, distinct
from scheduler.text import many, short

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from store.records import Float64s, Series

    Rows = NDArray[np.signedinteger]

#: gap, in ranges of the other values, from which on values are far outside
WIDE = 3.0
#: the same where the values break the course of the series
BREAKING = 0.75
#: gap of what breaks the course, in ranges of the other deviations from their neighbours
BREAK = 5.0
#: gap of a number of nines, in ranges of the other values
OF_NINES = 0.25
#: gap in ranges of the others, on the scale that shrinks large values
SHRUNK = 0.75
#: share of the values that may be far outside
MOST_OUTSIDE = 0.1
#: the same for a number of nines, which may stand for every missing value
MOST_NINES = 0.5
#: so many different values, or so large a share, are too many to be mistakes, unless they are ten times the others
FEW = 3
FEW_SHARE = 0.01
TENFOLD = 10.0
#: rows after which peaks may come back, and the share of the peaks that must be there
SEASONS = (4, 5, 7, 12, 24, 52, 168)
COMING_BACK = 0.8
#: different values that the rest must have; flags and counts of two have no range to speak of
FEWEST_VALUES = 3
_NINES = re.compile(r"9{2,}(\.9+)?|9\.9{2,}")
#: neighbours on either side that show the course of a series
NEIGHBOURS = 3
#: values that are named; the others are counted
SHOWN = 3


def values_far_outside(cases: Sequence[Case]) -> Iterator[str]:
    """Report values of the columns in use that are far outside the rest."""
    seen = set()
    for case in distinct(cases, by_series):
        for column in case.configuration.series.columns:
            if (case.series.content_hash, column) not in seen and column not in case.configuration.series.made:
                seen.add((case.series.content_hash, column))
                yield from outside_of(case.series, column)


def outside_of(series: Series, column: str) -> Iterator[str]:
    """Report the values of one column that are far outside the rest, if there are any."""
    values = series.values[:, series.columns.index(column)]
    outside = far_outside(values)
    if not outside:
        return
    rest, one = np.delete(values, outside), len(outside) == 1
    yield (
        f"{series.name}: {many(len(outside), 'value')} of {column} {'is' if one else 'are'} far outside the rest "
        f"({short(rest.min())} to {short(rest.max())}): {_named(series, values, outside)}; correct "
        f"{'it' if one else 'them'}, or fill in what is missing if {'it stands' if one else 'they stand'} for a "
        f"missing value: {_as_missing(values[outside])}"
    )


def _as_missing(values: Float64s) -> str:
    """Return the fields of `series` that read values of a file as missing ones."""
    shown = ", ".join(f"{value:.12g}" for value in np.unique(values)[:SHOWN])
    return f"of a file by series.na: [{shown}] and series.missing: previous"


def _named(series: Series, values: Float64s, outside: Sequence[int]) -> str:
    times = series.times
    named = [f"{values[row]:.6g} in row {row + 1:,}" + (f" ({times[row]})" if times else "") for row in outside[:SHOWN]]
    more = [f"and {len(outside) - SHOWN:,} more"] if len(outside) > SHOWN else []
    return ", ".join([*named, *more])


def far_outside(values: Float64s) -> list[int]:
    """Return the rows of the values that are far outside the rest, at either end; at most a tenth of all."""
    if len(values) < 7:
        return []
    if nines := _sentinels(values):
        return nines
    found = sorted({*_parted(-values), *_parted(values)})
    if len(found) > _most(values) or _come_back(found, len(values)) or _often_large(values, found):
        return []
    return found


def _often_large(values: Float64s, rows: Sequence[int]) -> bool:
    """Return whether rows are another ordinary state, as promotions are: many different values of a similar size."""
    found = values[rows]
    if len(np.unique(found)) <= max(FEW, FEW_SHARE * len(values)):
        return False
    rest = np.abs(np.delete(values, rows))
    return bool(np.abs(found).max() < TENFOLD * rest.max() and np.abs(found).min() * TENFOLD > np.median(rest))


def _most(values: Float64s) -> int:
    return max(1, int(MOST_OUTSIDE * len(values)))


def _sentinels(values: Float64s) -> list[int]:
    """Return the rows of a number of nines that is the least or the greatest value, and apart from the others."""
    for end in (float(values.min()), float(values.max())):
        others = values[values != end]
        if not _NINES.fullmatch(f"{abs(end):.10g}") or len(others) < (1 - MOST_NINES) * len(values):
            continue
        if len(np.unique(others)) >= FEWEST_VALUES and np.abs(others - end).min() >= OF_NINES * np.ptp(others):
            return [int(row) for row in np.flatnonzero(values == end)]
    return []


def _come_back(rows: Sequence[int], count: int) -> bool:
    """Return whether rows are the peaks of a season: nearly all rows at the same places of it."""
    for season in SEASONS:
        places = {row % season for row in rows}
        peaks = sum(len(range(place, count, season)) for place in places)
        if count >= 2 * season and len(rows) > len(places) and len(rows) >= COMING_BACK * peaks:
            return True
    return False


def _parted(values: Float64s) -> list[int]:
    """Return the rows of the largest values that a wide gap parts from the others."""
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    first = len(ranked) - _most(values)
    place = first + int(np.argmax(np.diff(ranked[first - 1 :])))
    others, gap = ranked[:place], ranked[place] - ranked[place - 1]
    spread = float(np.ptp(others))
    if len(np.unique(others)) < FEWEST_VALUES or gap < BREAKING * spread or not _wide_when_shrunk(ranked, place):
        return []
    rows = order[place:]
    return sorted(int(row) for row in rows) if gap >= WIDE * spread or _breaks(values, rows) else []


def _wide_when_shrunk(ranked: Float64s, place: int) -> bool:
    """Return whether the gap is wide, too, where large values count by their logarithm."""
    size = float(np.median(np.abs(ranked))) or float(np.abs(ranked).max()) or 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        shrunk = np.arcsinh(ranked / size)
        return bool(shrunk[place] - shrunk[place - 1] >= SHRUNK * np.ptp(shrunk[:place]))


def _breaks(values: Float64s, rows: Rows) -> bool:
    """Return whether rows differ from their neighbours far more than any other row does."""
    kept = np.delete(np.arange(len(values)), rows)
    around = np.pad(values[kept], NEIGHBOURS, mode="reflect" if len(kept) > NEIGHBOURS else "edge")
    course = np.median(np.lib.stride_tricks.sliding_window_view(around, 2 * NEIGHBOURS + 1), axis=1)
    least = min(abs(values[row] - np.median(values[_neighbours(kept, row)])) for row in rows)
    return bool(least >= BREAK * np.abs(values[kept] - course).max())


def _neighbours(kept: Rows, row: int) -> Rows:
    """Return the nearest of the kept rows on either side of a row."""
    before, after = np.searchsorted(kept, row), np.searchsorted(kept, row, side="right")
    return np.concatenate([kept[max(0, before - NEIGHBOURS) : before], kept[after : after + NEIGHBOURS]])
