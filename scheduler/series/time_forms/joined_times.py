"""Times in several columns: a date and a clock, or year, month, day and hour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.time_forms.spelling import month_number, of_our_era
from scheduler.series.time_forms.strptime import read_format
from scheduler.series.time_forms.times import Times, read_times
from scheduler.text import many

#: half hours and quarters of an hour of a day
PERIODS = (48, 96)
DAY = 86_400  #: seconds
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?\Z", re.IGNORECASE)
_WHOLE = re.compile(r"\d{1,4}(?:\.0)?\Z")
#: the hour that is there twice when clocks are set back, as grid operators write it: 3A and 3B
_TWICE = re.compile(r"(\d{1,2})[ABab]\Z")
_NO_TIME = np.datetime64("NaT", "us")
#: what a column of a time may be called -> its part
_PARTS = {
    "year": ("year", "yr", "jahr", "annee", "année", "ano", "año", "y"),
    "quarter": ("quarter", "quartal", "qtr", "trimestre", "q"),
    "month": ("month", "monat", "mois", "mes", "mon", "mnth", "mo", "m"),
    "week": ("week", "woche", "semaine", "semana", "kw", "w"),
    "doy": ("doy", "dayofyear", "yday", "julianday", "jday"),
    "day": ("day", "tag", "jour", "dia", "día", "dy", "d", "dayofmonth"),
    "hour": ("hour", "hours", "stunde", "heure", "hora", "hr", "hrs", "h"),
    "minute": ("minute", "min", "mm"),
    "second": ("second", "sec", "ss"),
}
_LETTERS = {"YY": "year", "YYYY": "year", "MM": "month", "DD": "day", "hh": "hour", "HH": "hour", "mn": "minute"}
_LETTERS |= {"dy": "day", "yyyy": "year", "dd": "day"}
_ORDER = ("year", "month", "day", "hour", "minute", "second")


def is_clock(texts: Sequence[str], *, named: bool) -> bool:
    """Return whether a column holds clocks, or, under a name that says so, hours as whole numbers."""
    sample = texts[:50]
    hours = named and all(_WHOLE.match(text) or _TWICE.match(text) for text in sample)
    return bool(sample) and (hours or all(map(_CLOCK.match, sample)))


def add_clock(days: NDArray[np.datetime64], texts: Sequence[str]) -> NDArray[np.datetime64] | None:
    """Add clocks, or hours, to days; None if one is neither."""
    known = _clocks(texts)
    if None in known.values():
        return None
    seconds = np.array([known[text] for text in texts], dtype=np.float64)
    whole: NDArray[np.datetime64] = days + np.round(seconds * 1e6).astype("timedelta64[us]")
    return whole


def _clocks(texts: Sequence[str]) -> dict[str, float | None]:
    """Read clocks as seconds of the day: hours, or the numbers of half hours and quarters of an hour from 1."""
    known = {text: _seconds(text) for text in set(texts)}
    wrong = [text for text, seconds in known.items() if seconds is None]
    if not wrong or not all(map(_WHOLE.match, known)):
        return known
    return _numbered(known)


def _numbered(known: dict[str, float | None]) -> dict[str, float | None]:
    last = max(int(float(text)) for text in known)
    if last > PERIODS[-1] and all(int(text) % 100 < 60 and int(text) <= 2400 for text in known if "." not in text):
        return {text: int(float(text)) // 100 * 3600.0 + int(float(text)) % 100 * 60 for text in known}
    periods = next((count for count in PERIODS if last <= count), None)
    return known if periods is None else {text: (float(text) - 1) * DAY / periods for text in known}


def _seconds(text: str) -> float | None:
    if _WHOLE.match(text):
        hours = float(text)
        return hours * 3600 if hours <= 24 else None
    if twice := _TWICE.match(text):
        return int(twice[1]) * 3600.0 if int(twice[1]) <= 24 else None
    if not _CLOCK.match(text):
        return None
    half = re.search(r"[ap](?=\.?m)", text, re.IGNORECASE)
    marked = re.sub(r"(?<=\d)\.(?=\d{2}(?:\.|\Z))", ":", text)
    digits = [float(part.replace(",", ".")) for part in re.findall(r"\d+(?:[.,]\d+)?", marked)]
    late = bool(half and half.group().lower() == "p")
    hour = digits[0] % 12 + 12 * late if half else digits[0]
    return hour * 3600 + sum(value * 60.0 ** (1 - place) for place, value in enumerate(digits[1:]))


def read_joined(
    names: Sequence[str], columns: Sequence[Sequence[str]], lines: Sequence[int], diagnosis: Diagnosis
) -> Times | None:
    """Read times that are in several columns."""
    columns = [*(_carried(*one, diagnosis) for one in zip(names[:-1], columns[:-1], strict=True)), columns[-1]]
    columns = [_of_our_era(*one, diagnosis) for one in zip(names, columns, strict=True)]
    texts = [" ".join(parts) for parts in zip(*columns, strict=True)]
    form, clock = diagnosis.source.format, len(columns) == 2 and is_clock(columns[1], named=True)
    if form is not None and not (clock and np.isnat(read_format(texts, form)[0]).all()):
        return read_times(" and ".join(names), texts, lines, diagnosis)
    parts = _parts(names, columns) if form is None else None
    if parts is not None:
        wall = _of_parts(parts)
        wrong = np.flatnonzero(np.isnat(wall))
        for place in wrong[:3]:
            diagnosis.mistake(lines[place], f"{' '.join(names)} is {texts[place][:40]!r}, which is no time; correct it")
        if len(wrong) > 3:
            diagnosis.mistake(lines[wrong[3]], f"{len(wrong) - 3:,} more such times")
        return Times(wall, what=f"the columns {' and '.join(names)}")
    if clock:
        from scheduler.series.time_forms.numbered_periods import read_numbered

        return read_numbered(names, columns, lines, diagnosis) or _with_clock(names, columns, lines, diagnosis)
    return read_times(" and ".join(names), texts, lines, diagnosis)


def _of_our_era(name: str, texts: Sequence[str], diagnosis: Diagnosis) -> Sequence[str]:
    """Return a column of years alone that are of the Buddhist era as years of ours."""
    ours = of_our_era(texts, name) if texts and all(text.isdecimal() for text in texts) else None
    if ours is None:
        return texts
    diagnosis.note(f"{name} has years of the Buddhist era: {texts[0]} is read as {ours[0]}")
    return ours


def _carried(name: str, texts: Sequence[str], diagnosis: Diagnosis) -> Sequence[str]:
    """Return a column in which empty cells have what is above, where most are: merged cells of a spreadsheet."""
    empty = sum(not text for text in texts)
    if not texts or not texts[0] or 2 * empty < len(texts):
        return texts
    diagnosis.note(f"{name} is empty in {empty:,} of {many(len(texts), 'row')}, which have that of the row above")
    found: list[str] = []
    for text in texts:
        found.append(text or found[-1])
    return found


def _with_clock(
    names: Sequence[str], columns: Sequence[Sequence[str]], lines: Sequence[int], diagnosis: Diagnosis
) -> Times | None:
    """Read days with a clock, or with hours; 24:00 is the start of the next day.

    Hours from 1 to 24 are read from 0 to 23 first, so that those of a day are together: that tells days from months.
    """
    known = _clocks(columns[1])
    seconds = [known[text] for text in columns[1]]
    there = [second for second in known.values() if second is not None]
    shift = min(there) if there and max(there) == DAY else 0.0
    texts = [
        day if second is None else f"{day} {_clock((second - shift) % DAY)}"
        for day, second in zip(columns[0], seconds, strict=True)
    ]
    found = read_times(" and ".join(names), texts, lines, diagnosis)
    if found is None:
        return None
    late = np.array([second is not None and second - shift >= DAY for second in seconds])
    back = np.array([shift * 1e6 * (second is not None) for second in seconds]).astype("timedelta64[us]")
    wall = found.wall + late.astype("timedelta64[D]") + back
    return Times(wall.astype("datetime64[us]"), found.offsets, what=found.what)


def _clock(seconds: float) -> str:
    whole, rest = divmod(seconds, 1)
    minutes, second = divmod(int(whole), 60)
    fraction = f"{rest:.6f}"[1:] if rest else ""
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}{fraction}"


def _part(name: str) -> str | None:
    """Return which part of a time a column is called after; MM is the month, and mm the minute."""
    if name in _LETTERS:
        return _LETTERS[name]
    word = re.sub(r"[^a-zäéíñ]", "", name.lower())
    return next((part for part, words in _PARTS.items() if word in words), None)


def time_parts(names: Sequence[str]) -> dict[str, str]:
    """Return the columns that are called after parts of a time with more than a letter, the largest part first."""
    weekdays = any(name.lower().startswith("tue") for name in names)  # beside which Mon is no month
    named = [name for name in reversed(names) if len(name) > 1 and not (weekdays and name.lower() == "mon")]
    found = {part: name for name in named if (part := _part(name))}
    return {part: found[part] for part in _PARTS if part in found}


def _parts(names: Sequence[str], columns: Sequence[Sequence[str]]) -> dict[str, NDArray[np.float64]] | None:
    """Return the parts of times as numbers, if the columns are years, months and so on, by name or by place."""
    found = [_part(name) for name in names]
    if None in found or len(set(found)) < len(found):
        if not all(text.isdecimal() for column in columns for text in column[:50]) or len(columns[0][0]) != 4:
            return None
        found = list(_ORDER[: len(names)])
    if "year" not in found:
        return None
    numbers: dict[str, NDArray[np.float64]] = {}
    for part, column in zip(found, columns, strict=True):
        known = {text: _number(text) for text in set(column)}
        if part is None or sum(value is None for value in known.values()) > 0.2 * len(known):
            return None
        numbers[part] = np.array([np.nan if known[text] is None else known[text] for text in column], dtype=np.float64)
    if "day" in numbers and "month" not in numbers and "week" not in numbers and np.nanmax(numbers["day"]) > 31:
        numbers["doy"] = numbers.pop("day")
    return numbers


def _number(text: str) -> float | None:
    """Read a part of a time: a whole number, or the name of a month."""
    if text[:1].isalpha() and (month := month_number(text)) is not None:
        return float(month)
    text = re.sub(r"\A[QqWwMmHh](?=\d)", "", text)
    if ":" in text:
        text = text.partition(":")[0]
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value.is_integer() else None


def _of_parts(parts: dict[str, Any]) -> NDArray[np.datetime64]:
    """Put times together; hours may run from 1 to 24."""
    count = len(parts["year"])
    one, nothing = np.ones(count), np.zeros(count)
    month = parts.get("month", 3 * parts["quarter"] - 2 if "quarter" in parts else one)
    day = parts.get("day", one)
    hour, minute, second = (parts.get(name, nothing) for name in ("hour", "minute", "second"))
    numbers = np.stack([parts["year"], month, day, hour, minute, second])
    bad = np.isnan(numbers).any(axis=0) | (month < 1) | (month > 12) | (day < 1) | (day > 31) | (hour > 24) | (hour < 0)
    numbers[:, bad] = np.array([2000, 1, 1, 0, 0, 0])[:, None]
    year, month, day, hour, minute, second = numbers.astype(np.int64)
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1).astype("timedelta64[M]")
    days = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    bad |= days.astype("datetime64[M]") != months
    if "doy" in parts:
        days = months.astype("datetime64[D]") + np.nan_to_num(parts["doy"] - 1, nan=0).astype("timedelta64[D]")
        bad |= np.isnan(parts["doy"]) | (days.astype("datetime64[Y]") != months.astype("datetime64[Y]"))
    if "week" in parts:
        days = _weeks(year, np.nan_to_num(parts["week"], nan=1).astype(np.int64), parts.get("day"))
    clock = (hour * 3600 + minute * 60 + second).astype("timedelta64[s]")
    wall: NDArray[np.datetime64] = (days.astype("datetime64[us]") + clock).astype("datetime64[us]")
    wall[bad] = _NO_TIME
    return wall


def _weeks(year: NDArray[np.int64], week: NDArray[np.int64], day: Any) -> NDArray[np.datetime64]:
    """Return the Mondays of ISO weeks, or the days of them."""
    fourth = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + np.timedelta64(3, "D")
    monday = fourth - ((fourth.astype(np.int64) + 3) % 7).astype("timedelta64[D]")
    extra = np.zeros(len(year), np.int64) if day is None else np.nan_to_num(day, nan=1).astype(np.int64) - 1
    found: NDArray[np.datetime64] = monday + (7 * (week - 1) + extra).astype("timedelta64[D]")
    return found
