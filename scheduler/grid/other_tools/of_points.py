"""What to write for a wrong value of a configuration, whose base and axes are known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from scheduler.grid.axes import Axis
from scheduler.grid.fields import FIELDS
from scheduler.grid.messages import Path
from scheduler.grid.nodes import Node
from scheduler.grid.other_tools.advice import axis, for_argument, for_optimizer, for_value
from scheduler.grid.other_tools.lags import for_column, for_lags
from scheduler.grid.other_tools.words import ARGUMENTS, WHOLE_BATCH

_NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?\Z")
_OPTIMIZER = ("training", "optimizer")


def advised(path: Path, value: Any, root: Node, axes: Sequence[Axis]) -> str:
    """Return `; ` and what to write in the place of a value, or an empty text.

    Args:
        path: of the field.
        value: that is wrong, as the base or an axis has it.
        root: the whole grid.
        axes: of it.
    """
    given = {path: [option.values[0] for option in one.options] for one in axes for path in one.paths[:1]}
    alone = {one.paths[0]: given[one.paths[0]] for one in axes if len(one.paths) == 1}
    if path[:2] == _OPTIMIZER:
        if len(path) > 2 and path in alone and (argument := ARGUMENTS.get(path[2], path[2])) != path[2]:
            return f"; write {axis(f'training.optimizer.{argument}', alone[path])}"
        own = [one for one in alone if one[:2] == _OPTIMIZER and len(one) > 2 and one[2:] == path[2:]]
        if own and _is_argument_of_another(alone[own[0]]):
            there = alone.get(_OPTIMIZER) or [_base(root)]
            return for_argument(str(own[0][2]), alone[own[0]], there, both=_OPTIMIZER in alone)
        if not own and not _is_range(value, path):
            return for_optimizer(value_of(root), options=alone.get(_OPTIMIZER))
    name = ".".join(map(str, path))
    if path[:1] == ("prepare",) and (found := _of_rows(path, value, root, in_axis=path in given)):
        return found
    if name not in FIELDS and path[:2] != _OPTIMIZER:
        return ""
    return for_value(name, value, in_axis=path in given, look=root.look)


def _of_rows(path: Path, value: Any, root: Node, *, in_axis: bool) -> str:
    """Return what to write for a list of lags, or for a column of which there are several."""
    return for_lags(value, root, in_axis=in_axis) if path[1:] == ("lags",) else for_column(path, root)


def _is_argument_of_another(values: Sequence[Any]) -> bool:
    return all(isinstance(one, int | float | bool) for one in values)


def _is_range(value: Any, path: Path) -> bool:
    if path[2:] == ("name",) and ("(" in str(value) or str(value).lower() in WHOLE_BATCH):
        return False  # a call such as Adam(lr=0.01)
    return len(path) > 2 and not isinstance(value, int | float | bool) and not _NUMBER.match(str(value))


def _base(root: Node) -> Any:
    found = root.look(_OPTIMIZER)
    return "adam" if found in (..., None) else found


def value_of(root: Node) -> Any:
    """Return the optimizer of the base."""
    return root.look(_OPTIMIZER)
