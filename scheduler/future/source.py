"""What a grid says of its series that the store does not keep with it: the times, and how numbers are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from scheduler.series.reading.marks import Marks


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """How a grid says that the file of its series is written."""

    #: the names of their columns
    times: tuple[str, ...] = ()
    #: their strptime format
    form: str | None = None
    #: how numbers are written
    marks: Marks = field(default_factory=Marks)
    #: what stands for a missing value, beside an empty cell
    missing: tuple[str, ...] = ()
    #: marks without which numbers are read
    flags: tuple[str, ...] = ()
    #: the columns that tell several series of the file apart, where each is one by itself
    marks_in: tuple[str, ...] = ()
    #: the series that the grid keeps, where it is one
    keep: str | None = None
    #: columns of values that are series by themselves
    values: tuple[str, ...] = ()
    #: which rows count where periods of several lengths are below each other
    frequency: str | None = None
    #: the zone of the times
    zone: str | None = None
    #: what missing values are filled by: previous, linear or seasonal
    fill: str | None = None
    #: what parts its columns, how it is encoded, and whether it names its columns
    delimiter: str | None = None
    encoding: str | None = None
    header: bool = True

    #: whether they are several files, or several columns of one
    several: bool = False

    @classmethod
    def of(cls, grid_text: str) -> Source:
        """Read it from a grid as it was submitted; of several files what all of them agree in."""
        whole = _series_of(grid_text)
        found = [cls._of_one(one) for one in whole if isinstance(one, dict)]
        several = len(whole) > 1 or any(len(one.values) > 1 for one in found)
        if not found:
            return cls(several=several)
        same = {field.name for field in fields(cls) if all(_equal(one, found[0], field.name) for one in found)}
        return cls(**{name: getattr(found[0], name) for name in same} | {"several": several})

    @classmethod
    def _of_one(cls, series: Mapping[str, Any]) -> Source:
        given = ("format", "decimal", "thousands", "timezone", "delimiter", "encoding", "frequency")
        form, decimal, thousands, zone, delimiter, encoding, frequency = (_text(series.get(name)) for name in given)
        kept = series.get("keep")
        one = kept[0] if isinstance(kept, list) and len(kept) == 1 else kept
        return cls(
            times=_texts(series.get("time")),
            form=form,
            marks=Marks(decimal or ".", thousands),
            missing=_texts(series.get("na")),
            flags=_texts(series.get("flags")),
            marks_in=() if series.get("as") else _texts(series.get("id")),
            keep=None if one is None or isinstance(one, list) else str(one),
            values=_texts(series.get("value")),
            frequency=frequency,
            zone=zone,
            fill=_filled_by(series.get("missing")),
            delimiter=delimiter,
            encoding=encoding,
            header=series.get("header") is not False,
        )

    @property
    def time(self) -> str | None:
        """The column of times, where it is one."""
        return self.times[0] if len(self.times) == 1 else None

    def mark_of(self, series: str) -> str | None:
        """Return what the rows of a series are marked with; None where no column tells series apart."""
        if not self.marks_in:
            return None
        ends = (f" {value}" for value in self.values)
        return self.keep or next((series.removesuffix(end) for end in ends if series.endswith(end)), series)

    def names_of(self, mark: str) -> set[str]:
        """Return what the series with a mark may be called."""
        return {mark, *(f"{mark} {value}" for value in self.values)}


def _filled_by(given: object) -> str | None:
    return given if isinstance(given, str) and given in ("previous", "linear", "seasonal") else None


def _equal(one: Source, other: Source, name: str) -> bool:
    return bool(getattr(one, name) == getattr(other, name))


def _series_of(grid_text: str) -> list[Any]:
    """Return what a grid has as `series`, of a list each; the rest of it may be more than plain YAML reads."""
    loader = yaml.SafeLoader(grid_text)
    try:
        whole = loader.get_single_node()
        pairs = whole.value if isinstance(whole, yaml.MappingNode) else []
        found = [loader.construct_object(value, deep=True) for key, value in pairs if key.value == "series"]
    except yaml.YAMLError:
        return []
    finally:
        loader.dispose()
    return found[0] if found and isinstance(found[0], list) else found[:1]


def files_of(grid_text: str, grid_file: str) -> list[Path]:
    """Return the files of the series of a grid, whose paths are relative to it, as far as it lies where it did."""
    paths = [one.get("path") for one in _series_of(grid_text) if isinstance(one, dict)]
    return [Path(grid_file).parent / path for path in paths if isinstance(path, str)]


def _texts(given: object) -> tuple[str, ...]:
    """Return a text, or those of a list."""
    if isinstance(given, list):
        return tuple(map(str, given))
    return () if given is None else (str(given),)


def _text(given: object) -> str | None:
    return given if isinstance(given, str) else None
