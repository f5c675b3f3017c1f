"""The axes of a grid and its exclusions: which fields vary, over which values, and on which lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from scheduler.grid.fields import CONFIGURED, FIELDS, axis_names, known
from scheduler.grid.nodes import Node, first_on_line
from scheduler.grid.other_tools.advice import Look, for_axis
from scheduler.grid.suggestions import likely, pointer
from scheduler.grid.yaml_values import shown
from store.schema.prepare import InputColumn
from store.schema.spelling import listed

#: takes the line and what is wrong there
Mistake = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Option:
    """One value of an axis: a value for each of its names."""

    line: int
    nodes: tuple[Node, ...]

    @property
    def values(self) -> tuple[Any, ...]:
        """The values, as the file has them."""
        return tuple(node.value for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Axis:
    """Fields that vary together, by their dotted names."""

    names: tuple[str, ...]
    line: int
    options: tuple[Option, ...]

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """The names as paths."""
        return tuple(map(field_path, self.names))

    def parts(self) -> set[str]:
        """The parts of a configuration that the axis changes."""
        return {name.split(".")[0] for name in self.names}


def field_path(name: str) -> tuple[str, ...]:
    """Return a dotted name as a path; a column or an argument may itself have dots."""
    path = tuple(name.split(".", 2))
    if path[:2] == ("series", "inputs") and len(path) == 3:
        column, _, field = path[2].rpartition(".")
        return (*path[:2], column, field) if column and field in InputColumn.model_fields else path
    return path


def points(axes: Sequence[Axis]) -> int:
    """Count the points of the crossed axes."""
    return prod(len(axis.options) for axis in axes)


def read_axes(node: Node, mistake: Mistake, look: Look = lambda path: ...) -> tuple[Axis, ...]:
    """Read the field `grid`; `look` finds other values of the file."""
    if not isinstance(node.value, dict):
        if node.value is not None:
            mistake(node.line, f"grid is {shown(node.value)}; allowed: {FIELDS['grid'].about.allowed}")
        return ()
    axes = []
    taken: dict[str, int] = {}
    for key, (line, values) in node.entries.items():
        names = key if isinstance(key, tuple) else (key,)
        together = isinstance(key, tuple)
        advice = "" if together else for_axis(names[0], values.value, look)
        good = [_check_name(name, line, taken, mistake, advice) for name in names]
        if not all(good) and not isinstance(values.value, tuple):
            continue  # the name says what to write in the place of both
        options = _options(names, together, values, mistake, advice)
        if all(good) and options:
            axes.append(Axis(names, line, options))
    return tuple(axes)


def _check_name(name: str, line: int, taken: dict[str, int], mistake: Mistake, advice: str) -> bool:
    top = name.split(".", maxsplit=1)[0]
    if name in taken:
        mistake(line, f"{name} is an axis twice{first_on_line(taken[name])}; keep one of them")
    elif top not in CONFIGURED and top in FIELDS:
        mistake(line, f"{name} applies to the whole grid and cannot be an axis; {advice or f'allowed: {_varying()}'}")
    elif not known(name):
        hint = f"; {advice}" if advice else pointer(name, axis_names()) or f"; allowed: {_varying()}"
        mistake(line, f"{name} is not a field that can be an axis{hint}")
    else:
        taken[name] = line
        return True
    return False


def _varying() -> str:
    return f"{listed(CONFIGURED)}, or a field of one of them, such as model.units"


def _options(names: tuple[str, ...], together: bool, node: Node, mistake: Mistake, advice: str) -> tuple[Option, ...]:
    title = f"[{', '.join(names)}]" if together else names[0]
    if not isinstance(node.value, tuple) or not node.items:
        hint = f"; {advice}" if advice else ", such as [1, 2]"
        mistake(node.line, f"{title} is {shown(node.value)}; allowed: a list of at least one value{hint}")
        return ()
    items = _once(title, node, mistake)
    if not together:
        return tuple(Option(item.line, (item,)) for item in items)
    options = []
    for item in items:
        if isinstance(item.value, tuple) and len(item.items) == len(names):
            options.append(Option(item.line, item.items))
        else:
            mistake(
                item.line, f"{shown(item.value)} is not a value for {title}; allowed: a list of {len(names)} values"
            )
    return tuple(options) if len(options) == len(items) else ()


def _once(title: str, node: Node, mistake: Mistake) -> list[Node]:
    """Drop repeated values and report them; values are equal if their text is."""
    first: dict[str, Node] = {}
    for item in node.items:
        before = first.setdefault(repr(item.value), item)
        if before is not item:
            mistake(item.line, f"{title} has {shown(item.value)} twice{first_on_line(before.line)}; keep one of them")
    return list(first.values())


class Excluded:
    """The excluded points, by the numbers of their options."""

    def __init__(self, node: Node | None, axes: Sequence[Axis], mistake: Mistake) -> None:
        self._where = {
            name: (number, axis, place) for number, axis in enumerate(axes) for place, name in enumerate(axis.names)
        }
        self._mistake = mistake
        #: line, and for each axis that matters the numbers of the options that match
        self._patterns: list[tuple[int, dict[int, frozenset[int]]]] = []
        self._used: set[int] = set()
        if node is not None and node.value is not None:
            self._read(node)

    def __call__(self, point: tuple[int, ...]) -> bool:
        """Return whether a point is excluded."""
        for number, (_, pattern) in enumerate(self._patterns):
            if all(point[axis] in options for axis, options in pattern.items()):
                self._used.add(number)
                return True
        return False

    def check_used(self) -> None:
        """Report exclusions that match no point."""
        for number, (line, _) in enumerate(self._patterns):
            if number not in self._used:
                self._mistake(line, "this excludes no further point; correct it or remove it")

    def _read(self, node: Node) -> None:
        items = node.items if isinstance(node.value, tuple) else (node,)
        for item in items:
            if isinstance(item.value, dict) and item.entries:
                pattern = self._pattern(item)
                if pattern:
                    self._patterns.append((item.line, pattern))
            else:
                self._mistake(item.line, f"exclude is {shown(item.value)}; allowed: {FIELDS['exclude'].about.allowed}")

    def _pattern(self, item: Node) -> dict[int, frozenset[int]]:
        """Read one mapping of axes to values; empty where it has a mistake."""
        pattern: dict[int, frozenset[int]] = {}
        good = True
        for name, (line, value) in item.entries.items():
            if name not in self._where:
                there = f"the axes are {listed(self._where, 'and')}" if self._where else "there are none"
                self._mistake(
                    line, f"{shown(name)} is not an axis of this grid; {there}{likely(str(name), self._where)}"
                )
                good = False
                continue
            number, axis, place = self._where[name]
            match = {i for i, option in enumerate(axis.options) if _same(option.values[place], value.value)}
            if not match:
                values = listed(dict.fromkeys(shown(option.values[place]) for option in axis.options[:20]), "and")
                self._mistake(line, f"{name} is never {shown(value.value)} in this grid; its values are {values}")
                good = False
            pattern[number] = pattern.get(number, frozenset(match)) & frozenset(match)
        return pattern if good else {}


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
