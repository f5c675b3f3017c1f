"""Where a table ends: notes and totals below it are no observations."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scheduler.series.tables.cells import Kind, kind_of

#: words for sums and means
TOTAL = re.compile(r"(?:grand |sub)?-?total|sum\b|summe|gesamt|average|mean\b|mittel", re.IGNORECASE)
#: rows that notes below a table may have
MOST_NOTES = 40
#: rows from which what a table holds is found, at its start, its middle and its end
SAMPLE = 200


def sample_of(cells: Sequence[list[str]]) -> list[list[str]]:
    """Return rows from the start, the middle and the end."""
    if len(cells) <= 3 * SAMPLE:
        return list(cells)
    middle = len(cells) // 2
    return [*cells[:SAMPLE], *cells[middle : middle + SAMPLE], *cells[-SAMPLE:]]


def says_nothing(row: list[str], kinds: Sequence[Kind]) -> bool:
    """Return whether a row has neither a number nor a time where other rows have them."""
    return not any(
        kind_of(cell) in (Kind.NUMBER, Kind.TIME)
        for cell, kind in zip(row, kinds, strict=False)
        if kind in (Kind.NUMBER, Kind.TIME)
    )


def last_of_body(cells: list[list[str]], kinds: tuple[Kind, ...], first: int) -> int:
    """Return the place after the last observation; what follows is a note."""
    last = len(cells)
    if last - first > 2 and _is_total(cells[last - 1], sample_of(cells[first : last - 1]), kinds):
        return last - 1
    while last > max(first + 1, len(cells) - MOST_NOTES) and _is_note(cells[last - 1], kinds):
        if len(kinds) == 1 and not _is_sentence(cells[last - 1], cells[first : last - 1]):
            break  # a word in the only column is what stands there for a number
        last -= 1
    return last


def _is_sentence(row: list[str], others: list[list[str]]) -> bool:
    """Return whether a row has several words, and is there once."""
    return len(row[0].split()) > 1 and row not in others


def _is_note(row: list[str], kinds: tuple[Kind, ...]) -> bool:
    """Return whether a row below a table is no observation: text, or a total where a time should be."""
    if not any(kind in (Kind.NUMBER, Kind.TIME) for kind in kinds):
        return False
    cells = [kind_of(cell) for cell in row]
    if len(row) == 1 < len(kinds) and row[0].strip()[:1].isalpha() and " " in row[0].strip():
        return True  # a sentence, also one that ends with a date
    if Kind.TEXT in cells and says_nothing(row, kinds):
        return True
    if kinds[0] is Kind.NUMBER and len(kinds) > 1 and TOTAL.match(row[0].strip()):
        return True
    at = next((place for place, kind in enumerate(kinds) if kind is Kind.TIME), None)
    if at is None or len(row) != len(kinds):
        return False
    text = row[at].strip()
    whole = all(cells[place] is kind for place, kind in enumerate(kinds) if kind is Kind.NUMBER)
    counted = whole and any(map(str.isdigit, text)) and not TOTAL.match(text)  # may be a time of another form
    return cells[at] is Kind.TEXT and text[:1].isalpha() and not counted


def _is_total(row: list[str], others: list[list[str]], kinds: tuple[Kind, ...]) -> bool:
    """Return whether a row below a table has no time, and numbers with more figures than all others have."""
    numbers = [place for place, kind in enumerate(kinds) if kind is Kind.NUMBER]
    if kinds[0] is not Kind.TIME or len(row) != len(kinds) or row[0].strip() or not numbers:
        return False
    return all(
        _figures(row[place]) > max((_figures(one[place]) for one in others if len(one) == len(kinds)), default=0)
        for place in numbers
    )


def _figures(text: str) -> int:
    """Count the figures before the decimal mark, where the last mark is one if it has other than three behind it."""
    return sum(map(str.isdigit, re.sub(r"[.,]\d{1,2}\Z|[.,]\d{4,}\Z", "", text.strip())))
