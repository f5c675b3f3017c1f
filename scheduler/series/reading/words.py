"""What is said of text in a column of numbers: times, formulas, codes, missing values, marks at figures."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import islice

from scheduler.series.diagnosis import ALIKE, Diagnosis
from scheduler.series.lines import on_lines
from scheduler.series.reading.flags import flags_of
from scheduler.series.reading.marks import USUAL
from scheduler.series.tables.cells import MISSING, Kind, kind_of
from scheduler.text import many

#: different texts in a column of numbers that may stand for a missing value
MOST_WORDS = 5

#: different values of a column of codes, and letters of one
MOST_CODES, LONGEST_CODE = 12, 3

#: different figures that are slips of the pen, and of all values
MOST_SLIPS, SLIPS = 3, 0.05


def report_words(
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


def _is_figure(text: str) -> bool:
    """Return whether a text has figures and is a number in no way of writing them."""
    return any(map(str.isdigit, text)) and all(marks.parse(text) is None for marks in USUAL)
