"""Words of times: months in other languages, columns of times by their names, and spans by their start."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

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
#: whole names of months in these languages, also as they stand behind a day, of which abbreviations are beginnings
_WHOLE = (
    " january januar janvier enero gennaio januari janeiro stycznia styczeń leden ledna január ianuarie ocak "
    "jänner tammikuu tammikuuta январь января february februar février fevrier febrero febbraio februari "
    "fevereiro luty lutego únor února február februarie şubat helmikuu helmikuuta февраль февраля march märz mars "
    "marzo maart março marco marts marzec marca březen března március martie mart maaliskuu maaliskuuta март "
    "марта mrz mär april avril abril aprile kwiecień kwietnia duben dubna április aprilie nisan huhtikuu "
    "huhtikuuta апрель апреля may mai mayo maggio mei maio maj maja květen května május may\u0131s toukokuu "
    "toukokuuta май мая june juni juin junio giugno junho czerwiec czerwca červen června június iunie haziran "
    "kesäkuu kesäkuuta июнь июня july juli juillet julio luglio julho lipiec lipca červenec července július iulie "
    "temmuz heinäkuu heinäkuuta июль июля august août aout agosto augustus augusti sierpień sierpnia srpen srpna "
    "augusztus ağustos elokuu elokuuta август августа september septembre septiembre settembre setembro wrzesień "
    "września září szeptember septembrie eylül syyskuu syyskuuta сентябрь сентября october oktober octobre "
    "octubre ottobre outubro październik października říjen října október octombrie ekim lokakuu lokakuuta "
    "октябрь октября november novembre noviembre novembro listopad listopada listopadu noiembrie kas\u0131m "
    "marraskuu marraskuuta ноябрь ноября december dezember décembre decembre diciembre dicembre dezembro grudzień "
    "grudnia prosinec prosince decembrie aral\u0131k joulukuu joulukuuta декабрь декабря"
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
#: days by their order, `de` between the parts of a date, and what follows a clock
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|\u00ba|\u00aa)(?![^\W\d_])", re.IGNORECASE)
_OF = re.compile(r"\s+(?:de|del|of)\s+", re.IGNORECASE)
_O_CLOCK = re.compile(r"(?:\[[\w/+-]+\]|\s\([^()]*\)|\s*(?:Uhr|o'clock))\Z", re.IGNORECASE)
_HOURS = re.compile(r"\b(\d{1,2}) ?h ?(\d\d)?\Z")
_HOUR = re.compile(r"(?<=\s)(\d{1,2})\Z")
_GREENWICH = re.compile(r"\s?(?:GMT|UTC)(?=[+-]\d)")
#: a year behind the clock, as C and Unix write it: Fri Jan 01 00:00:00 2021
_YEAR_LAST = re.compile(r"([^\W\d_]{3,} +\d{1,2}),? +(\d{1,2}:\d\d(?::\d\d)?)(?: [A-Z]{3,4})? +(\d{4})\Z")
#: figures that spreadsheets have changed: a comma for the point, one between thousands, and a year as 1960.0
_FIGURES = (
    (re.compile(r"\d{4,},\d+\Z"), lambda text: text.replace(",", ".")),
    (re.compile(r"[12],\d{3}\Z"), lambda text: text.replace(",", "")),
    (re.compile(r"\d{4,8}\.0+\Z"), lambda text: text.partition(".")[0]),
    (
        re.compile(r"\d\.(?:\d{9,17}[eE]\+?0?9|\d{12,17}[eE]\+?12|\d{15,17}[eE]\+?15)\Z"),
        lambda text: f"{Decimal(text):f}",
    ),
)
#: a year of the Buddhist era, from 1957 on: in a date, which has two marks; alone; beside a month or a quarter, with
#: any mark but a point, which may be that of a number
_BUDDHIST = re.compile(
    r"(?:(?<=\d[-/.]\d[-/.])|(?<=\d[-/.]\d\d[-/.]))2[56]\d\d(?!\d)|(?<!\d)2[56]\d\d(?=[-/.]\d\d?[-/.]\d)"
    r"|(?:\A|(?<=\A\d[-/ ])|(?<=\A\d\d[-/ ])|(?<=Q[1-4][-/ ])|(?<=[^\W\d_]{3}[-/ ])|(?<=[^\W\d_]\.[-/ ]))2[56]\d\d"
    r"(?:\Z|(?=[-/ ]\d\d?\Z)|(?=[-/ ]?Q[1-4]\Z)|(?=[-/ ]?[^\W\d_]{3,}\.?\Z))"
)
_OF_YEARS = re.compile(
    r"year|date|yyyy|jahr|datum|fecha|année|\u0e1b\u0e35|\u0e1e\.?\u0e28|\u0e27\u0e31\u0e19"
    r"|(?<![^\W_])(?:data|año|ano|anno|rok|år|b\.?e)(?![^\W_])",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\s+(?:-|\N{EN DASH}|to|bis)\s+|\s*/\s*(?=\d{4}-)")


def plain_figures(texts: Sequence[str], sample: Sequence[str]) -> list[str] | None:
    """Return numbers as others write them, where all were changed by a spreadsheet; else None."""
    for form, plain in _FIGURES:
        if all(map(form.match, sample)) and all(map(form.match, texts)):
            return list(map(plain, texts))
    return None


def of_our_era(texts: Sequence[str], name: str = "") -> list[str] | None:
    """Return dates of the Buddhist era, whose years are 543 more, with ours; None if they are not of it.

    Years alone are of it only in a column whose name says that it has years or dates; others count from 2500 on.
    """
    if all(map(str.isdecimal, texts)) and not _OF_YEARS.search(name):
        return None
    if not all(_BUDDHIST.search(text) for text in texts):
        return None
    return [_BUDDHIST.sub(lambda year: str(int(year.group()) - 543), text) for text in texts]


def plain_times(texts: Sequence[str], sample: Sequence[str]) -> list[str] | None:
    """Return texts with English months, AM and PM, and spans by their start; None where that changes nothing."""
    if all(_plain(text) == text for text in sample):
        return None
    return [_plain(text) for text in texts]


def _plain(text: str) -> str:
    text = text[found.end() :] if (found := _WEEKDAY.match(text)) else text
    start = _SPAN.split(_IDEOGRAPHS.sub(_numeric, text), maxsplit=1)[0]
    start = _GREENWICH.sub(" ", _OF.sub(" ", _ORDINAL.sub("", _with_clock(start))))
    start = _YEAR_LAST.sub(r"\1 \3 \2", start)
    return _WORD.sub(_english, _HALF.sub(lambda found: found[1].upper() + "M", start))


def _with_clock(text: str) -> str:
    """Write clocks such as `7 Uhr` and `12h00` with a colon, and leave out the name of a zone behind an offset."""
    plain = _O_CLOCK.sub("", text)
    if plain != text and "hr" in text[len(plain) :].lower():
        plain = _HOUR.sub(r"\1:00", plain)
    return _HOURS.sub(lambda found: f"{found[1]}:{found[2] or '00'}", plain)


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


def is_month(word: str) -> bool:
    """Return whether a word is the name of a month or the beginning of one; Marathon only begins like one."""
    lowered = word.lower()
    return month_number(lowered) is not None and f" {lowered}" in _WHOLE


def named_like_times(name: str) -> bool:
    """Return whether a column is called after times."""
    return _NAMED.search(name) is not None
