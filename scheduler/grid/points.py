"""The points of a grid: every combination of its axes as a checked configuration, each part checked once.

Parts that points have in common are validated once and shared, so that a grid of 100,000 configurations takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from operator import itemgetter
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from scheduler.grid import checks
from scheduler.grid.axes import Axis, Excluded, Option
from scheduler.grid.fields import CONFIGURED, FIELDS, OPEN, PARTS
from scheduler.grid.messages import Found, Path, not_allowed, worded
from scheduler.grid.suggestions import pointed
from scheduler.grid.yaml_reader import Node, shown
from scheduler.series.fields import SeriesSource
from scheduler.series.source import bundled_names, load
from store.errors import SeriesError
from store.records import Series
from store.schema.configuration import PROTOCOLS, Configuration, Model, Part, SeriesChoice
from store.schema.fields import LARGEST
from store.schema.spelling import did_you_mean, listed

Choices = tuple[int, ...]
#: stop looking after so many mistakes; what is printed says so
ENOUGH = 100
#: equal points to look among for the one that differs in the fewest axes
FEW = 16

_ANY_MODEL = Model()


@dataclass(slots=True)
class Built:
    """A part of a configuration for some options of its axes, or what is wrong with it."""

    value: Any = None
    found: list[Found] = field(default_factory=list)


@dataclass(slots=True)
class Mistakes:
    """Mistakes by line, each once."""

    file: str
    lines: dict[tuple[int, str], None] = field(default_factory=dict)
    #: of a series, which name their own file
    elsewhere: dict[str, None] = field(default_factory=dict)

    def __call__(self, line: int, text: str) -> None:
        self.lines[line, text] = None

    def __len__(self) -> int:
        return len(self.lines) + len(self.elsewhere)

    def __iter__(self) -> Iterator[str]:
        ordered = [f"{self.file}:{line}: {text}" for line, text in sorted(self.lines, key=itemgetter(0))]
        yield from [*ordered[:ENOUGH], *self.elsewhere]
        if len(ordered) >= ENOUGH:
            yield f"{self.file}: perhaps more; correct these first"


class Points:
    """Builds the configurations that a grid stands for."""

    def __init__(self, root: Node, axes: Sequence[Axis], folder: FilePath, mistakes: Mistakes) -> None:
        self._root, self._axes, self._folder, self._mistakes = root, axes, folder, mistakes
        self._checked: dict[tuple[Any, ...], list[Found]] = {}
        self._series: dict[str, tuple[Series, SeriesChoice]] = {}
        #: content hash -> series
        self.series: dict[str, Series] = {}

    def build(self, excluded: Excluded) -> tuple[list[Choices], list[Configuration]]:
        """Build every point that is not excluded; what is wrong goes to the mistakes."""
        parts = [(name, self._getter(name)) for name in CONFIGURED]
        seen: dict[str, list[Choices]] = {}
        chosen: list[Choices] = []
        configurations: list[Configuration] = []
        for point in product(*(range(len(axis.options)) for axis in self._axes)):
            if len(self._mistakes) >= ENOUGH:
                break
            if excluded(point):
                continue
            built = {name: get(point) for name, get in parts}
            configuration = self._assemble(built, point)
            if configuration is None:
                continue
            alike = seen.setdefault(configuration.identity, [])
            if alike:
                self._same(min(alike, key=lambda other: _apart(other, point)), point)
            if len(alike) < FEW:
                alike.append(point)
            chosen.append(point)
            configurations.append(configuration)
        return chosen, configurations

    def _assemble(self, built: dict[str, Built], point: Choices) -> Configuration | None:
        """Put the parts of a point together and check them against each other; nothing if anything is wrong."""
        wrong = [found for part in built.values() if part.found for found in part.found]
        if built["model"].value is None:
            built["model"] = Built(_ANY_MODEL)  # so that the rest is checked all the same
        values = {name: part.value for name, part in built.items()}
        if None in values.values():
            self._report(wrong, point)
            return None
        configuration = Configuration.model_construct(**values)
        shape = checks.shape(configuration)
        if shape not in self._checked:
            observations = len(self.series[configuration.series.content_hash].values)
            self._checked[shape] = checks.mistakes(configuration, observations)
        if wrong or self._checked[shape]:
            self._report([*wrong, *self._checked[shape]], point)
            return None
        return configuration

    def _getter(self, part: str) -> Callable[[Choices], Built]:
        """Give the function from a point to a part, which builds each combination of the part's own axes once."""
        own = [number for number, axis in enumerate(self._axes) if part in axis.parts()]
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

    def _build(self, part: str, point: Choices, own: Sequence[int]) -> Built:
        """Put the options of a point into the part as the file has it, and check it."""
        raw = self._root.value.get(part, ...)
        for path, value in self._overrides(point, own):
            if path[0] == part:
                raw = _put(raw, path, 1, value)
        if raw is ... or (raw is None and part != "series"):
            raw = FIELDS[part].default
        return self._series_choice(raw, self._node(("series",), point)) if part == "series" else _part(part, raw)

    def _overrides(self, point: Choices, own: Sequence[int]) -> list[tuple[Path, Any]]:
        """List the values of a point, whole parts before what is in them."""
        pairs = [
            pair
            for number in own
            for axis in (self._axes[number],)
            for pair in zip(axis.paths, axis.options[point[number]].values, strict=True)
        ]
        return sorted(pairs, key=lambda pair: len(pair[0]))

    def _series_choice(self, raw: Any, line: int) -> Built:
        """Load a series, each once."""
        if raw is ...:
            return Built()  # missing, which the header or the axis that sets it has said
        found: list[Found] = []
        key = repr(raw)
        if key not in self._series:
            try:
                source = SeriesSource(name=raw) if isinstance(raw, str) else SeriesSource.model_validate(raw)
                found = list(load_mistakes(source))
                if not found:
                    self._series[key] = load(source, self._folder)
            except ValidationError as problem:
                found = [(("series",), not_allowed(FIELDS["series"], raw))] if not isinstance(raw, dict) else []
                found = found or [pointed(one, raw) for one in worded(problem, ("series",), raw)]
            except SeriesError as problem:
                self._mistakes.elsewhere.update(dict.fromkeys(problem.mistakes))
        if key not in self._series:
            return Built(found=found)
        series, choice = self._series[key]
        self.series[series.content_hash] = series
        return Built(choice)

    def _report(self, found: Sequence[Found], point: Choices) -> None:
        for path, text in found:
            self._mistakes(self._node(path, point), text)

    def _node(self, path: Path, point: Choices) -> int:
        """Find the line of a field at a point: in the axis that sets it, else in the base."""
        line = self._root.line_of(path)
        nearest = -1
        for axis, option in zip(self._axes, point, strict=True):
            for own, node in zip(axis.paths, axis.options[option].nodes, strict=True):
                common = min(len(own), len(path))
                if own[:common] == path[:common] and len(own) > nearest:
                    nearest, line = len(own), node.line_of(path[len(own) :])
        return line

    def _same(self, first: Choices, second: Choices) -> None:
        """Report that two points are one configuration, on the line of the option that says the same again."""
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
            f"{again} is the same configuration as {before} on line {first_option.line}; keep one of them",
        )


