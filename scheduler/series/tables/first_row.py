"""Where the observations of a table begin: below notes, names, labels and units."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from scheduler.series.tables.cells import Kind, fits, kind_of
from scheduler.series.tables.footer import MOST_NOTES, says_nothing

#: rows that a header may have
MOST_HEADER = 12


def first_of_body(cells: list[list[str]], kinds: tuple[Kind, ...]) -> int:
    """Return the place of the first observation; header lines are those before it."""
    many = len(kinds)
    top = cells[: MOST_HEADER + MOST_NOTES]
    years = (place for place, row in enumerate(top) if _named_by_years(row, many, top[place + 1 :]))
    named = next((place + 1 for place in years if not _is_below_names(top[: place + 1], kinds)), None)
    named = named or _after_words(top[:MOST_HEADER], kinds)
    if named is not None or not any(kind in (Kind.NUMBER, Kind.TIME) for kind in kinds):
        return named or min(1, len(cells))
    first = next((place for place, row in enumerate(top) if len(row) == many and fits(row, kinds)), 0)
    words = first and len(cells[first - 1]) == many and says_nothing(cells[first - 1], kinds)
    if words and not _by_pandas(cells[first]):
        return first
    for place, row in enumerate(top):
        if len(row) != many:
            if place and (many == 1 or not says_nothing(row, kinds)):
                return place
            continue
        if fits(row, kinds) and not (place == 0 and _by_pandas(row)):
            return place
        above = place and any(len(one) == many for one in cells[:place])
        if above and not says_nothing(row, kinds) and not _is_label(row, kinds):
            return place
    return min(1, len(cells))


def _is_label(row: Sequence[str], kinds: Sequence[Kind]) -> bool:
    """Return whether a row above observations tells of its columns, as `Release date,15-11-2023` does.

    It begins with words, and has in no column what that holds.
    """
    return kind_of(row[0]) is Kind.TEXT and not any(
        kind_of(cell) is kind for cell, kind in zip(row, kinds, strict=False) if kind in (Kind.NUMBER, Kind.TIME)
    )


def _after_words(top: list[list[str]], kinds: tuple[Kind, ...]) -> int | None:
    """Return the place after a line of words alone that is below others, such as years over several columns each."""
    typed = (Kind.NUMBER, Kind.TIME)
    for place in range(1, len(top) - 1):
        row, before = top[place], top[place - 1]
        if len(before) == len(kinds) and all(map(str.strip, before)) and fits(before, kinds):
            return None  # an observation, below which words are no header
        words = len(row) == len(kinds) > 1 and all(kind_of(cell) is Kind.TEXT for cell in row)
        if words and row not in top[:place] and all(one in typed for one in kinds) and fits(top[place + 1], kinds):
            return place + 1
    return None


def _named_by_years(row: list[str], many: int, below: Sequence[list[str]]) -> bool:
    """Return whether a row is a header that has years for names: they rise or fall by one, behind some text.

    Two years are names if the row below has none in their columns.
    """
    cells = [cell.strip() for cell in row]
    plain = [cell.removesuffix(".0") for cell in cells]
    years = [int(cell) for cell in plain if len(cell) == 4 and cell.isdecimal()]
    steps = {later - earlier for earlier, later in pairwise(years)}
    text = bool(cells) and kind_of(cells[0]) in (Kind.TEXT, Kind.MISSING)
    if len(row) != many or not text or len(steps) != 1 or not steps <= {1, -1}:
        return False
    places = [place for place, cell in enumerate(plain) if len(cell) == 4 and cell.isdecimal()]
    under = [below[0][place].strip() for place in places if below and len(below[0]) == many]
    whole = all(cells[1:])  # years over several columns each leave cells empty
    return (many > 3 and len(years) > 2) or (
        whole and not any(len(cell) == 4 and cell.isdecimal() for cell in under or ["0000"])
    )


def _is_below_names(rows: Sequence[list[str]], kinds: Sequence[Kind]) -> bool:
    """Return whether the last of some rows is an observation: above it is another one, or a name for each column."""
    above = [row for row in rows[:-1] if len(row) == len(kinds)]
    named = any(all(row) and len(set(row)) == len(row) for row in above) and bool(rows[-1][0].strip())
    return named or any(fits(row, kinds) for row in above)


def _by_pandas(row: list[str]) -> bool:
    """Return whether a row is the header of a table without names, as pandas writes it: nothing, 0, 1, ..."""
    return len(row) > 1 and [cell.strip() for cell in row] == ["", *map(str, range(len(row) - 1))]
