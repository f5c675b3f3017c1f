"""Columns of text that a grid takes as inputs: read as the numbers of their categories until all rows are settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from scheduler.series.categories import became, spread, too_many
from scheduler.series.diagnosis import Diagnosis
from scheduler.series.reading.marks import parse_number
from scheduler.series.reading.numbers import Column, is_number
from scheduler.series.reading.observations import Observations
from scheduler.series.tables.cells import MISSING, Kind, kind_of

#: stands for a missing number, and is the name of a category where a column is text
_NONE = "none"
#: texts of which one is a number, nearly always, where others are
SAMPLE = 20
#: codes are below it
MOST_CODE = 1e15
#: columns with the same categories of which each has a note of its own
MOST_NOTES = 3


def is_input(name: str, diagnosis: Diagnosis) -> bool:
    """Return whether a column is an input and no target."""
    source = diagnosis.source
    return name in (source.inputs or ()) and name not in (source.targets or ())


def read_text(
    name: str, texts: Sequence[str], lines: Sequence[int], diagnosis: Diagnosis, *, fixed: bool = False
) -> Column | None:
    """Read an input of text; None if it is a target, or has numbers or times, unless it is `fixed` that it is text."""
    if not is_input(name, diagnosis):
        return None
    source = diagnosis.source
    codes = name in (source.categories or ())
    if codes:
        fixed, texts = True, [as_codes(text)[-1] for text in texts]
    if not fixed and any(map(is_number, islice(filter(None, texts), SAMPLE))):
        return None
    counts = Counter(texts)
    words = {text: count for text, count in counts.items() if _is_missing(text, source.na or ())}
    categories = sorted(set(counts) - set(words), key=_by_code if codes else None)
    if not categories or (not fixed and (any(map(is_number, categories)) or _are_times(categories))):
        return None
    if text := too_many(name, categories):
        diagnosis.mistake(lines[0], text)
    diagnosis.categories[name] = tuple(categories)
    numbers = {text: float(number) for number, text in enumerate(categories)} | dict.fromkeys(words, float("nan"))
    return Column(name, np.array([numbers[text] for text in texts]), Counter(words))


def as_codes(text: str) -> tuple[str, ...]:
    """Return the ways to write a code, the plainest last: `01` and `1.0` are `1`."""
    number = parse_number(text)
    whole = number is not None and abs(number) < MOST_CODE and number == int(number)
    return (text, str(int(number))) if whole and number is not None else (text,)


def _by_code(text: str) -> tuple[float, str]:
    """Return what codes are sorted by: their number; texts among them are sorted as text."""
    number = float(text) if text.isdecimal() and as_codes(text)[-1] == text else 0.0
    return number, text


def _is_missing(text: str, na: Sequence[Any]) -> bool:
    return text in map(str, na) or (text.lower() in MISSING and text.lower() != _NONE)


def _are_times(texts: Sequence[str]) -> bool:
    return all(kind_of(text) is Kind.TIME for text in texts)


def spread_categories(rows: Observations, diagnosis: Diagnosis) -> tuple[Observations, dict[str, str]]:
    """Put columns of 0 and 1 in the place of the numbers of categories; say of each what it was made of."""
    if not diagnosis.categories:
        return rows, {}
    _say(rows.columns, diagnosis)
    names, values, made = spread(rows.columns, rows.values, diagnosis.categories)
    taken = [name for name in made if name in rows.columns]
    if taken:
        diagnosis.refuse(
            0, f"{made[taken[0]]} would become the column {taken[0]!r}, which there is; rename one of them"
        )
    return replace(rows, columns=names, values=values), made


def _say(columns: Sequence[str], diagnosis: Diagnosis) -> None:
    """Say of each column of text what became of it; of many with the same categories at once."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name in columns:
        if name in diagnosis.categories:
            alike.setdefault(tuple(diagnosis.categories[name]), []).append(name)
    codes = tuple(f"{name} " for name in diagnosis.source.categories or ())
    for categories, names in alike.items():
        if len(names) > MOST_NOTES:
            first = became(names[0], categories, _what(names[0], codes))
            diagnosis.note(f"{first}; so did {len(names) - 1} more columns, to {names[-1]}")
        else:
            for name in names:
                diagnosis.note(became(name, categories, _what(name, codes)))


def _what(name: str, codes: tuple[str, ...]) -> str:
    return "a column of codes" if f"{name} ".startswith(codes) else "text"