def _apart(one: Choices, other: Choices) -> int:
    """Count the axes in which two points differ."""
    return sum(a != b for a, b in zip(one, other, strict=True))


def _set(names: Sequence[str], option: Option) -> str:
    """Write what an option sets, as `field: value`."""
    return ", ".join(f"{name}: {shown(value)}" for name, value in zip(names, option.values, strict=True))


def _part(part: str, raw: Any) -> Built:
    """Check a part by itself."""
    if part == "test":
        whole = isinstance(raw, int) and not isinstance(raw, bool)
        if whole and 0 <= raw <= LARGEST:
            return Built(raw)
        return Built(found=[((part,), not_allowed(FIELDS[part], raw, LARGEST if whole and raw > 0 else None))])
    schema = PARTS.get(part)
    if part == "protocol" and isinstance(raw, dict):
        kind = raw.get("kind", "fixed")
        if not isinstance(kind, str) or kind not in PROTOCOLS:
            return Built(found=[(("protocol", "kind"), not_allowed(FIELDS["protocol.kind"], kind))])
        raw, schema = {"kind": kind} | raw, PROTOCOLS[kind]
    if schema is None or not isinstance(raw, dict):
        return Built(found=[((part,), not_allowed(FIELDS[part], raw))])
    try:
        value = schema.model_validate(raw)
    except ValidationError as problem:
        return Built(found=[pointed(found, raw) for found in worded(problem, (part,), raw)])
    return Built(value, list(checks.model_mistakes(value, raw)) if isinstance(value, Model) else [])


def _put(raw: Any, path: Path, depth: int, value: Any) -> Any:
    """Copy a value with one thing in it replaced; a name becomes a mapping with that name."""
    if depth == len(path):
        return value
    name = ".".join(path[:depth])
    if raw is ... or raw is None:
        raw = FIELDS[name].default if name in OPEN and isinstance(FIELDS[name].default, str) else {}
    if isinstance(raw, str) and (name in OPEN or name == "series"):
        raw = {"name": raw}
    if not isinstance(raw, dict):
        return raw  # wrong by itself, and reported as such
    return raw | {path[depth]: _put(raw.get(path[depth], ...), path, depth + 1, value)}


def load_mistakes(source: SeriesSource) -> Iterator[Found]:
    """Check what the fields of a series say of each other."""
    given = {name for name, value in source if value is not None}
    if source.name is not None and source.name not in bundled_names():
        hint = did_you_mean(source.name, bundled_names())
        names = listed(bundled_names(), "and")
        yield (
            ("series",),
            (
                f"series is {shown(source.name)}, which is not bundled; bundled are {names}; "
                f"a file of your own is {{path: ..., time: ..., value: ...}}{hint}"
            ),
        )
    if len(given & {"name", "path"}) != 1:
        yield ("series",), "series has a name and a path, or neither; allowed: one of them"
    for field_name in ("time", "format", "value", "decimal"):
        if field_name in given and "path" not in given:
            yield ("series", field_name), f"series.{field_name} is for a CSV file; give its series.path, or take it out"
    if "format" in given and "time" not in given:
        yield ("series", "format"), "series.format says how times are written; give series.time, or take it out"
    if "value" in given and given & {"targets", "inputs"}:
        yield ("series", "value"), "series.value goes without series.targets and series.inputs; take it out, or them"
    if "inputs" in given and "targets" not in given:
        yield ("series", "inputs"), "series.inputs needs series.targets, the columns that are forecast; add them"
    for field_name in ("targets", "inputs"):
        columns = getattr(source, field_name)
        if columns is not None and (not columns or len(set(columns)) < len(columns)):
            yield (
                ("series", field_name),
                f"series.{field_name} is empty or has a column twice; allowed: columns, each once",
            )
