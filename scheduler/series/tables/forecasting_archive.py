"""Files of the Monash time series forecasting archive (.tsf) as tables of several series below each other.

A head of attributes is followed by a line for each series: its attributes, and its values behind the last colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from scheduler.series.lines import are, on_lines
from scheduler.series.time_forms.times import iso_labels
from scheduler.text import many
from store.errors import SeriesError
from store.schema.spelling import listed

TIME, VALUE = "time", "value"
#: files with a like head and rows of a table below it
ARFF = "in a file of ARFF, write the names of the columns as one line in place of all lines from @relation to @data"
#: a line ends in one way only, \r\n is one and an empty one: else each empty line doubles the ways to match them all
_START = re.compile(r"(?:[^\S\r\n]*(?:#[^\r\n]*)?[\r\n])*[^\S\r\n]*@(?:relation|attribute)\b", re.IGNORECASE)
_TYPES = ("string", "numeric", "date")
_BREAK = re.compile(r"\r\n|\r|\n")
#: how dates are written, with hyphens in the clock
_CLOCK = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d)[-:](\d\d)(?:[-:](\d\d))?)?\Z")
#: frequencies -> months, or seconds
_MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_STEPS = {"minutely": 60, "half_hourly": 1800, "hourly": 3600, "daily": 86_400, "weekly": 604_800}
#: behind the last time that a series may have, before which none overflows
_END = np.datetime64("2201-01-01", "us")
_COUNTED = re.compile(r"(\d{1,9})_(second|minute|hour|day|week|month|year)s?(?:ly)?\Z")


@dataclass(slots=True)
class Archive:
    """A file as a table."""

    names: tuple[str, ...]
    lines: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Head:
    attributes: list[tuple[str, str]] = field(default_factory=list)
    frequency: str = ""


def is_archive(text: str) -> bool:
    """Return whether a text begins as such files do: with a relation or an attribute, below comments."""
    return _START.match(text[:100_000]) is not None


def read_archive(text: str, file: str) -> Archive:
    """Read all series of a file.

    Raises:
        SeriesError: It is no such file, or a line of it is no series.
    """
    lines = _BREAK.split(text)
    head, first = _read_head(lines, file)
    date = next((place for place, (_, kind) in enumerate(head.attributes) if kind == "date"), None)
    step = _step(head.frequency, file) if date is not None and head.frequency else None
    kept = [place for place in range(len(head.attributes)) if place != date]
    names = [_free(head.attributes[place][0], head) for place in kept]
    found = Archive((*names, *([TIME] if step else []), VALUE))
    lines_of: dict[tuple[str, ...], int] = {}
    comments = []
    for line, raw in enumerate(lines[first:], start=first + 1):
        if not raw.strip():
            continue
        if raw.lstrip().startswith("#"):
            comments.append(line)
            continue
        parts = _parts(raw, len(head.attributes), date, f"{file}:{line}")
        values = [value.strip() for value in parts[-1].split(",")]
        own = [parts[place].strip() for place in kept]
        if (earlier := lines_of.setdefault(tuple(own), line)) != line:
            raise _alike(names, own, earlier, line, file)
        found.lines += [line] * len(values)
        if step is None or date is None:
            found.cells += [[*own, value] for value in values]
            continue
        times = iso_labels(_times(parts[date].strip(), step, len(values), f"{file}:{line}"))
        found.cells += [[*own, time, value] for time, value in zip(times, values, strict=True)]
    found.notes += [f"{file}: {note}" for note in _notes(head, names, list(lines_of), comments)]
    if step is None:
        lacks = "start" if date is None else "frequency"
        found.notes.append(f"{file}: the file has no {lacks} of the series, so that rows have no times")
    return found


def _parts(raw: str, attributes: int, date: int | None, where: str) -> list[str]:
    """Cut a line of data at its colons: the attributes, whose date may have a clock with colons, and the values."""
    parts = raw.split(":")
    more = len(parts) - attributes
    if date is not None and more > 1:
        parts[date : date + more] = [":".join(parts[date : date + more])]
    if len(parts) != attributes + 1:
        advice = "correct it" if len(parts) > 1 else ARFF
        raise _fault(
            f"{where}: has {many(len(parts), 'part')} between colons; {attributes} attributes and values are "
            f"expected; {advice}"
        )
    return parts


def _notes(head: _Head, names: list[str], marks: list[tuple[str, ...]], comments: list[int]) -> Iterator[str]:
    """Yield what the file is, by which of its attributes series are told apart, and what was left out."""
    spaced = f", {head.frequency.replace('_', ' ')}" if head.frequency else ""
    alone = len({mark[:1] for mark in marks}) == len(marks)  # whether the first attribute tells them apart
    ids = f", told apart by {listed(names[:1] if alone else names, 'and')}" if names else ""
    yield f"the file is of the forecasting archive of Monash: {len(marks):,} series{spaced}{ids}"
    if comments:
        what = "a comment" if len(comments) == 1 else "comments"
        yield f"{on_lines(comments)} {are(len(comments))} {what} and left out"


def _alike(names: list[str], own: list[str], earlier: int, line: int, file: str) -> SeriesError:
    """Return what is said of two lines whose series nothing tells apart."""
    if not names:
        return _fault(
            f"{file}:{line}: is a second series, and no attribute tells it from that of line {earlier:,}; give them "
            "one, such as @attribute series_name string"
        )
    what = listed([f"{name} {cell[:40]!r}" for name, cell in zip(names, own, strict=True)], "and")
    return _fault(
        f"{file}:{line}: is of {what}, as line {earlier:,} is; give one of the two another name, or leave it "
        "out of the file"
    )


def _read_head(lines: list[str], file: str) -> tuple[_Head, int]:
    """Read the head; return it and the place of the first line of data."""
    head = _Head()
    for place, line in enumerate(lines):
        word, *rest = line.split() or [""]
        word = word.lower()
        if word == "@data":
            if not head.attributes:
                raise _fault(f"{file}:{place + 1}: no @attribute is above @data; name those of the series")
            return head, place + 1
        if word == "@frequency" and rest:
            head.frequency = rest[0].lower()
        elif word == "@attribute":
            kind = rest[-1].lower() if len(rest) > 1 else ""
            if kind not in _TYPES:
                raise _fault(
                    f"{file}:{place + 1}: {line.strip()[:60]!r} is not the attribute of a series, whose types are "
                    f"{listed(_TYPES, 'and')}; {ARFF}"
                )
            name = " ".join(rest[:-1])
            if name in [one for one, _ in head.attributes]:
                raise _fault(
                    f"{file}:{place + 1}: the attribute {name!r} is there twice; give one of the two another name"
                )
            head.attributes.append((name, kind))
    raise _fault(f"{file}: there is no line @data, below which the series are")


def _free(name: str, head: _Head) -> str:
    """Return the name of an attribute that is not that of a column of its own."""
    if name not in (TIME, VALUE):
        return name
    taken = {one for one, _ in head.attributes}
    while name in taken:
        name += "_of_series"
    return name


def _step(frequency: str, file: str) -> tuple[int, int]:
    """Return how far times are apart: months and seconds, of which one is 0."""
    if frequency in _MONTHS:
        return _MONTHS[frequency], 0
    if frequency in _STEPS:
        return 0, _STEPS[frequency]
    if counted := _COUNTED.match(frequency):
        number, unit = int(counted[1]), counted[2]
        if number and unit in _UNITS:
            return 0, number * _UNITS[unit]
        if number:
            return number * (12 if unit == "year" else 1), 0
    raise _fault(
        f"{file}: @frequency is {frequency[:40]!r}; allowed: {listed([*_MONTHS, *_STEPS], 'and')}, and numbers of "
        "units, such as 10_minutes; correct it"
    )


def _times(start: str, step: tuple[int, int], count: int, where: str) -> NDArray[np.datetime64]:
    """Return the times of a series; the days of months that are too short for that of the start are their last ones."""
    written = _CLOCK.match(start)
    iso = f"{written[1]}T{':'.join(part or '00' for part in written.groups()[1:])}" if written else ""
    try:
        first = np.datetime64(datetime.fromisoformat(iso), "us")
    except ValueError:
        raise _fault(f"{where}: the start {start[:40]!r} is no time such as 1979-01-01 00-00-00; correct it") from None
    months, seconds = step
    unit = "M" if months else "s"
    if (count - 1) * (months or seconds) >= (_END.astype(f"M8[{unit}]") - first.astype(f"M8[{unit}]")).astype(int):
        raise _fault(
            f"{where}: times go beyond the year 2200: {many(count, 'value')} from {start[:40]} on; correct the start, "
            "or @frequency"
        )
    if not months:
        even: NDArray[np.datetime64] = first + (np.arange(count) * seconds).astype("timedelta64[s]")
        return even
    month, day = first.astype("datetime64[M]"), first.astype("datetime64[D]")
    starts = month + (np.arange(count) * months).astype("timedelta64[M]")
    last = (starts + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    days = np.minimum(starts.astype("datetime64[D]") + (day - month.astype("datetime64[D]")), last)
    found: NDArray[np.datetime64] = days.astype("datetime64[us]") + (first - day)
    return found


def _fault(text: str) -> SeriesError:
    return SeriesError([text])
