"""Numbers of a file: decimal marks, thousands, missing values, and what is said of text that is no number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.series.diagnosis import ALIKE, Diagnosis
from scheduler.series.lines import on_lines
from scheduler.series.tables.cells import MISSING, Kind, kind_of
from scheduler.text import many

if TYPE_CHECKING:
    from store.records import Float64s

#: of a value, either way: squares of errors stay within 64-bit numbers, and scaling makes values that 32 bits hold
MOST_VALUE = 1e150
#: rows among which one has a sign of a currency if all have
UNITS = 1000
#: different texts in a column of numbers that may stand for a missing value
MOST_WORDS = 5

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_UNIT = re.compile(
    r"(?P<sign>[-+]?)(?:(?P<before>[$€£¥]) ?)?(?P<number>[-+]?\d[^\s%$€£¥]*)(?(before)| ?(?P<after>[%$€£¥]))\Z"
)
_LOSS = re.compile(r"\(\s*\d[\d.,' \xa0\u202f]*\)\Z")
_SPACES = str.maketrans("", "", " \xa0\u202f")


@dataclass(frozen=True, slots=True)
class Marks:
    """How numbers are written: the decimal mark, and the separator of thousands if there is one."""

    decimal: str = "."
    thousands: str | None = None

    def parse(self, text: str) -> float | None:
        """Read a number; one too large for a float is infinite."""
        text = plain = text.replace("\N{MINUS SIGN}", "-")
        if self.thousands is not None and self._groups.match(text):
            plain = text.translate(_SPACES) if self.thousands == " " else text.replace(self.thousands, "")
        if self.decimal == ",":
            plain = plain.replace(".", "x").replace(",", ".")
        return float(plain) if _NUMBER.match(plain) else None

    @property
    def _groups(self) -> re.Pattern[str]:
        mark = "[ \xa0\u202f]" if self.thousands == " " else re.escape(self.thousands or "")
        return re.compile(rf"[-+]?[1-9]\d{{0,2}}(?:{mark}\d{{3}})+(?:{re.escape(self.decimal)}\d*)?\Z")


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


@dataclass(slots=True)
class Column:
    """The values of a column: NaN where one is missing."""

    name: str
    values: Float64s
    #: how missing values are written -> how often
    words: Counter[str] = field(default_factory=Counter)


def _is_figure(text: str) -> bool:
    """Return whether a text has figures and is a number in no way of writing them."""
    return any(map(str.isdigit, text)) and all(marks.parse(text) is None for marks in USUAL)


def is_number(text: str) -> bool:
    """Return whether a text is a number in a usual way of writing it, also with the sign of a currency."""
    unit = _UNIT.match(text)
    return any(marks.parse(unit["number"] if unit else text) is not None for marks in USUAL)


def parse_number(text: str) -> float | None:
    """Read a number with a decimal point."""
    return Marks().parse(text)


def read_column(
    name: str, texts: Sequence[str], lines: Sequence[int], marks: Marks, na: Sequence[Any], diagnosis: Diagnosis
) -> Column:
    """Read the values of a column; what is no number is a mistake, with what would mend it."""
    if (quick := _at_once(texts, marks, na)) is not None:
        return Column(name, quick)
    texts = _without_parentheses(name, _without_unit(name, texts, diagnosis), diagnosis)
    different = set(texts)
    missing = {text for text in different if _is_missing(text, na)}
    words = Counter(filter(missing.__contains__, texts))
    wanted = different - missing
    parsed = {text: marks.parse(text) for text in wanted}
    if None in parsed.values():
        parsed = _explain(name, texts, lines, marks, parsed, diagnosis)
    known = parsed | dict.fromkeys(words, float("nan"))
    found = [known[text] for text in texts]
    values = np.array([np.nan if value is None else value for value in found], dtype=np.float64)
    _refuse_large(name, texts, lines, values, diagnosis)
    numbers = [float(one) for one in na if isinstance(one, int | float)]
    sentinel = np.isin(values, numbers)
    words.update(f"{value:g}" for value in values[sentinel])
    return Column(name, np.where(sentinel, np.nan, values) + 0.0, words)


def _at_once(texts: Sequence[str], marks: Marks, na: Sequence[Any]) -> Float64s | None:
    """Read a column of plain numbers, or return None."""
    if marks != Marks() or na:
        return None
    try:
        values = np.array(list(map(float, texts)), dtype=np.float64)
    except ValueError:
        return None
    joined = "".join(texts)
    plain = joined.isascii() and "_" not in joined
    return values + 0.0 if plain and bool((np.abs(values) <= MOST_VALUE).all()) else None


def _without_unit(name: str, texts: Sequence[str], diagnosis: Diagnosis) -> Sequence[str]:
    """Take the sign of a currency, or of per cent, from a column all of whose values have it."""
    if not any(text.lower() not in MISSING and _UNIT.match(text) for text in texts[:UNITS]):
        return texts
    found = {text: _UNIT.match(text) for text in set(texts)}
    units = {one["before"] or one["after"] for one in found.values() if one}
    if len(units) != 1 or not all(one or text.lower() in MISSING for text, one in found.items()):
        return texts
    diagnosis.note(f"the values of {name} are read without their {units.pop()}")
    without = {text: f"{one['sign']}{one['number']}" if one else text for text, one in found.items()}
    return [without[text] for text in texts]


def _without_parentheses(name: str, texts: Sequence[str], diagnosis: Diagnosis) -> Sequence[str]:
    """Write numbers in parentheses, as accountants have losses, with a minus."""
    found = {text: f"-{text[1:-1].strip()}" for text in set(texts) if _LOSS.match(text)}
    if not found:
        return texts
    diagnosis.note(f"numbers of {name} in parentheses, such as {next(iter(sorted(found)))}, are read as negative")
    return [found.get(text, text) for text in texts]


def _is_missing(text: str, na: Sequence[Any]) -> bool:
    return text.lower() in MISSING or text in na


def _explain(
    name: str,
    texts: Sequence[str],
    lines: Sequence[int],
    marks: Marks,
    parsed: dict[str, float | None],
    diagnosis: Diagnosis,
) -> dict[str, float | None]:
    """Report the texts that are no numbers; return how they are read as if the report were heeded."""
    numbers = [text for text in parsed if any(one.parse(text) is not None for one in USUAL)]
    wrong = {text for text, value in parsed.items() if value is None}
    marked = wrong & set(numbers)
    if others := _others(numbers, marks, in_quotes=diagnosis.delimiter == ",") if marked else []:
        _report_marks(name, texts, lines, {text: parsed[text] for text in numbers}, others, diagnosis)
        parsed = {text: others[0].parse(text) for text in parsed}
    for text in [] if others else sorted(marked, key=texts.index)[:ALIKE]:
        diagnosis.mistake(
            lines[texts.index(text)],
            f"{name} is {text[:40]!r}, which has {_other_mark(text, marks)}, unlike other values; correct it",
        )
    rest = wrong - marked
    if rest:
        _report_words(name, texts, lines, rest, diagnosis, numbers=bool(numbers))
    left = rest if others else wrong
    return parsed | dict.fromkeys(left, 0.0)  # not NaN, which would be reported as missing, too


def _report_words(
    name: str,
    texts: Sequence[str],
    lines: Sequence[int],
    rest: Set[str],
    diagnosis: Diagnosis,
    *,
    numbers: bool,
) -> None:
    """Report texts that are no numbers, whatever the marks; `numbers` says whether the column has any."""
    at_lines = [line for line, text in zip(lines, texts, strict=True) if text in rest]
    if not numbers and all(kind_of(text) is Kind.TIME for text in rest):
        diagnosis.mistake(
            at_lines[0],
            f"{name} holds times, such as {texts[lines.index(at_lines[0])][:40]!r}, and no numbers: name another "
            "column, or leave it out; what the model sees of times is written as prepare.calendar: [month, weekday]",
        )
    elif figures := [text for text in sorted(rest, key=texts.index) if _is_figure(text)][:ALIKE]:
        shown = ", ".join(repr(text[:20]) for text in figures)
        diagnosis.mistake(
            lines[texts.index(figures[0])],
            f"{name} has values that are no numbers as they are written, such as {shown}; correct them",
        )
    elif numbers and len(rest) <= MOST_WORDS and all(map(str.isprintable, rest)):
        shown = " and ".join(repr(word[:40]) for word in sorted(rest))
        na = [*(diagnosis.source.na or ()), *diagnosis.fixes.get("na", ()), *sorted(rest)]
        words, them = ("is no number", "it") if len(rest) == 1 else ("are no numbers", "them")
        diagnosis.mistake(
            at_lines[0],
            f"{name} is {shown} on {on_lines(at_lines)}, which {words}; correct {them}, or name {them} in "
            "series.na if a value is missing there",
            na=list(dict.fromkeys(na)),
            missing="previous",
        )
    else:
        sample = ", ".join(repr(text[:20]) for text in sorted(rest, key=texts.index)[:ALIKE])
        diagnosis.mistake(
            at_lines[0],
            f"{name} has text in {len(at_lines):,} of {many(len(texts), 'row')}, such as {sample}; name a column of "
            f"numbers{'' if numbers else ': text is no target, but may be an input'}",
        )


def _others(numbers: Sequence[str], marks: Marks, *, in_quotes: bool) -> list[Marks]:
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


def _report_marks(
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


def _other_mark(text: str, marks: Marks) -> str:
    found = next(one for one in USUAL if one.parse(text) is not None)
    return _described(found) or f"a decimal {'point' if marks.decimal == ',' else 'comma'}"


def _refuse_large(
    name: str, texts: Sequence[str], lines: Sequence[int], values: Float64s, diagnosis: Diagnosis
) -> None:
    large = np.flatnonzero(np.abs(values) > MOST_VALUE)
    for place in large[:ALIKE]:
        diagnosis.mistake(
            lines[place],
            f"{name} is {texts[place][:40]!r}, which is too large; allowed: numbers from -1e150 to 1e150; correct it",
        )
    if len(large) > ALIKE:
        diagnosis.mistake(lines[large[ALIKE]], f"{name} is too large in {len(large) - ALIKE:,} more rows")
