"""What the text of one cell looks like: a number, a time, a missing value, or other text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from scheduler.series.time_forms.period_forms import is_period
from scheduler.series.time_forms.spelling import MONTHS

#: text that stands for a missing value, in lower case
MISSING = frozenset(
    {
        "",
        "na",
        "n/a",
        "#n/a",
        "nan",
        "null",
        "none",
        "nil",
        "nat",
        "-",
        "--",
        "---",
        "\N{EM DASH}",
        "?",
        ".",
        ":",
        "..",
        "missing",
        "***",
        "...",
        "\N{HORIZONTAL ELLIPSIS}",
        *("n.a.", "n. a.", "k.a.", "k. a.", "n.d.", "n.v.", "nd", "<na>", "(blank)", "not available", "1.#qnan"),
        *("#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!"),  # of spreadsheets
    }
)

_NUMBER = re.compile(
    r"[-+\u2212]?(?:"
    r"(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?"
    r"|\d{1,3}(?:[.,'\u2019 \xa0\u202f]\d{3})+(?:[.,]\d+)?|\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d+)?"
    r")-?\Z"
)
_MONTHS = "|".join(MONTHS)
_TIME = re.compile(
    r"(?:[^\W\d_]{2,10}\.?,? (?=\d+[-/.]\d+[-/.]))?\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4}(?:[T ,].*)?|[T ,].*\d.*)?\Z"
    r"|(?:0?[1-9]|1[0-2])[-/](?:(?:1[5-9]|2[01])\d\d|2(?:4[4-9]|5\d|6[0-4])\d)\Z"  # years of ours, or Buddhist ones
    r"|\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[aApP]\.?[mM]\.?)?\Z"
    r"|\d{4}-?W\d{2}-\d\Z|\d{8}[ T_]\d{2,6}\Z|\d{4}\u5e74\d{1,2}\u6708(?:\d{1,2}\u65e5)?\Z"
    rf"|(?:[A-Za-z]{{3,9}},? )?\d{{0,2}}(?:st|nd|rd|th|er|\u00ba)?[-. ]*(?:de )?(?:{_MONTHS})[^\W\d_]*\.?[-, /]*"
    r"(?:del? )?\d{1,4}(?:st|nd|rd|th)?(?:[-, ]+\d{2,4})?(?:[T ,].*)?\Z"
    rf"|\d{{4}}[-. ]*(?:{_MONTHS})[^\W\d_]*\Z",
    re.IGNORECASE,
)


class Kind(Enum):
    """What a cell holds."""

    NUMBER = "number"
    TIME = "time"
    MISSING = "missing"
    TEXT = "text"


def kind_of(text: str) -> Kind:
    """Return what a cell looks like; what could be a number is one."""
    text = text.strip()
    if text.lower() in MISSING:
        return Kind.MISSING
    if _NUMBER.match(text):
        return Kind.NUMBER
    return Kind.TIME if _TIME.match(text) or is_period(text) else Kind.TEXT


def is_readable(text: str) -> bool:
    """Return whether a cell is a number or a time."""
    return kind_of(text) in (Kind.NUMBER, Kind.TIME)


def fits(row: Sequence[str], kinds: Sequence[Kind]) -> bool:
    """Return whether a row could be an observation: what other rows have is there or missing, and some is there."""
    found = [(kind_of(cell), kind) for cell, kind in zip(row, kinds, strict=False)]
    typed = [(cell, kind) for cell, kind in found if kind in (Kind.NUMBER, Kind.TIME)]
    return all(cell in (kind, Kind.MISSING) for cell, kind in typed) and any(cell is kind for cell, kind in typed)
