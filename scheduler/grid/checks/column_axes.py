"""Axes of one column, such as `prepare.scale.price`, beside a value that is for all columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from scheduler.grid.axes import Axis
from scheduler.grid.fields import FIELDS
from scheduler.grid.nodes import Node
from scheduler.grid.yaml_values import shown


def column_axis_mistakes(root: Node, axes: Sequence[Axis]) -> Iterator[tuple[int, str]]:
    """Yield lines and what is wrong there: the axis would change nothing, or the other columns, too."""
    for axis in axes:
        for path in axis.paths:
            if path[0] != "prepare" or len(path) != 3:
                continue
            wrong = [value for value in _values(root, axes, path[:2]) if not isinstance(value, dict)]
            if wrong:
                yield axis.line, _mistake(".".join(path[:2]), path[2], wrong[0])


def _mistake(name: str, column: str, value: Any) -> str:
    return (
        f"{name}.{column} is for one column, and {name} is {shown(value)} for all of them: write {name} by column, as "
        f"{name}: {{{shown(column)}: {shown(value)}}}; a column that it does not name has {shown(FIELDS[name].default)}"
    )


def _values(root: Node, axes: Sequence[Axis], path: tuple[str, ...]) -> Iterator[Any]:
    """Yield what a grid gives a field as a whole, in the base and in axes."""
    if (base := root.at(path)) is not None:
        yield base.value
    for axis in axes:
        for place, other in enumerate(axis.paths):
            if other == path:
                yield from (option.values[place] for option in axis.options)
