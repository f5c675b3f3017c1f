"""Numbers of a file: decimal marks, thousands, missing values, and what is said of text that is no number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.series.diagnosis import ALIKE, Diagnosis
from scheduler.series.lines import on_lines
from scheduler.series.reading.flags import CURRENCIES, PARENTHESES, factors_of, flags_of, without_flags, without_unit
from scheduler.series.reading.marks import USUAL, Marks, other_mark, others_of, report_marks
from scheduler.series.tables.cells import MISSING, Kind, kind_of
from scheduler.text import many
from scheduler.yaml_text import in_one_line

if TYPE_CHECKING:
    from store.records import Float64s

#: of a value, either way: squares of errors stay within 64-bit numbers, and scaling makes values that 32 bits hold
MOST_VALUE = 1e150
#: different texts in a column of numbers that may stand for a missing value
MOST_WORDS = 5

#: different values of a column of codes, and letters of one
MOST_CODES, LONGEST_CODE = 12, 3

#: different figures that are slips of the pen, and of all values
MOST_SLIPS, SLIPS = 3, 0.05

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


def _is_figure(text: str) -> bool:
    """Return whether a text has figures and is a number in no way of writing them."""
    return any(map(str.isdigit, text)) and all(marks.parse(text) is None for marks in USUAL)


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
    times = not numbers and all(kind_of(text) is Kind.TIME for text in rest)
    figures = [] if times else [text for text in dict.fromkeys(texts) if text in rest and _is_figure(text)]
    if figures:
        _report_figures(name, texts, lines, figures, diagnosis)
        rest = rest - {*figures}
    if not rest:
        return
    numbers = numbers or bool(figures)
    at_lines = [line for line, text in zip(lines, texts, strict=True) if text in rest]
    if times:
        diagnosis.mistake(
            at_lines[0],
            f"{name} holds times, such as {texts[lines.index(at_lines[0])][:40]!r}, and no numbers: name another "
            "column, or leave it out; what the model sees of times is written as prepare.calendar: [month, weekday]",
        )
    elif all(text.startswith("=") for text in rest):
        diagnosis.mistake(
            at_lines[0],
            f"{name} has formulas without values, such as {min(rest)[:40]!r}: the program that wrote the workbook "
            "does not compute them; open it in a spreadsheet, and save it",
        )
    elif numbers and _are_codes(name, texts, diagnosis):
        _report_codes(name, rest, at_lines, diagnosis)
    elif numbers and len(rest) <= MOST_WORDS and all(map(str.isprintable, rest)):
        _report_few_words(name, rest, at_lines, diagnosis)
    else:
        sample = ", ".join(repr(text[:20]) for text in islice(filter(rest.__contains__, dict.fromkeys(texts)), ALIKE))
        diagnosis.mistake(
            at_lines[0],
            f"{name} has text in {len(at_lines):,} of {many(len(texts), 'row')}, such as {sample}; name a column of "
            f"numbers{'' if numbers else ': text is no target, but may be an input'}",
        )


def _report_codes(name: str, words: Set[str], at_lines: Sequence[int], diagnosis: Diagnosis) -> None:
    """Report words beside whole numbers of few values, which are codes as they are."""
    shown = " and ".join(repr(word) for word in sorted(words))
    categories = [*(diagnosis.source.categories or ()), *diagnosis.fixes.get("categories", ()), name]
    diagnosis.mistake(
        at_lines[0],
        f"{name} is {shown} on {on_lines(at_lines)}, and whole numbers of few values elsewhere, as codes are; name "
        "it in series.categories",
        categories=list(dict.fromkeys(categories)),
    )


def _report_few_words(name: str, words: Set[str], at_lines: Sequence[int], diagnosis: Diagnosis) -> None:
    """Report a few words among numbers, which may stand for missing values."""
    shown = " and ".join(repr(word[:40]) for word in sorted(words))
    which, them = ("is no number", "it") if len(words) == 1 else ("are no numbers", "them")
    text = (
        f"{name} is {shown} on {on_lines(at_lines)}, which {which}; correct {them}, or name {them} in "
        "series.na if a value is missing there"
    )
    _report_missing(at_lines[0], text, sorted(words), diagnosis)


def _are_codes(name: str, texts: Sequence[str], diagnosis: Diagnosis) -> bool:
    """Return whether an input has text beside whole numbers, both of few values: `0`, `a` and `b` for holidays."""
    source = diagnosis.source
    different = {text for text in texts if text.lower() not in MISSING}
    if name not in (source.inputs or ()) or name in (source.targets or ()) or len(different) > MOST_CODES:
        return False
    numbers = [text for text in different if any(marks.parse(text) is not None for marks in USUAL)]
    return all(map(str.isdecimal, numbers)) and all(len(text) <= LONGEST_CODE for text in different)


def _report_missing(line: int, text: str, words: Sequence[str], diagnosis: Diagnosis) -> None:
    """Report words with the fields by which they stand for missing values."""
    na = [*(diagnosis.source.na or ()), *diagnosis.fixes.get("na", ()), *words]
    diagnosis.mistake(line, text, na=list(dict.fromkeys(na)), missing="previous")


def _report_figures(
    name: str, texts: Sequence[str], lines: Sequence[int], figures: Sequence[str], diagnosis: Diagnosis
) -> None:
    """Report texts with figures that are no numbers: those with marks at them, which a grid can name, or others."""
    shown = ", ".join(repr(text[:20]) for text in figures[:ALIKE])
    at = lines[texts.index(figures[0])]
    flags = flags_of(figures)
    if not flags and len(figures) <= MOST_SLIPS and sum(map(set(figures).__contains__, texts)) <= SLIPS * len(texts):
        verb = "is no number" if len(figures) == 1 else "are no numbers"
        lines_at = [line for line, text in zip(lines, texts, strict=True) if text in figures]
        text = (
            f"{name} is {shown} on {on_lines(lines_at)}, which {verb}; correct it in the file, or "
            "leave the value out by series.na: it is then missing"
        )
        _report_missing(at, text, figures, diagnosis)
        return
    if not flags:
        diagnosis.mistake(
            at, f"{name} has values that are no numbers as they are written, such as {shown}; correct them"
        )
        return
    count = sum(map(set(figures).__contains__, texts))
    if len(flags) > 1 and max(map(len, flags)) > 1 and count == sum(text.lower() not in MISSING for text in texts):
        diagnosis.mistake(
            at,
            f"each value of {name} has one of {len(flags)} units or marks, such as {shown}: write the values in one "
            "unit",
        )
        return
    diagnosis.mistake(
        at,
        f"{count:,} of {len(texts):,} values of {name} have marks at their numbers, such as {shown}: name those that "
        "change nothing of a number as series.flags; it is then read without them",
        flags=list(dict.fromkeys([*(diagnosis.source.flags or ()), *diagnosis.fixes.get("flags", ()), *flags])),
    )


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
