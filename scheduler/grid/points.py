"""The points of a grid: every combination of its axes as a checked configuration, each part checked once.

Parts that points have in common are validated once and shared, so that a grid of 100,000 configurations takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from operator import itemgetter
from typing import Any

from scheduler.grid.axes import Axis, Excluded, Option
from scheduler.grid.checks import configurations as checks
from scheduler.grid.checks.column_axes import column_axis_mistakes
from scheduler.grid.checks.domains import domain_mistakes
from scheduler.grid.checks.inputs import unused_columns
from scheduler.grid.checks.magnitude import magnitude_mistakes
from scheduler.grid.fields import CONFIGURED, FIELDS
from scheduler.grid.held_out import DECIDING, any_relative, is_relative, resolve
from scheduler.grid.messages import Found, Path, value_at
from scheduler.grid.mistakes import ENOUGH, Mistakes
from scheduler.grid.nodes import Node, on_line
from scheduler.grid.other_tools.of_points import advised
from scheduler.grid.parts import Built, build_part, put
from scheduler.grid.series_choice import SeriesReader, fills_by_test
from scheduler.grid.splits.cells import cells_of, observations_forecast
from scheduler.grid.splits.checks import length_mistakes, mistakes_by_split, window_mistakes
from scheduler.grid.splits.fields import OF_PANEL, Splitting
from scheduler.grid.splits.series_input import SeriesInput
from scheduler.grid.splits.together import TOGETHER, Panels, filled
from scheduler.grid.yaml_values import shown
from store.preparation.windows import windowed
from store.schema.configuration import Configuration, Model, Part, Prepare, SeriesChoice
from store.schema.spelling import listed

Choices = tuple[int, ...]
#: equal points to look among for the one that differs in the fewest axes
FEW = 16

_ANY_MODEL = Model()


class Points:
    """Builds the configurations that a grid stands for."""

    def __init__(
        self,
        root: Node,
        axes: Sequence[Axis],
        reader: SeriesReader,
        mistakes: Mistakes,
        splitting: Splitting | None = None,
    ) -> None:
        self._root, self._axes, self._reader, self._mistakes = root, axes, reader, mistakes
        whole = splitting or Splitting()
        self._windows, self.panels = whole.windows, Panels(whole, reader)
        self._by_test, self._relative = _fills_by_test(root, axes), any_relative(root, axes)
        self._checked: dict[tuple[Any, ...], list[Found]] = {}
        #: columns that configurations use, and those that some set and do not have
        self._used: set[str] = set()
        self._unused: dict[Found, Choices] = {}
        self._as_is: dict[tuple[str, tuple[str, ...]], Prepare] = {}
        self._advice: dict[Found, str] = {}

    def build(self, excluded: Excluded) -> tuple[list[Choices], list[tuple[Configuration, ...]]]:
        """Build every point that is not excluded, on each split; what is wrong goes to the mistakes."""
        if wrong := [*column_axis_mistakes(self._root, self._axes)]:
            for line, text in wrong:
                self._mistakes(line, text)
            return [], []
        parts = [(name, self._getter(name)) for name in CONFIGURED]
        seen: dict[str, list[Choices]] = {}
        chosen: list[Choices] = []
        configurations: list[tuple[Configuration, ...]] = []
        for point in product(*(range(len(axis.options)) for axis in self._axes)):
            if len(self._mistakes) >= ENOUGH:
                break
            if excluded(point):
                continue
            built = {name: get(point) for name, get in parts}
            cells = self._assemble(built, point)
            if not cells:
                continue
            alike = seen.setdefault(" ".join(one.identity for one in cells), [])
            if alike:
                self._same(min(alike, key=lambda other: _apart(other, point)), point)
            if len(alike) < FEW:
                alike.append(point)
            chosen.append(point)
            configurations.append(cells)
        for found, point in self._unused.items():
            if found[0][-1] not in self._used:
                self._report([found], point)
        return chosen, configurations

    def _assemble(self, built: dict[str, Built], point: Choices) -> tuple[Configuration, ...]:
        """Combine the parts of a point and check them on each split; return nothing if anything is wrong."""
        wrong = [found for part in built.values() if part.found for found in part.found]
        test = built["test"]
        if built["model"].value is None:
            built["model"] = Built(_ANY_MODEL)  # so that the rest is checked all the same
        values = {name: part.value for name, part in built.items()}
        if None in values.values():
            self._report(wrong, point)
            return ()
        kind, *told = (values.pop(name) for name in OF_PANEL)
        series_input = SeriesInput(*told)
        prepare = values["prepare"] = filled(values["prepare"]) if kind == TOGETHER else values["prepare"]
        configuration = Configuration.model_construct(
            **values | {"prepare": self._leaving_as_is(prepare, values["series"])}
        )
        choices = built["series"].each or (configuration.series,)
        tests = test.each or (configuration.test,) * len(choices)
        panel = [(one, rows, self._leaving_as_is(prepare, one)) for one, rows in zip(choices, tests, strict=True)]
        cells = cells_of(configuration, panel, self._windows)
        found = list(self.panels.mistakes(cells, kind, series_input)) or self._checks(cells, point)
        if wrong or found:
            self._report([*wrong, *((path, _as_said(text, test)) for path, text in found)], point)
            return ()
        return self.panels.together(cells, series_input) if kind == TOGETHER else cells

    def _checks(self, cells: tuple[Configuration, ...], point: Choices) -> list[Found]:
        """Check a point on each split."""
        first = cells[0]
        if len(cells) == 1 and first.window.whole:
            return self._check(first, point)
        observations = {key: len(series.values) for key, series in self._reader.series.items()}
        found = list(window_mistakes(first, self._windows)) or list(length_mistakes(cells, observations, self._windows))
        return found or list(mistakes_by_split(cells, lambda cell: self._check(cell, point)))

    def _check(self, configuration: Configuration, point: Choices) -> list[Found]:
        """Check a configuration on one split; those that have in common what is checked once."""
        shape = checks.shape(configuration)
        if shape not in self._checked:
            series = self._reader.series[configuration.series.content_hash]
            self._used |= {*configuration.series.columns, *map(configuration.series.origin, configuration.series.made)}
            self._unused |= dict.fromkeys(unused_columns(configuration), point)
            part, known = windowed(configuration, series)
            found = checks.mistakes(part, len(known.values))
            found = found or list(domain_mistakes(part, known))
            self._checked[shape] = found or list(magnitude_mistakes(part, known))
        return self._checked[shape]

    def _leaving_as_is(self, prepare: Prepare, series: SeriesChoice) -> Prepare:
        """Return the preparation, which leaves columns of categories and of the calendar as they are."""
        made = series.made
        if not made:
            return prepare
        key = (prepare.written, made)
        if key not in self._as_is:
            self._as_is[key] = prepare.model_copy(update={"as_is": made})
        return self._as_is[key]

    def _getter(self, part: str) -> Callable[[Choices], Built]:
        """Return a function that maps a point to a part and builds each combination of the part's axes once."""
        own = [number for number, axis in enumerate(self._axes) if self._decides(axis, part)]
        built: dict[Any, Built] = {}
        alike: dict[Any, Any] = {}
        options = itemgetter(*own) if own else len

        def get(point: Choices) -> Built:
            choice = options(point)
            if choice not in built:
                one = self._build(part, point, own)
                if isinstance(one.value, Part):
                    one.value = alike.setdefault(one.value.identity + one.value.written, one.value)
                built[choice] = one
            return built[choice]

        return get

    def _decides(self, axis: Axis, part: str) -> bool:
        """Return whether a part depends on an axis: a series that is filled by the test part on that, too."""
        if part == "series" and {"prepare", "prepare.calendar"} & set(axis.names):
            return True
        if part == "series" and self._by_test and {"test", "prepare"} & set(axis.parts()):
            return True
        if part == "test" and self._relative and ("series" in axis.parts() or set(DECIDING) & set(axis.names)):
            return True
        return part in axis.parts()

    def _build(self, part: str, point: Choices, own: Sequence[int]) -> Built:
        """Apply the options of a point to the part as the file has it, and check the result."""
        raw = self._raw(part, point, own)
        if part == "series":
            held_out = self._held_out(point, own) if self._by_test else 0
            return self._reader.build(raw, held_out, self._calendar(point, own))
        return self._test(raw, point, own) if part == "test" and is_relative(raw) else build_part(part, raw)

    def _calendar(self, point: Choices, own: Sequence[int]) -> tuple[str, ...]:
        """Return what of the times becomes columns of the series; a mistake in it is reported elsewhere."""
        raw = self._raw("prepare", point, own)
        prepare = build_part("prepare", raw).value if isinstance(raw, dict) and raw.get("calendar") else None
        return () if prepare is None else tuple(prepare.calendar)

    def _test(self, raw: Any, point: Choices, own: Sequence[int]) -> Built:
        """Return the number of test rows of a share or a time; what is wrong with the series is reported elsewhere."""
        prepare = build_part("prepare", self._raw("prepare", point, own)).value
        loaded = self._reader.look(self._raw("series", point, own))
        if prepare is None or not loaded:
            return Built()
        built = [resolve(raw, prepare, one, self._reader.notes) for one in loaded]
        wrong = next((one for one in built if one.found), None)
        return wrong or replace(built[0], each=tuple(one.value for one in built) if len(built) > 1 else ())

    def _held_out(self, point: Choices, own: Sequence[int]) -> int:
        """Return how many observations are forecast in the test part; mistakes in its fields are reported elsewhere."""
        test, prepare = (self._build(part, point, own).value for part in ("test", "prepare"))
        return 0 if test is None or prepare is None else observations_forecast(test, prepare.horizon, self._windows)

    def _raw(self, part: str, point: Choices, own: Sequence[int]) -> Any:
        raw = self._root.value.get(part, ...)
        for path, value in self._overrides(point, own):
            if path[0] == part:
                raw = put(raw, path, 1, value)
        if raw is ... or (raw is None and part != "series"):
            raw = FIELDS[part].default
        return raw

    def _overrides(self, point: Choices, own: Sequence[int]) -> list[tuple[Path, Any]]:
        """List the values of a point, whole parts before what is in them."""
        pairs = [
            pair
            for number in own
            for axis in (self._axes[number],)
            for pair in zip(axis.paths, axis.options[point[number]].values, strict=True)
        ]
        return sorted(pairs, key=lambda pair: len(pair[0]))

    def _report(self, found: Sequence[Found], point: Choices) -> None:
        for path, text in found:
            key = (path, "") if " is not a field" in text else (path, text)  # whose hint may differ by point
            if key not in self._advice:
                self._advice[key] = text + self._advised(path, text, point)
            self._mistakes(self._line(path, point), self._advice[key])

    def _advised(self, path: Path, text: str, point: Choices) -> str:
        """Return what to write in the place of a value of another tool, or an empty text."""
        if "; write" in text or "; did you mean" in text:
            return ""
        raw = self._raw(path[0], point, range(len(self._axes)))
        return advised(path, value_at(raw, path[1:]), self._root, self._axes)

    def _line(self, path: Path, point: Choices) -> int:
        """Return the line of a field at a point: in the axis that sets it, else in the base."""
        line = self._root.line_of(path)
        nearest = -1
        for axis, option in zip(self._axes, point, strict=True):
            for own, node in zip(axis.paths, axis.options[option].nodes, strict=True):
                common = min(len(own), len(path))
                if own[:common] == path[:common] and len(own) > nearest:
                    nearest, line = len(own), node.line_of(path[len(own) :])
        return line

    def _same(self, first: Choices, second: Choices) -> None:
        """Report that two points are the same configuration, on the line of the second one's option."""
        differing = [
            (axis.names, axis.options[a], axis.options[b])
            for axis, a, b in zip(self._axes, first, second, strict=True)
            if a != b
        ]
        again = listed([_set(names, option) for names, _, option in differing], "and")
        before = listed([_set(names, option) for names, option, _ in differing], "and")
        _, first_option, option = differing[0]
        self._mistakes(
            option.line,
            f"{again} is the same configuration as {before}{on_line(first_option.line)}; keep one of them",
        )


def _fills_by_test(root: Node, axes: Sequence[Axis]) -> bool:
    """Return whether a series of the grid may be filled by the test part."""
    given = [root.value.get("series")]
    for axis in axes:
        for path, place in zip(axis.paths, range(len(axis.paths)), strict=True):
            values = [option.values[place] for option in axis.options]
            given += values if path == ("series",) else [{path[-1]: value} for value in values if path[0] == "series"]
    return any(map(fills_by_test, given))


def _as_said(text: str, test: Built) -> str:
    """Return a message about the number of test rows with what the grid has in its place."""
    return text.replace(f"test is {test.value}", f"test is {test.said}", 1) if test.said else text


def _apart(one: Choices, other: Choices) -> int:
    """Count the axes in which two points differ."""
    return sum(a != b for a, b in zip(one, other, strict=True))


def _set(names: Sequence[str], option: Option) -> str:
    """Return what an option sets, as `field: value`."""
    return ", ".join(f"{name}: {shown(value)}" for name, value in zip(names, option.values, strict=True))
