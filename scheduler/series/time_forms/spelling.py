"""Times with words of other languages, and spans of time, as the plain times that they stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: beginnings of the names of months in German, French, Spanish, Italian, Dutch and Portuguese, month by month
MONTHS = (
    *("jan|ene|gen", "feb|fév|fev|fév", "mär|mar|maa|mrz", "apr|avr|abr", "mai|may|mag|mei", "jun|juin|giu"),
    *("jul|juil|lug", "aug|aoû|ago", "sep|set", "okt|oct|ott|out", "nov", "dez|déc|dic|dec"),
)
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WORD = re.compile(r"[^\W\d_]{3,}\.?")
_HALF = re.compile(r"\b([ap])\.\s?m\.?", re.IGNORECASE)
_SPAN = re.compile(r"\s+(?:-|\N{EN DASH}|to|bis)\s+|\s*/\s*(?=\d{4}-)")


def plain_times(texts: Sequence[str], sample: Sequence[str]) -> list[str] | None:
    """Return texts with English months, AM and PM, and spans by their start; None where that changes nothing."""
    if all(_plain(text) == text for text in sample):
        return None
    return [_plain(text) for text in texts]


def _plain(text: str) -> str:
    start = _SPAN.split(text, maxsplit=1)[0]
    return _WORD.sub(_english, _HALF.sub(lambda found: found[1].upper() + "M", start))


def _english(word: re.Match[str]) -> str:
    lowered = word.group().lower().rstrip(".")
    if lowered.startswith(("juin", "juil")):
        return _ENGLISH[5 if lowered.startswith("juin") else 6]
    for number, beginnings in enumerate(MONTHS):
        if lowered.startswith(tuple(beginnings.split("|"))):
            return _ENGLISH[number]
    return word.group()
