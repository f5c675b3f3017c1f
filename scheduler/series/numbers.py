"""Numbers of a CSV file: how they are read, and the mistakes reported for those that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: of a value, either way: squares of errors stay within 64-bit numbers, and scaling makes values that 32 bits hold
MOST_VALUE = 1e150

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?\Z")
_OTHER_MARK = str.maketrans(",.", ".,")


def read_column(
    cells: Sequence[tuple[int, str]], decimal: str, *, otherwise: str
) -> tuple[list[float], list[tuple[int, str]]]:
    """Read the values of a column.

    Args:
        cells: line and text of each.
        decimal: the decimal mark.
        otherwise: what may be done instead of correcting a value.

    Returns:
        The numbers, 0 for those that are wrong; and the lines and faults of these.
    """
    numbers = [parse_number(text, decimal) for _, text in cells]
    good = [value is not None and abs(value) <= MOST_VALUE for value in numbers]
    faults = []
    if not all(good):
        wrong = [cell for cell, fits in zip(cells, good, strict=True) if not fits]
        read = [text for (_, text), fits in zip(cells, good, strict=True) if fits]
        other_mark = _mark_fault([text for _, text in wrong], read, decimal)
        faults = [(line, _fault(text, decimal, other_mark, otherwise)) for line, text in wrong]
    return [value or 0.0 for value in numbers], faults


def parse_number(text: str, decimal: str = ".") -> float | None:
    """Read a number with this decimal mark; one too large for a float is infinite."""
    plain = _with_point(text, decimal)
    return float(plain) if _NUMBER.match(plain) else None


def _with_point(text: str, decimal: str) -> str:
    return text.translate(_OTHER_MARK) if decimal == "," else text


def _fault(text: str, decimal: str, other_mark: str, otherwise: str) -> str:
    """Describe what is wrong with a value and what to do; `otherwise` is an alternative remedy.

    `other_mark` describes numbers with the other decimal mark; if it is empty, each is reported by itself.
    """
    if not text:
        return f"is empty; fill in the value{otherwise}"
    given = f"is {text[:40]!r}, which"
    if parse_number(text, decimal) is not None:
        return f"{given} is too large; allowed: numbers from -1e150 to 1e150; correct it{otherwise}"
    other, mark = _other(decimal)
    swapped = parse_number(text, other) is not None
    if swapped and other_mark:
        return f"{given} {other_mark}"
    if _THOUSANDS.match(_with_point(text, decimal)):
        return f"{given} has thousands separators; remove them"
    if swapped:
        return f"{given} has a decimal {mark}; correct it"
    return f"{given} is not a finite number; correct it{otherwise}"


def _other(decimal: str) -> tuple[str, str]:
    """Return the other decimal mark and its name."""
    return (",", "comma") if decimal == "." else (".", "point")


def _mark_fault(wrong: Sequence[str], read: Sequence[str], decimal: str) -> str:
    """Report that a column has the other decimal mark, if that would also read the values that are read now."""
    other, mark = _other(decimal)
    grouped = [text for text in wrong if _THOUSANDS.match(_with_point(text, decimal))]
    if any(parse_number(text, other) is None for text in (*read, *grouped)):
        return ""
    advice = f"or set series.decimal: '{other}' for all"
    if len(grouped) == sum(parse_number(text, other) is not None for text in wrong):
        return f"has thousands separators, which are not allowed, or a decimal {mark}; remove the separators, {advice}"
    return f"has a decimal {mark}; correct it, {advice}"
