"""How numbers are written: decimal marks and what parts thousands, as a grid has them or as the rows show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.series.diagnosis import Diagnosis

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_SPACES = str.maketrans("", "", " \xa0\u202f")


@dataclass(frozen=True, slots=True)
class Marks:
    """How numbers are written: the decimal mark, and the separator of thousands if there is one."""

    decimal: str = "."
    thousands: str | None = None

    def parse(self, text: str) -> float | None:
        """Read a number; one too large for a float is infinite."""
        text = plain = text.replace("\N{MINUS SIGN}", "-").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        if self.thousands is not None and self._groups.match(text):
            plain = text.translate(_SPACES) if self.thousands == " " else text.replace(self.thousands, "")
        if self.decimal == ",":
            plain = plain.replace(".", "x").replace(",", ".")
        return float(plain) if _NUMBER.match(plain) else None

    @property
    def _groups(self) -> re.Pattern[str]:
        mark = "[ \xa0\u202f]" if self.thousands == " " else re.escape(self.thousands or "")
        lakhs = r"|\d{1,2}(?:,\d\d)+,\d{3}" if self.thousands == "," else ""
        return re.compile(rf"[-+]?(?:[1-9]\d{{0,2}}(?:{mark}\d{{3}})+{lakhs})(?:{re.escape(self.decimal)}\d*)?\Z")


#: how numbers are written, the most usual first
USUAL = (
    Marks(),
    Marks(","),
    Marks(".", ","),
    Marks(",", "."),
    Marks(".", " "),
    Marks(",", " "),
    Marks(".", "'"),
)


def parse_number(text: str) -> float | None:
    """Read a number with a decimal point."""
    return Marks().parse(text)


def others_of(numbers: Sequence[str], marks: Marks, *, in_quotes: bool) -> list[Marks]:
    """Return the other marks with which all numbers of a column are read, the likeliest first.

    `in_quotes` says that commas part the columns, too, so that numbers with commas are in quotes: few would write a
    decimal comma so.
    """
    found = [one for one in USUAL if one != marks and all(one.parse(text) is not None for text in numbers)]
    thousands = Marks(".", ",")
    plain = [value for text in numbers if "," not in text and (value := parse_number(text)) is not None]
    small = any(100 <= abs(value) < 1000 for value in plain)
    if thousands in found and (in_quotes or small):
        found.sort(key=lambda one: one != thousands)  # smaller numbers have no comma: it parts thousands
    return found


def report_marks(
    name: str,
    texts: Sequence[str],
    lines: Sequence[int],
    parsed: dict[str, float | None],
    others: Sequence[Marks],
    diagnosis: Diagnosis,
) -> None:
    """Report that a column has other marks, and with which fields it is read."""
    wrong = [place for place, text in enumerate(texts) if text in parsed and parsed[text] is None]
    first = texts[wrong[0]]
    best = others[0]
    more = f" and so on in {len(wrong):,} of {len(texts):,} rows" if len(wrong) > 1 else ""
    diagnosis.mistake(lines[wrong[0]], f"{name} is {first[:40]!r}{more}: {_described(best)}", **_fields(best))
    comma = {Marks(","): "is the decimal mark", Marks(".", ","): "parts thousands"}
    for other, what in comma.items():
        if best in comma and other in others and other != best:
            taken = {"decimal": None, "thousands": None} | _fields(other)
            diagnosis.others.append((f"if the comma {what}", taken))


def _fields(marks: Marks) -> dict[str, Any]:
    return ({"decimal": ","} if marks.decimal == "," else {}) | (
        {"thousands": marks.thousands} if marks.thousands else {}
    )


def _described(marks: Marks) -> str:
    names = {".": "point", ",": "comma", " ": "space", "'": "apostrophe"}
    parts = [f"a decimal {names[marks.decimal]}"] if marks.decimal == "," else []
    article = "an" if marks.thousands == "'" else "a"
    parts += [f"thousands parted by {article} {names[marks.thousands]}"] if marks.thousands else []
    return " and ".join(parts)


def other_mark(text: str, marks: Marks) -> str:
    found = next(one for one in USUAL if one.parse(text) is not None)
    return _described(found) or f"a decimal {'point' if marks.decimal == ',' else 'comma'}"
