"""The strptime formats that fit a sample of times: dates as they are usually written, with any clock behind them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

_NUMERIC = tuple(
    form.replace(" ", mark)
    for mark in ".-/"
    for form in (
        "%d %m %Y",
        "%m %d %Y",
        "%Y %m %d",
        "%d %m %y",
        "%m %d %y",
        "%y %m %d",
        "%m %Y",
        "%Y %m",
        "%d %b %Y",
        "%d %b %y",
    )
    if not (mark == "." and form.startswith("%m %d"))  # with points, the day is first
)
_WORDS = (
    *("%d %b %Y", "%d %B %Y", "%d. %B %Y", "%d. %b %Y", "%d %b %y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y"),
    *("%b %Y", "%B %Y", "%b, %Y", "%b. %Y", "%b-%Y", "%B-%Y", "%b-%y", "%b %y", "%b/%Y", "%y-%b"),
    *("%Y %b", "%Y %B", "%Y-%b", "%Y/%b", "%Y%b", "%Y-%b-%d", "%Y %b %d", "%d%b%Y", "%d%b%y", "%b%Y", "%b%y"),
)
#: of a sample of times that a form must read
MOSTLY = 0.7
#: times from which the forms are told that are tried on the others
FIRST = 3
_DAYS = ("", "%a, ", "%a ", "%A, ", "%A ")
_BASIC = ("%Y%m%d",)
_CLOCK = re.compile(
    r"(?P<mark>[T:]| *, *| +- +| +)(?P<clock>\d{1,2}(?P<dot>[:.]\d{2}(?P<second>[:.]\d{2}(?P<fraction>[.,]\d{1,6})?)?)?"
    r"(?P<half> ?[ap]\.?m\.?)?|\d{4})(?P<space> ?)(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?\Z",
    re.IGNORECASE,
)


def strptime_forms(sample: Sequence[str]) -> Iterator[str]:
    """Yield the formats that read the most of a sample: several where day and month cannot be told apart."""
    if not sample:
        return
    for clock, dates in _splits(sample):
        fits = {form: sum(_fits(date, form) for date in dates) for form in _candidates(dates)}
        most = max(fits.values(), default=0)
        if most >= MOSTLY * len(sample):
            yield from (form + clock for form, count in fits.items() if count == most)
            return


def _candidates(dates: Sequence[str]) -> list[str]:
    """Return the forms of some of the first dates."""
    return [form for form in _dates() if any(_fits(date, form) for date in dates[:FIRST])]


def _dates() -> Iterator[str]:
    yield from (*_NUMERIC, *_BASIC)
    for day in _DAYS:
        yield from (day + form for form in _WORDS)


def _splits(sample: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the format of the clock, and the texts without it: first no clock, then one that all have."""
    yield "", list(sample)
    found = [_CLOCK.search(text) for text in sample]
    forms = Counter(_clock_form(one) for one in found if one)
    for form, _ in forms.most_common(2):
        same = [(text, one) for text, one in zip(sample, found, strict=True) if one and _clock_form(one) == form]
        yield form, [text[: one.start()] for text, one in same]


def _clock_form(found: re.Match[str]) -> str:
    """Return the format of a clock, with the mark before it."""
    clock, half = found["clock"], found["half"]
    hour = "%I" if half else "%H"
    if len(clock) == 4 and clock.isdecimal():
        form = "%H%M"
    else:
        form = hour
        if found["dot"]:
            form += f"{found['dot'][0]}%M"
        if found["second"]:
            form += f"{found['second'][0]}%S"
        if found["fraction"]:
            form += f"{found['fraction'][0]}%f"
    if half:
        form += " %p" if half.startswith(" ") else "%p"
    zone = found["zone"]
    if zone:
        form += found["space"] + ("%z" if zone[0] in "+-Zz" else zone)
    return found["mark"] + form


def _fits(text: str, form: str) -> bool:
    if form in _BASIC and len(text) != len("20240131"):
        return False  # strptime takes fewer figures, too, and finds the year 120 in 012015
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True
