"""Words of times: months in other languages, columns of times by their names, and spans by their start."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: beginnings of the names of months, month by month: English, German, French, Spanish, Italian, Dutch, Portuguese,
#: Swedish, Danish, Norwegian, Polish, Czech, Hungarian, Romanian, Turkish, Finnish and Russian; the longest one counts
MONTHS = (
    "jan|ene|gen|sty|led|ian|oca|tammi|янв",
    "feb|fév|fev|lut|úno|şub|helmi|фев",
    "mär|mar|maa|mrz|bře|már|мар",
    "apr|avr|abr|kwi|dub|ápr|nis|huhti|апр",
    "mai|may|mag|mei|maj|kvě|máj|touko|май|мая",
    "jun|juin|giu|cze|červen|jún|iun|haz|kesä|июн",
    "jul|juil|lug|lip|červenec|července|júl|iul|tem|heinä|июл",
    "aug|aoû|aou|ago|sie|srp|ağu|elo|авг",
    "sep|set|wrz|zář|sze|eyl|syys|сен",
    "okt|oct|ott|out|paź|říj|eki|loka|окт",
    "nov|lis|noi|kas|marras|ноя",
    "dez|déc|dic|dec|des|gru|pro|ara|joulu|дек",
)
_MONTH_OF = {word: number for number, words in enumerate(MONTHS, start=1) for word in words.split("|")}
_BEGINNINGS = sorted(_MONTH_OF, key=len, reverse=True)
#: words in the names of columns that hold times
_NAMED = re.compile(
    r"date|time|stamp|epoch|unix|day|month|year|week|hour|quarter|zeit|datum|jahr|monat|quartal|yyyy|fecha|mois|período|period"
    r"|(?<![^\W_])(?:ts|dt|t|tag|mese?|data|año|ano|anno|rok|år)(?![^\W_])",
    re.IGNORECASE,
)
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WORD = re.compile(r"[^\W\d_]{3,}\.?")
_HALF = re.compile(r"\b([ap])\.\s?m\.?", re.IGNORECASE)
_IDEOGRAPHS = re.compile(r"(\d{4})\u5e74(\d{1,2})\u6708(?:(\d{1,2})\u65e5)?")
#: days of the week before a date of figures: English, German, French, Spanish, Italian and Dutch
_WEEKDAY = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|mie|jue|vie|sáb|sab|dom|gio|ma|wo|vr"
    r"|za|zo)[^\W\d]*\.?,?\s+(?=\d{1,4}[-./]\d{1,2}[-./])",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\s+(?:-|\N{EN DASH}|to|bis)\s+|\s*/\s*(?=\d{4}-)")


def plain_times(texts: Sequence[str], sample: Sequence[str]) -> list[str] | None:
    """Return texts with English months, AM and PM, and spans by their start; None where that changes nothing."""
    if all(_plain(text) == text for text in sample):
        return None
    return [_plain(text) for text in texts]


def _plain(text: str) -> str:
    text = text[found.end() :] if (found := _WEEKDAY.match(text)) else text
    start = _SPAN.split(_IDEOGRAPHS.sub(_numeric, text), maxsplit=1)[0]
    return _WORD.sub(_english, _HALF.sub(lambda found: found[1].upper() + "M", start))


def _numeric(found: re.Match[str]) -> str:
    """Write the year, month and day of Japanese and Chinese dates as ISO 8601."""
    return "-".join([found[1], found[2].zfill(2), *([found[3].zfill(2)] if found[3] else [])])


def _english(word: re.Match[str]) -> str:
    number = month_number(word.group())
    return word.group() if number is None else _ENGLISH[number - 1]


def month_number(word: str) -> int | None:
    """Return the number of a month by its name, or by the beginning of it; None for another word."""
    lowered = word.lower()
    return next((_MONTH_OF[beginning] for beginning in _BEGINNINGS if lowered.startswith(beginning)), None)


def named_like_times(name: str) -> bool:
    """Return whether a column is called after times."""
    return _NAMED.search(name) is not None
