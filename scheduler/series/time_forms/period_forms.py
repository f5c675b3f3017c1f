"""Times written as digits alone (epochs, 20240131), and as periods: quarters, months, ISO weeks, half-years."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from scheduler.series.time_forms.epochs import DIGITS, read_epochs
from scheduler.series.time_forms.spelling import MONTHS, month_number
from scheduler.series.time_forms.strptime import in_one_century, read_format

Wall = NDArray[np.datetime64]

_NO_TIME = np.datetime64("NaT", "us")
#: digits of a date and a clock written without marks
_BASIC = {6: "%Y%m", 8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
#: other orders of them, where the year is not first
_OTHERWISE = {6: ("%m%Y", "%y%m%d", "%d%m%y"), 8: ("%d%m%Y", "%m%d%Y")}
_EPOCH = np.datetime64("1970-01-01", "us")
#: counts of days: what they look like, the number of 1970-01-01, and what they are
_DAYS = (
    (re.compile(r"24[1-9]\d{4}(?:\.\d+)?\Z"), 2440587.5, "Julian days"),
    (re.compile(r"[67]\d{5}(?:\.\d+)?\Z"), 719529.0, "the days of MATLAB"),
)
#: what is said of them, since other numbers look alike
COUNTED = frozenset({"Julian days", "the days of MATLAB"})
_FIRST, _LAST = np.datetime64("1700", "us"), np.datetime64("2200", "us")
#: days from which spreadsheets count
_SPREADSHEET = datetime(1899, 12, 30)
#: fiscal years from which they are told from months
FEWEST = 3
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.\d+)?\Z")


def read_digits(texts: Sequence[str], sample: Sequence[str]) -> Iterator[tuple[Wall, str]]:
    """Read times that are written as digits alone: a date without marks, else an epoch, else a spreadsheet's days."""
    if not all(map(DIGITS.match, sample)):
        return
    lengths = {len(text.partition(".")[0]) for text in sample}
    whole = not any("." in text for text in sample)
    if whole and len(lengths) == 1:
        found = [one for one in _without_marks(texts, min(lengths)) if _is_likely(one[0])]
        if found:
            yield from found
            return
    if epoch := read_epochs(texts, lengths):
        yield epoch
    elif all(map(_SERIAL.match, sample)):
        yield _each(texts, _serial), "the days of a spreadsheet"
    else:
        yield from (one for one in _astronomical(texts, sample) if _is_likely(one[0]))


def _without_marks(texts: Sequence[str], length: int) -> Iterator[tuple[Wall, str]]:
    """Yield what dates without marks may be: the year comes first, unless that gives no dates."""
    if form := _BASIC.get(length):
        yield (wall := _basic(texts, length)), form
        if _is_likely(wall):
            return
    for form in _OTHERWISE.get(length, ()):
        yield read_format(texts, form)[0], form


def _is_likely(wall: Wall) -> bool:
    """Return whether all times are of the last and the next centuries."""
    return not np.isnat(wall).any() and bool(((wall >= _FIRST) & (wall < _LAST)).all())


def _astronomical(texts: Sequence[str], sample: Sequence[str]) -> Iterator[tuple[Wall, str]]:
    """Yield the days of other counts: Julian days, and those of MATLAB."""
    for form, start, what in _DAYS:
        if all(map(form.match, sample)):
            days = np.array([float(text) if form.match(text) else np.nan for text in texts])
            known = np.nan_to_num(days, nan=start)
            wall = _EPOCH + np.round((known - start) * 86_400).astype("timedelta64[s]")
            wall[np.isnan(days)] = _NO_TIME
            yield wall, what


def _basic(texts: Sequence[str], length: int) -> Wall:
    written = [_marked(text) if len(text) == length and text.isdecimal() else "NaT" for text in texts]
    try:
        return np.array(written, dtype="datetime64[us]")
    except ValueError:
        return np.full(len(texts), _NO_TIME)


def _marked(text: str) -> str:
    """Turn 202401310730 into what NumPy reads."""
    day = "-".join(part for part in (text[:4], text[4:6], text[6:8]) if part)
    clock = ":".join(text[at : at + 2] for at in range(8, len(text), 2))
    return f"{day}T{clock}" if clock else day


def _serial(text: str) -> datetime | None:
    if not _SERIAL.match(text):
        return None
    return _SPREADSHEET + timedelta(seconds=round(float(text) * 86_400))


def _each(texts: Sequence[str], read: Callable[[str], datetime | None]) -> Wall:
    def one(text: str) -> np.datetime64:
        found = read(text)
        return _NO_TIME if found is None else np.datetime64(found, "us")

    known = {text: one(text) for text in dict.fromkeys(texts)}
    return np.array([known[text] for text in texts], dtype="datetime64[us]")


