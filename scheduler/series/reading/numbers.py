"""Numbers of a file: decimal marks, thousands, missing values, and what is said of text that is no number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.series.diagnosis import ALIKE, Diagnosis
from scheduler.series.reading.flags import CURRENCIES, PARENTHESES, factors_of, without_flags, without_unit
from scheduler.series.reading.marks import USUAL, Marks, other_mark, others_of, report_marks
from scheduler.series.reading.words import report_words
from scheduler.series.tables.cells import MISSING
from scheduler.yaml_text import in_one_line

if TYPE_CHECKING:
    from store.records import Float64s

#: of a value, either way: squares of errors stay within 64-bit numbers, and scaling makes values that 32 bits hold
MOST_VALUE = 1e150
#: a number with the sign of a currency or of a percentage
_CURRENCY = re.compile(
    rf"(?P<sign>[-+]?)(?:(?P<before>[{CURRENCIES}]) ?)?(?P<number>[-+]?\d[^\s%{CURRENCIES}]*)"
    rf"(?(before)| ?(?P<after>[%{CURRENCIES}]))\Z"
)
#: losses as accountants write them: in parentheses, with the sign of a currency in or before them
_LOSS = re.compile(
    rf"(?P<before>[{CURRENCIES}]? ?)"
    rf"\(\s*(?P<inside>[{CURRENCIES}]? ?\d[\d.,'\u2019 \xa0\u202f]* ?[%{CURRENCIES}]?)\s*\)\Z"
)
#: with the minus behind them, as SAP and COBOL do
_MINUS_LAST = re.compile(r"(?P<number>(?:\d[\d.,'\u2019 \xa0\u202f]*|[.,]\d+)) ?[-\u2212]\Z")


@dataclass(slots=True)
class Column:
    """The values of a column: NaN where one is missing."""

    name: str
    values: Float64s
    #: how missing values are written -> how often
    words: Counter[str] = field(default_factory=Counter)


def is_number(text: str) -> bool:
    """Return whether a text is a number in a usual way of writing it, also with the sign of a currency."""
    unit = _CURRENCY.match(text)
    return any(marks.parse(unit["number"] if unit else text) is not None for marks in USUAL)


def read_column(
    name: str, texts: Sequence[str], lines: Sequence[int], marks: Marks, na: Sequence[Any], diagnosis: Diagnosis
) -> Column:
    """Read the values of a column; what is no number is a mistake, with what would mend it."""
    if (quick := _at_once(texts, marks, na)) is not None:
        return Column(name, quick, Counter({"": count} if (count := int(np.isnan(quick).sum())) else {}))
    flags = diagnosis.source.flags or ()
    if flags:
        texts = without_flags(name, texts, flags, lambda text: _is_value(text, marks, na), diagnosis)
    texts = _without_parentheses(name, _with_minus_first(name, texts, diagnosis), diagnosis)
    texts, factors = factors_of(name, without_unit(name, texts, diagnosis), diagnosis)
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
    values = values if factors is None else values * factors
    _refuse_large(name, texts, lines, values, diagnosis)
    numbers = [float(one) for one in na if isinstance(one, int | float)]
    sentinel = np.isin(values, numbers)
    words.update(f"{value:g}" for value in values[sentinel])
    return Column(name, np.where(sentinel, np.nan, values) + 0.0, words)


def _at_once(texts: Sequence[str], marks: Marks, na: Sequence[Any]) -> Float64s | None:
    """Read a column of plain numbers and empty cells, or return None."""
    if marks != Marks() or na:
        return None
    empty = texts.count("")
    try:
        read = (float(text or "nan") for text in texts) if empty else map(float, texts)
        values = np.fromiter(read, np.float64, len(texts))
    except ValueError:
        return None
    joined = "".join(texts)
    plain = joined.isascii() and "_" not in joined
    known = values if not empty else values[~np.isnan(values)]
    whole = len(known) == len(values) - empty and bool((np.abs(known) <= MOST_VALUE).all())
    return values + 0.0 if plain and whole and len(known) else None


def _with_minus_first(name: str, texts: Sequence[str], diagnosis: Diagnosis) -> Sequence[str]:
    """Write numbers such as 123- with the minus before them, unless others have it there: then it is something else."""
    if any(text[:1] in "-\u2212" and text[1:2].isdigit() for text in texts):
        return texts
    read = {text: _MINUS_LAST.match(text) for text in set(texts)}
    found = {text: f"-{one['number'].strip()}" for text, one in read.items() if one}
    if not found:
        return texts
    diagnosis.note(f"numbers of {name} with a minus behind them, such as {min(found)}, are read as negative")
    return [found.get(text, text) for text in texts]


def _without_parentheses(name: str, texts: Sequence[str], diagnosis: Diagnosis) -> Sequence[str]:
    """Write numbers in parentheses, as accountants have losses, with a minus."""
    read = {text: _LOSS.match(text) for text in set(texts)}
    found = {text: f"-{one['before'].strip()}{one['inside'].strip()}" for text, one in read.items() if one}
    if not found:
        return texts
    flags = [*(diagnosis.source.flags or ()), PARENTHESES]
    diagnosis.note(
        f"numbers of {name} in parentheses, such as {min(found)}, are read as negative; if they are uncertain ones, "
        f"write series.flags: {in_one_line(flags)}"
    )
    diagnosis.others.append(("if numbers in parentheses are uncertain ones, not negative", {"flags": flags}))
    return [found.get(text, text) for text in texts]


def _is_value(text: str, marks: Marks, na: Sequence[Any]) -> bool:
    """Return whether a text is a number in a way of writing it, or stands for a missing value."""
    return _is_missing(text, na) or any(one.parse(text) is not None for one in (marks, *USUAL))


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
    if others := others_of(numbers, marks, in_quotes=diagnosis.delimiter == ",") if marked else []:
        report_marks(name, texts, lines, {text: parsed[text] for text in numbers}, others, diagnosis)
        parsed = {text: others[0].parse(text) for text in parsed}
    for text in [] if others else list(islice(filter(marked.__contains__, dict.fromkeys(texts)), ALIKE)):
        diagnosis.mistake(
            lines[texts.index(text)],
            f"{name} is {text[:40]!r}, which has {other_mark(text, marks)}, unlike other values; correct it",
        )
    rest = wrong - marked
    if rest:
        report_words(name, texts, lines, rest, diagnosis, numbers=bool(numbers))
    left = rest if others else wrong
    return parsed | dict.fromkeys(left, 0.0)  # not NaN, which would be reported as missing, too


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
