"""Reading a file again with the fields that would mend it: all mistakes and the whole remedy are said at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from scheduler.series.diagnosis import MOST_MISTAKES, Diagnosis, Refused, changed, written
from scheduler.series.fields import SeriesSource
from scheduler.text import printable
from store.errors import SeriesError

#: remedies that may be needed one after the other
MOST_ATTEMPTS = 6
#: other remedies that are shown
MOST_OTHERS = 2

Read = TypeVar("Read")


@dataclass(slots=True)
class Course:
    """What came of reading a file with one remedy after the other."""

    #: with all remedies
    source: SeriesSource
    mistakes: dict[tuple[int, str], None] = field(default_factory=dict)
    others: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    #: whether the file is read in the end, and what was read
    ended_well: bool = False
    found: Any = None


def read_or_explain(source: SeriesSource, path: Path, read: Callable[[Diagnosis], Read]) -> Read:
    """Read a file as the grid says, or refuse it with all that is wrong and the line of YAML that was found to work.

    Raises:
        SeriesError: The mistakes, and what to write.
    """
    try:
        return read(Diagnosis(str(path), source))
    except Refused:
        course = follow(source, str(path), read)
    raise SeriesError(list(_explained(source, str(path), course, read)))


def follow(source: SeriesSource, file: str, read: Callable[[Diagnosis], Any]) -> Course:
    """Read a file with its own remedies until it is read, or nothing more can be mended so."""
    course = Course(source)
    for _ in range(MOST_ATTEMPTS):
        try:
            course.found = read(diagnosis := Diagnosis(file, course.source))
        except Refused as refused:
            found = refused.diagnosis
            course.mistakes |= dict.fromkeys(found.mistakes)
            course.others += found.others
            mended = _mended(course.source, found.fixes)
            if mended is None or mended == course.source:
                return course
            course.source = mended
        except SeriesError:
            return course
        else:
            course.others += diagnosis.others
            course.ended_well = True
            return course
    return course


def other_ways(course: Course, file: str, read: Callable[[Diagnosis], Any]) -> Iterator[tuple[str, SeriesSource]]:
    """Yield other remedies with which a file is read as well, each with the reason to choose it."""
    for why, fixes in course.others[:MOST_OTHERS]:
        other = _mended(course.source, fixes)
        if other is not None and other != course.source:
            way = follow(other, file, read)
            if way.ended_well and not _forecasts_times(way.source):
                yield why, way.source


def _forecasts_times(source: SeriesSource) -> bool:
    """Return whether a column of times, or one that tells series apart, is among those that are forecast."""
    others = {
        one for field in (source.time, source.id) for one in ((field,) if isinstance(field, str) else field or ())
    }
    return bool(others & set(source.targets or ()))


def _mended(source: SeriesSource, fixes: Mapping[str, Any]) -> SeriesSource | None:
    try:
        return changed(source, fixes)
    except ValidationError:
        return None


def _explained(source: SeriesSource, file: str, course: Course, read: Callable[[Diagnosis], Any]) -> list[str]:
    """Return the mistakes by line, the remedy, and others that work as well."""
    ordered = sorted(course.mistakes, key=lambda one: (not one[0], one[0]))
    lines = [f"{file}:{line}: {text}" if line else f"{file}: {text}" for line, text in ordered[:MOST_MISTAKES]]
    if len(ordered) > MOST_MISTAKES:
        lines.append(f"{file}: and {len(ordered) - MOST_MISTAKES} more mistakes")
    if course.source != source:
        rest = "" if course.ended_well else " (the other mistakes need a correction of the file)"
        lines.append(f"{file}: write {written(course.source)}{rest}")
    lines += [f"{file}: or, {why}: {written(other)}" for why, other in other_ways(course, file, read)]
    return [printable(line).replace("\n", " ").replace("\t", " ") for line in lines]
