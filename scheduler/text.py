"""How text and numbers are written for people: in terminals, on the page and in pictures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from numbers import Real

MINUS, DASH = "\N{MINUS SIGN}", "\N{EN DASH}"
#: sizes (powers of ten) outside of which a column is written with exponents
SMALLEST, LARGEST = -4, 9
MOST_PLACES = 8
#: characters of an error
LONGEST_LINE = 300
#: p-values below it are not written out
LEAST_P = 0.001


def printable(text: object) -> str:
    """Replace characters that neither XML nor a terminal can show; labels and names come from the user."""
    text = str(text)
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() or mark in "\n\t" else "\N{REPLACEMENT CHARACTER}" for mark in text)


def first_line(text: str) -> str:
    """Return the first line of an error, and the second where the first only announces it; neither is long."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    announced = len(lines) > 1 and lines[0].endswith(":")
    line = " ".join(lines[: 1 + announced])
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 4].rstrip()} ..."


#: share of a number by which two that were computed in other orders may differ
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How all numbers of one column are written."""

    #: digits after the point
    places: int
    #: whether all are written with exponents
    scientific: bool = False

    def __call__(self, value: object) -> str:
        """Return a number as text; an en dash stands for a missing one.

        A value that the column's digits cannot show, such as 1e20 among 95.1 and 97.3, has an exponent.
        """
        if not isinstance(value, Real) or not math.isfinite(value):
            return DASH
        number = float(value) + 0.0  # no minus before a zero
        plain = f"{number:,.{self.places}f}"
        vanishes = number != 0 and not plain.strip("-0.,")
        if number != 0 and (self.scientific or vanishes or abs(number) >= 10**LARGEST):
            plain = f"{number:.{self.places if self.scientific else 3 if not vanishes else 1}e}"
        return plain.replace("-", MINUS)


def number_format(values: Iterable[float], *, spread: float = math.nan, figures: int = 3) -> NumberFormat:
    """Choose one format for the numbers of a column: just enough digits to distinguish them.

    Args:
        values: The numbers; those that are not finite are ignored.
        spread: What differences between them are compared with, such as a standard deviation [default: the distance
            of their quartiles, which a single outlier does not change].
        figures: Significant digits of the spread; numbers that are all equal have one digit more.
    """
    known = sorted(value for value in map(float, values) if math.isfinite(value))
    sizes = sorted(abs(value) for value in known if value)
    if not sizes:
        return NumberFormat(figures)
    size = math.floor(math.log10(sizes[len(sizes) // 2]))
    width = spread if spread > 0 and math.isfinite(spread) else _spread(known)
    digits = figures - 1 - math.floor(math.log10(width)) if width else figures - size
    if SMALLEST <= size < LARGEST:
        return NumberFormat(min(max(digits, 0), MOST_PLACES))
    return NumberFormat(min(max(size + digits, 1), MOST_PLACES), scientific=True)


def _spread(ordered: list[float]) -> float:
    """Return the distance of the quartiles of ordered numbers, or of the outermost ones where that is 0.

    What differs by rounding alone has no distance.
    """
    last = len(ordered) - 1
    for low, high in ((ordered[last // 4], ordered[3 * last // 4]), (ordered[0], ordered[-1])):
        if high - low > ROUNDING * max(abs(low), abs(high)):
            return high - low
    return 0.0


def short(value: float) -> str:
    """Return a number with four significant digits, for running text."""
    return number_format([value])(value)


def figure(value: float) -> str:
    """Return a number with three significant digits, without an exponent where that is readable."""
    if not math.isfinite(value):
        return "unknown"
    size = math.floor(math.log10(abs(value))) if value else 0
    if not -5 < size < 9:
        return f"{value:.3g}"
    return f"{value:.{max(0, 2 - size)}f}"


def chance(p: float) -> str:
    """Return a p-value with three decimals, or `< 0.001`."""
    return f"< {LEAST_P}" if p < LEAST_P else f"{p:.3f}"


def or_hyphen(value: float, spelt: Callable[[float], str] = figure) -> str:
    """Return a number for a plain-text table, or a hyphen if it is missing."""
    return spelt(value) if math.isfinite(value) else "-"


def many(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count:,} {noun}" + "s" * (count != 1)


def size(count: int) -> str:
    """Return a number of bytes with the unit that suits it."""
    for unit, one in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= one:
            return f"{count / one:.{1 if count < 10 * one else 0}f} {unit}"
    return f"{count} bytes"
