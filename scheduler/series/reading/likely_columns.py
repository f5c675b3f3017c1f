"""Columns that a grid could name: times, parts of times, and what is likely to be forecast."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from scheduler.series.reading.flags import bare_number
from scheduler.series.reading.numbers import is_number
from scheduler.series.tables.cells import MISSING, Kind
from scheduler.series.tables.footer import SAMPLE, sample_of
from scheduler.series.tables.table import Table
from scheduler.series.time_forms.decimals import follow_as_months, in_order, look_like_months
from scheduler.series.time_forms.joined_times import is_clock, time_parts
from scheduler.series.time_forms.spelling import named_like_times
from scheduler.series.time_forms.times import Times, possible_times

#: names of columns that are forecast more often than those beside them
_FORECAST = re.compile(r"(?:y|target|value|close|price|sales|demand|load|total|obs_value|wert|umsatz)\Z", re.IGNORECASE)
#: words in names of such columns, and in those of columns that tell something of others
_WORDS = re.compile(
    r"sales|demand|load|price|close|value|count|cnt|consumption|passengers|revenue|amount|umsatz|wert|verbrauch",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:^|[^a-z])(?:id|no|nr|index|flags?|holiday|q|qn|qc|quality|unc|sd|sdev|std|stdev|se|error|lat|lon|long|latitude"
    r"|longitude|decimals|status|open|promo|volume|vol|ndays)(?:$|[^a-z])",
    re.IGNORECASE,
)
#: between these, numbers under a name that says so are times
FIRST, LAST = np.datetime64("1000"), np.datetime64("3000")
#: digits of epoch seconds and milliseconds
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?\Z")
_DATE = re.compile(r"(?:1[89]|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d\Z")
#: columns of a table without names among which one of dates in figures is
MOST_BEFORE = 4


def numbers_of(table: Table, kinds: Mapping[str, Kind]) -> list[str]:
    """Return the columns of numbers, also those with units; of several those whose values differ."""
    found = [name for name, kind in kinds.items() if kind is Kind.NUMBER or _has_units(sample_texts(table, name))]
    return [name for name in found if len(set(sample_texts(table, name))) > 1] or found


def _has_units(texts: Sequence[str]) -> bool:
    known = [text for text in texts if text.lower() not in MISSING]
    return bool(known) and all(is_number(bare_number(text)) for text in known)


def likely_value(table: Table, numbers: Sequence[str]) -> str:
    """Return the column that is most likely to be forecast: by its name, or the last one."""
    named = [name for name in numbers if not name.startswith("column_")] or list(numbers)
    parts = set(time_parts(named).values())
    named = [name for name in named if name not in parts] or named
    full = [name for name in named if not _is_mostly_missing(sample_texts(table, name))] or named
    own = [name for name in full if not _is_aside(table, name)] or full
    for form in (_FORECAST.match, _WORDS.search):
        if found := [name for name in own if form(name)]:
            return found[0]
    last = _called(table, own[-1])
    return next(name for name in own if _called(table, name) == last)


def _is_aside(table: Table, name: str) -> bool:
    """Return whether a column tells something of others, as its name says, or numbers the rows."""
    return _ASIDE.search(_called(table, name)) is not None or _counts_rows(sample_texts(table, name))


def _called(table: Table, name: str) -> str:
    """Return the name of a column as the file has it, which may be that of others, too."""
    place = table.place(name)
    return name if place is None else table.header[place]


def _is_mostly_missing(texts: Sequence[str]) -> bool:
    return 2 * sum(text.lower() in MISSING for text in texts) > len(texts)


def _counts_rows(texts: Sequence[str]) -> bool:
    """Return whether a column has the numbers of rows."""
    start = int(texts[0]) if texts and texts[0].isdecimal() else -1
    first = list(texts[:SAMPLE])
    return start in (0, 1) and len(first) > 2 and first == [str(start + row) for row in range(len(first))]


def likely_times(table: Table, kinds: Mapping[str, Kind]) -> list[str]:
    """Return the columns that hold times: as text, as numbers under a name that says so, or in parts."""
    times = {name: texts_of(table, name) for name in kinds if kinds[name] is Kind.TIME}
    changing = {name: texts for name, texts in times.items() if len(set(texts[:50])) > 1 or len(set(texts)) > 1}
    times = changing or times  # the time of a download is the same in all rows
    clocks = [name for name, texts in times.items() if is_clock(texts, named=False)]
    dates = _likely_dates({name: texts for name, texts in times.items() if name not in clocks})
    if dates and clocks and len(set(times[dates[0]])) <= len(table.cells) / 2:
        return [dates[0], clocks[0]]
    if dates or clocks:
        return [(dates or clocks)[0]]
    parts = time_parts(list(kinds))
    if "year" in parts and len(parts) > 1:
        return list(parts.values())
    for name, kind in kinds.items():
        place = table.place(name)
        if kind is Kind.NUMBER and place is not None and named_like_times(name):
            found = possible_times(table.texts(place))
            if found is not None and _are_of_rows(found):
                return [name]
    return []


def _likely_dates(dates: Mapping[str, Sequence[str]]) -> list[str]:
    """Return columns of dates, the likely ones first: codes such as 11-2011 are none where they do not follow."""
    unsure = [name for name, texts in dates.items() if look_like_months(texts) and not named_like_times(name)]
    return [name for name in dates if name not in unsure] + [name for name in unsure if follow_as_months(dates[name])]


def _are_of_rows(times: Times) -> bool:
    """Return whether numbers that can be read as times are likely to be the times of rows."""
    near = bool(times.wall.min() >= FIRST and times.wall.max() < LAST)
    return near and (times.what.startswith("epoch") or in_order(times.instants))


def sample_texts(table: Table, name: str) -> list[str]:
    """Return the cells of a column in rows from the start, the middle and the end."""
    place = table.place(name)
    rows = [] if place is None else sample_of(table.cells)
    return [row[place].strip() for row in rows if place is not None and place < len(row)]


def texts_of(table: Table, name: str) -> list[str]:
    """Return the cells of a column by its name; none where there is no such column."""
    place = table.place(name)
    return [] if place is None else table.texts(place)


def dates_in_figures(table: Table) -> str | list[str] | None:
    """Return the columns of a table without names that are times: years, months and days, dates, or epochs."""
    for limits in (((1500, 2200), (1, 12), (1, 31)), ((1500, 2200), (1, 12))):
        names = list(table.header[: len(limits)])
        if len(table.header) > len(limits) and all(
            _within(sample_texts(table, name), *limit) for name, limit in zip(names, limits, strict=True)
        ):
            rows = {tuple(row[: len(limits)]) for row in table.cells}
            return names if len(rows) > len(table.cells) / 2 else None
    for name in table.header[:MOST_BEFORE]:
        texts = sample_texts(table, name)
        if texts and (all(map(_EPOCH.match, texts)) or all(map(_DATE.match, texts))) and possible_times(texts):
            return name
    return None


def _within(texts: Sequence[str], low: int, high: int) -> bool:
    return all(text.isdecimal() and low <= int(text) <= high for text in texts)
