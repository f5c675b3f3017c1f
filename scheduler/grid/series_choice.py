"""The series that a grid names: each read once, and checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scheduler.grid.fields import FIELDS, spelt
from scheduler.grid.messages import Found, not_allowed, worded
from scheduler.grid.mistakes import Mistakes
from scheduler.grid.parts import Built
from scheduler.grid.suggestions import pointed
from scheduler.grid.yaml_values import shown
from scheduler.series.calendar import NoCalendar, with_calendar
from scheduler.series.fields import SeriesSource
from scheduler.series.frames import Table, choose_each
from scheduler.series.input_columns import by_place, in_place
from scheduler.series.source import Loaded, bundled_names, load_each
from scheduler.series.time_forms.strptime import format_fault
from scheduler.yaml_text import in_one_line
from store.errors import SeriesError
from store.records import Series
from store.schema.configuration import SeriesChoice
from store.schema.spelling import did_you_mean, listed


class SeriesReader:
    """Reads the series of a grid, from files or from the table passed with a grid from Python."""

    def __init__(self, folder: Path, mistakes: Mistakes, table: Table | None = None) -> None:
        self._folder, self._mistakes, self._table = folder, mistakes, table
        self._read: dict[str, tuple[Loaded, ...]] = {}
        #: by all that a reading depends on, which lags are not
        self._files: dict[str, tuple[Loaded, ...]] = {}
        #: content hash -> series
        self.series: dict[str, Series] = {}
        #: what was understood of the files, each sentence once
        self.notes: dict[str, None] = {}

    def build(self, raw: Any, held_out: int = 0, calendar: tuple[str, ...] = ()) -> Built:
        """Read the series that the field `series` names; `...` where the grid has none.

        Args:
            raw: the field.
            held_out: observations at the end that are forecast in the test part, on which depends how some are filled.
            calendar: what of the times becomes columns of the series.
        """
        raw = {} if raw is ... and self._table is not None else raw
        if raw is ...:
            return Built()  # missing, which the header or the axis that sets it has said
        if not isinstance(raw, tuple):
            return self._build(raw, held_out, calendar)
        built = [self._build(one, held_out, calendar) for one in raw]
        choices = [choice for one in built for choice in one.each or (one.value,) if choice is not None]
        found = [found for one in built for found in one.found] or list(_twice(choices))
        if not raw:
            found = [(("series",), not_allowed(FIELDS["series"], raw))]
        complete = choices and not found and all(one.value is not None for one in built)
        return Built(choices[0], each=tuple(choices)) if complete else Built(found=found)

    def _build(self, raw: Any, held_out: int, calendar: tuple[str, ...]) -> Built:
        found: list[Found] = []
        key = self._key(raw, held_out)
        if key not in self._read:
            try:
                source = SeriesSource(name=raw) if isinstance(raw, str) else SeriesSource.model_validate(raw)
                found = list(source_mistakes(source, with_table=self._table is not None))
                if not found:
                    self._read[key] = self._load(source, held_out)
            except ValidationError as problem:
                found = [(("series",), not_allowed(FIELDS["series"], raw))] if not isinstance(raw, dict) else []
                found = found or [pointed(one, raw) for one in worded(problem, ("series",), raw)]
            except SeriesError as problem:
                self._mistakes.elsewhere.update(dict.fromkeys(problem.mistakes))
        if key not in self._read:
            return Built(found=found)
        found_series = self._read[key]
        if calendar:
            try:
                found_series = self._with_calendar(key, calendar)
            except NoCalendar as problem:
                return Built(found=[(("prepare", "calendar"), f"prepare.calendar: {problem}")])
        for one in found_series:
            self.series[one.series.content_hash] = one.series
            self.notes.update(dict.fromkeys(one.notes))
        choices = tuple(one.choice for one in found_series)
        return Built(choices[0], each=choices if len(choices) > 1 else ())

    def _with_calendar(self, key: str, calendar: tuple[str, ...]) -> tuple[Loaded, ...]:
        added = f"{key} {calendar}"
        if added not in self._read:
            self._read[added] = tuple(with_calendar(one, calendar) for one in self._read[key])
        return self._read[added]

    def look(self, raw: Any) -> tuple[Loaded, ...]:
        """Return the series that the field names, for their rows and times alone; none if there are mistakes."""
        before = dict(self._mistakes.elsewhere), dict(self.series), dict(self.notes)
        self.build(raw)
        self._mistakes.elsewhere, self.series, self.notes = before
        raw = {} if raw is ... and self._table is not None else raw
        found = [self._read.get(self._key(one, 0)) for one in (raw if isinstance(raw, tuple) else (raw,))]
        return () if None in found else tuple(loaded for one in found for loaded in one or ())

    @staticmethod
    def _key(raw: Any, held_out: int) -> str:
        return repr((raw, held_out if fills_by_test(raw) else 0))

    def _load(self, source: SeriesSource, held_out: int) -> tuple[Loaded, ...]:
        inputs, columns = by_place(source.inputs)
        placed = source.model_copy(update={"inputs": inputs})
        key = repr((placed, held_out if source.missing in BY_TEST else 0))
        if key not in self._files:
            try:
                self._files[key] = self._load_once(placed, held_out)
            except SeriesError:
                self._load_once(source, held_out)  # whose text has the lags of the grid
                raise
        found = self._files[key]
        if not columns:
            return found
        return tuple(
            replace(one, choice=one.choice.model_copy(update={"seen": in_place(one.choice.seen, columns)}))
            for one in found
        )

    def _load_once(self, source: SeriesSource, held_out: int) -> tuple[Loaded, ...]:
        if self._table is not None:
            return choose_each(self._table, source, held_out=held_out)
        return load_each(source, self._folder, held_out=held_out)


def _twice(choices: Sequence[SeriesChoice]) -> Iterator[Found]:
    """Report series that a list has twice."""
    names = Counter((one.name, one.identity) for one in choices)
    for (name, _), count in names.items():
        if count > 1:
            yield ("series",), f"series has {name} twice; keep one of them"
            return


#: ways of filling that depend on the test part
BY_TEST = ("linear", "seasonal", "mask")


def fills_by_test(raw: Any) -> bool:
    """Return whether the field `series` fills missing values in another way in the test part."""
    if isinstance(raw, tuple):
        return any(map(fills_by_test, raw))
    return isinstance(raw, dict) and raw.get("missing") in BY_TEST


def source_mistakes(source: SeriesSource, *, with_table: bool = False) -> Iterator[Found]:
    """Check the fields of a series against each other; `with_table` if its values were passed from Python."""
    given = {name for name, value in source if value is not None}
    yield from _table_mistakes(source, given) if with_table else _file_mistakes(source, given)
    if "value" in given and given & {"targets", "inputs"}:
        yield (
            ("series", "value"),
            "series.value cannot be combined with series.targets and series.inputs; remove it, or them",
        )
    if "as_" in given and isinstance(source.value, tuple):
        yield ("series", "as"), "series.as is columns, and series.value a list of series apart; remove one of them"
    if "inputs" in given and "targets" not in given:
        yield ("series", "inputs"), "series.inputs needs series.targets, the columns that are forecast; add them"
    for name in ("targets", "inputs"):
        columns = getattr(source, name)
        if columns is not None and (not columns or len(set(columns)) < len(columns)):
            yield ("series", name), f"series.{name} is empty or names a column twice; allowed: columns, each once"
    yield from _code_mistakes(source)
    for name, column in source.inputs.items() if isinstance(source.inputs, dict) else ():
        if column.known and name in (source.targets or ()):
            yield (
                ("series", "inputs", name),
                f"series.inputs: {name} is known: true and a target: the model would see the values that it forecasts; "
                "remove known, or leave it out of series.targets",
            )


def _code_mistakes(source: SeriesSource) -> Iterator[Found]:
    """Report columns of codes that are no inputs, or targets, too."""
    codes, targets = source.categories or (), source.forecast
    both = [name for name in codes if name in targets]
    wrong = [name for name in codes if name not in (source.inputs or ()) and name not in both]
    if both:
        yield (
            ("series", "categories"),
            f"series.categories has {listed(both, 'and')}, which is forecast; codes are no numbers: leave it out "
            "of series.categories",
        )
    if wrong:
        given = source.inputs if isinstance(source.inputs, dict) else {}
        names = dict.fromkeys((*(source.inputs or targets), *wrong))
        shown = {name: given[name].model_dump(exclude_defaults=True) if name in given else {} for name in names}
        as_list = f"targets: {in_one_line(list(targets))}, " if targets else ""
        inputs = f"inputs: {in_one_line(shown if any(shown.values()) else list(shown))}"
        instead = f" in the place of value: {targets[0]}" if isinstance(source.value, str) else ""
        yield (
            ("series", "categories"),
            f"series.categories has {listed(wrong, 'and')}, which is none of series.inputs: write {as_list}{inputs}"
            f"{instead}",
        )


NO_MISSING = "series.max_gap limits what series.missing fills; add series.missing, or remove it"
#: fields that say how a file is read
OF_FILES = tuple(
    name for name in SeriesSource.model_fields if name not in ("name", "path", "value", "targets", "inputs", "season")
)


#: fields that say what becomes of rows, of files and of tables alike
OF_ROWS = ("timezone", "na", "flags", "categories", "missing", "max_gap", "duplicates")
#: of files -> what to do with a DataFrame
_WITH_PANDAS = {
    "time": "make that column the index, set_index(...)",
    "format": "make the times the index, pandas.to_datetime(..., format=...)",
    "id": "select the rows of one series, or make a column of each, pivot(...)",
}


def _table_mistakes(source: SeriesSource, given: set[str]) -> Iterator[Found]:
    for field in (field for field in ("path", *OF_FILES) if field in given and field not in OF_ROWS):
        name = spelt(SeriesSource, field)
        advice = f"{_WITH_PANDAS[name]}, and remove it" if name in _WITH_PANDAS else "remove one of them"
        yield (
            ("series", name),
            f"series.{name} is for a CSV file, and the values come from `series=`; {advice}",
        )
    if "max_gap" in given and source.missing in (None, "refuse"):
        yield ("series", "max_gap"), NO_MISSING


def _file_mistakes(source: SeriesSource, given: set[str]) -> Iterator[Found]:
    if source.name is not None and source.name not in bundled_names():
        hint = did_you_mean(source.name, bundled_names())
        names = listed(bundled_names(), "and")
        yield (
            ("series",),
            (
                f"series is {shown(source.name)}, which is not bundled; bundled are {names}; "
                f"for a file of your own, write {{path: ..., time: ..., value: ...}}{hint}"
            ),
        )
    if len(given & {"name", "path"}) != 1:
        yield ("series",), "series has both a name and a path, or neither; allowed: one of them"
    for field in ("value", *OF_FILES):
        if field in given and "path" not in given:
            name = spelt(SeriesSource, field)
            yield ("series", name), f"series.{name} is for a CSV file; add series.path, or remove it"
    for name in ("format", "timezone", "duplicates"):
        if name in given and "time" not in given:
            yield ("series", name), f"series.{name} is about the times; add series.time, or remove it"
    if source.format is not None and (fault := format_fault(source.format)):
        yield ("series", "format"), f"series.format is {shown(source.format)}, which {fault}"
    yield from _fields_together(source, given)


def _fields_together(source: SeriesSource, given: set[str]) -> Iterator[Found]:
    """Check the fields about several series, and about missing values."""
    for name in ("keep", "as_"):
        if name in given and "id" not in given:
            field = spelt(SeriesSource, name)
            yield (
                ("series", field),
                f"series.{field} is about several series in a file; add series.id, the column that tells them apart",
            )
    if "as_" in given and "keep" in given and not isinstance(source.keep, tuple):
        yield (
            ("series", "keep"),
            f"series.keep is {shown(source.keep)}; with series.as it is a list: [{shown(source.keep)}]",
        )
    if "max_gap" in given and source.missing in (None, "refuse"):
        yield ("series", "max_gap"), NO_MISSING
    if source.thousands is not None and source.thousands == (source.decimal or "."):
        yield ("series", "thousands"), "series.thousands is the decimal mark, too; change one of them (series.decimal)"