def _first_of_quarter(year: str, number: str) -> datetime:
    return datetime(_whole(year), 3 * _ROMAN.get(number.upper(), number.isdecimal() and int(number)) - 2, 1)


def _whole(year: str) -> int:
    """Return a year; one of two digits is from 1969 to 2068, as strptime has it."""
    return int(year) + (0 if len(year) > 2 else 1900 if int(year) > 68 else 2000)


def _first_of_half(year: str, number: str) -> datetime:
    return datetime(int(year), 6 * int(number) - 5, 1)


def _first_of_span(year: str, number: str) -> datetime:
    """Read Jan-Mar 2012 by its first month; the year is that of the last one.

    Raises:
        ValueError: these are not two, three or six months.
    """
    first, last = (month_number(word) or 0 for word in _WORDS.findall(number))
    if not first or not last or (last - first) % 12 not in (1, 2, 5):
        raise ValueError(number)
    return datetime(int(year) - (last < first), first, 1)


def _first_of_month(year: str, number: str) -> datetime:
    return datetime(int(year), int(number), 1)


def _first_of_week(year: str, number: str) -> datetime:
    return datetime.combine(date.fromisocalendar(int(year), int(number), 1), datetime.min.time())


def _first_of_fiscal(year: str, number: str) -> datetime:
    """Read 1999/00 and 1999/2000 by the year in which they start.

    Raises:
        ValueError: the second year is not the next one.
    """
    if (int(year) + 1) % 100 != int(number) % 100:
        raise ValueError(year)
    return datetime(int(year), 1, 1)


def _first_of_business(year: str, number: str) -> datetime:
    """Read FY2010, FY10, and the quarters of such years."""
    return datetime(_whole(year), 3 * int(number or 1) - 2, 1)


#: a year, and what quarters and weeks are called: English, German, French, Spanish, Italian, Portuguese, Danish
_FOUR, _YEAR = r"(?P<year>\d{4})", r"(?P<year>\d{4}|\d\d)"
_QUARTER = r"(?:Q(?:tr|uarter|uartal)?|T(?:rim(?:\.|estre)?)?|K(?:v(?:artal)?)?)\.?"
_WEEK = r"(?:W(?:k|eek|oche)?|KW|S(?:em(?:\.|aine|ana)?)?)\.?"
_NTH = r"(?:st|nd|rd|th|er|e|\u00e8me|\u00ba|\.)?"
_MONTH = rf"(?:{'|'.join(MONTHS)})[^\W\d_]*\.?"
_SPAN = rf"(?P<number>{_MONTH} ?(?:[-/\u2013]|to) ?{_MONTH})"
_WORDS = re.compile(r"[^\W\d_]{3,}")
#: T101 and 1K12 are codes more often than quarters: years of two digits are those of quarters with a Q alone
_SURE = r"(?=.*Q|\d{4}|.*\d{4}\Z)"
_HALF = r"(?:H(?:albjahr|alf|J)?|S(?:em(?:\.|estre)?)?)\.?"
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
FISCAL = "fiscal years"
_FISCAL = re.compile(r"(?P<year>\d{4})[-/](?P<number>\d{4}|\d{2})\Z")
NUMBERED_YEARS = "months of numbered years"
#: what it is, its form with groups named year and number, and the first moment of the period
_PERIODS: tuple[tuple[str, re.Pattern[str], Callable[[str, str], datetime]], ...] = (
    (
        "quarters",
        re.compile(rf"{_SURE}{_YEAR}[-./ :]*{_QUARTER} ?(?P<number>[1-4])\Z", re.IGNORECASE),
        _first_of_quarter,
    ),
    (
        "quarters",
        re.compile(rf"{_SURE}{_QUARTER} ?(?P<number>[1-4])[-./ :,']*{_YEAR}\Z", re.IGNORECASE),
        _first_of_quarter,
    ),
    (
        "quarters",
        re.compile(rf"{_SURE}(?P<number>[1-4]){_NTH} ?{_QUARTER}[-./ :,']*{_YEAR}\Z", re.IGNORECASE),
        _first_of_quarter,
    ),
    ("quarters", re.compile(rf"{_FOUR}[-./ :]+(?P<number>IV|I{{1,3}})\Z"), _first_of_quarter),
    ("quarters", re.compile(rf"(?P<number>IV|I{{1,3}})[-./ :]+{_FOUR}\Z"), _first_of_quarter),
    ("months", re.compile(rf"{_SPAN}[-./ :,]*{_FOUR}\Z", re.IGNORECASE), _first_of_span),
    ("months", re.compile(rf"{_FOUR}[-./ :,]*{_SPAN}\Z", re.IGNORECASE), _first_of_span),
    ("half-years", re.compile(rf"{_FOUR}[-./ :]*{_HALF} ?(?P<number>[12])\Z", re.IGNORECASE), _first_of_half),
    ("half-years", re.compile(rf"{_HALF} ?(?P<number>[12])[-./ :,]*{_FOUR}\Z", re.IGNORECASE), _first_of_half),
    ("half-years", re.compile(rf"(?P<number>[12]){_HALF}[-./ :,]*{_FOUR}\Z", re.IGNORECASE), _first_of_half),
    ("months", re.compile(r"(?P<year>\d{4})[-./ :]?M(?P<number>0?[1-9]|1[0-2])\Z", re.IGNORECASE), _first_of_month),
    ("weeks", re.compile(rf"{_FOUR}[-./ :,]*{_WEEK} ?(?P<number>\d{{1,2}})\Z", re.IGNORECASE), _first_of_week),
    ("weeks", re.compile(rf"{_WEEK} ?(?P<number>\d{{1,2}})[-./ :,]*{_FOUR}\Z", re.IGNORECASE), _first_of_week),
    ("quarters", re.compile(r"(?i)FY ?'?(?P<year>\d{4}|\d\d)[-/ ]*Q(?P<number>[1-4])\Z"), _first_of_business),
    ("quarters", re.compile(r"(?i)Q(?P<number>[1-4])[-/ ]*(?:FY ?|')(?P<year>\d{4}|\d\d)\Z"), _first_of_business),
    (FISCAL, re.compile(r"(?i)FY ?'?(?P<year>\d{4}|\d\d)(?P<number>)\Z"), _first_of_business),
    (NUMBERED_YEARS, re.compile(r"(?P<year>\d{1,3})-(?P<number>\d\d)\Z"), _first_of_month),
)


_ANY = re.compile(
    "|".join(re.sub(r"\(\?P<\w+>", "(?:", form.pattern).removeprefix("(?i)") for _, form, _ in _PERIODS), re.IGNORECASE
)


def is_period(text: str) -> bool:
    """Return whether a text looks like a quarter, a month, a week or a half of a year."""
    return _ANY.match(text) is not None


def what_of(text: str) -> str:
    """Return which kind of period a text is: quarters, months; an empty text for none."""
    return next((what for what, form, _ in _PERIODS if form.match(text)), "")


def read_periods(texts: Sequence[str], sample: Sequence[str]) -> tuple[Wall, str] | None:
    """Read periods by their first moment; NaT where one is not of the form of the first; None if that has none."""
    for what, form, first in _PERIODS:
        if all(found := [form.match(text) for text in sample[:5]]):
            wall = _each(texts, partial(_period, form=form, first=first))
            short = all(one and len(one["year"]) == 2 and what != NUMBERED_YEARS for one in found)
            return in_one_century(wall) if short else wall, what
    return None


def read_fiscal(texts: Sequence[str], sample: Sequence[str]) -> tuple[Wall, str] | None:
    """Read years such as 1999/00, if all are followed by the next one; 2008-09 alone may be a month."""
    return None if len(sample) < FEWEST else next(fiscal_years(texts), None)


def fiscal_years(texts: Sequence[str]) -> Iterator[tuple[Wall, str]]:
    """Yield years such as 1999/00, by their first moment, where all texts are such."""
    if all(map(_FISCAL.match, texts)):
        wall = _each(texts, partial(_period, form=_FISCAL, first=_first_of_fiscal))
        if not np.isnat(wall).any():
            yield wall, FISCAL


def as_period(moment: datetime, like: str, *, padded: bool) -> str | None:
    """Write a time as the period that begins there, in the form of another one; None where that is no period.

    Args:
        moment: the time.
        like: a period, such as 2015Q4.
        padded: whether numbers below 10 have a zero before them.
    """
    what, found = next(((what, one) for what, form, _ in _PERIODS if (one := form.match(like))), ("", None))
    if found is None or not found["number"]:
        return None
    week, months = moment.isocalendar(), {"quarters": 3, "half-years": 6}.get(what, 1)
    year, number = (week.year, week.week) if what == "weeks" else (moment.year, (moment.month - 1) // months + 1)
    written = {"year": str(year)[-len(found["year"]) :], "number": f"{number:02d}" if padded else str(number)}
    text = like
    for name in sorted(written, key=found.start, reverse=True):
        text = text[: found.start(name)] + written[name] + text[found.end(name) :]
    return text


def _period(text: str, *, form: re.Pattern[str], first: Callable[[str, str], datetime]) -> datetime | None:
    found = form.match(text)
    try:
        return first(found["year"], found["number"]) if found else None
    except ValueError:
        return None
