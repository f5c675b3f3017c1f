"""A list of lags, and fields by column, written with the columns that a grid itself has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scheduler.grid.nodes import Node
from scheduler.series.reading.several import column_name
from scheduler.series.source import bundled, bundled_names
from scheduler.yaml_text import in_one_line

#: columns that an advice lists
MOST_COLUMNS = 8


def for_lags(value: Any, root: Node, *, in_axis: bool) -> str:
    """Return `; ` and what to write in the place of a list of lags as `prepare.lags`, or an empty text.

    Args:
        value: the lags, or lags by column.
        root: the whole grid.
        in_axis: whether an axis has the value.
    """
    series = _series(root)
    targets = _names(series.get("targets")) or _names(series.get("value"))
    by_column = value if isinstance(value, Mapping) else dict.fromkeys(targets, value)
    several = isinstance(value, Mapping | tuple | list) and bool(by_column)
    if not targets or not several or not all(map(_are_lags, by_column.values())):
        return ""
    if not isinstance(value, Mapping) and not in_axis and sorted(value) == list(range(1, len(value) + 1)):
        return f"; write prepare: {{lags: {len(value)}}}"
    given = series.get("inputs") or targets
    inputs = dict(given) if isinstance(given, Mapping) else {name: {} for name in _names(given)}
    if len(inputs) > MOST_COLUMNS:
        return ""
    axes = {}
    for name, lags in by_column.items():
        column = {key: one for key, one in (inputs.get(name) or {}).items() if key != "lags"}
        inputs[name] = column if in_axis else column | {"lags": lags}
        axes[f"series.inputs.{name}.lags"] = "[...]"
    rest = {key: one for key, one in series.items() if key not in ("value", "targets", "inputs")}
    whole = f"write series: {in_one_line({**rest, 'targets': targets, 'inputs': inputs})}"
    if not in_axis:
        return f"; {whole}, and leave prepare.lags out"
    values = root.look(("grid", "prepare.lags"))
    if len(axes) > 1 or not isinstance(values, tuple) or isinstance(value, Mapping):
        return ""
    return f"; {whole} and, under grid, {next(iter(axes))}: {in_one_line(list(values))}"


def for_column(path: tuple[Any, ...], root: Node) -> str:
    """Return `; ` and a field by column with the columns that series.as has made of one, or an empty text."""
    series = _series(root)
    targets = _names(series.get("targets")) or _names(series.get("value"))
    columns = list(dict.fromkeys([*targets, *_names(tuple(series.get("inputs") or ()))]))
    marks, by_column = _names(series.get("keep")), root.look(path[:2])
    if len(path) != 3 or not series.get("as") or path[2] not in columns or not isinstance(by_column, Mapping):
        return ""
    made = {
        column_name(name, mark, len(columns)) if name in columns else name: one
        for name, one in by_column.items()
        for mark in (marks if name in columns else [""])
    }
    if not marks or len(made) > MOST_COLUMNS:
        return ""
    return f"; with series.as each series has columns of its own: write prepare.{path[1]}: {in_one_line(made)}"


def _series(root: Node) -> Mapping[str, Any]:
    """Return the field `series` as a mapping; empty for a list, or none."""
    given = root.look(("series",))
    given = {"name": given} if isinstance(given, str) else given
    if not isinstance(given, Mapping):
        return {}
    if given.get("name") in bundled_names() and not {"value", "targets"} & given.keys():
        return {**given, "targets": bundled(str(given["name"])).columns}
    return given


def _names(given: Any) -> list[str]:
    return [str(given)] if isinstance(given, str | int) else [str(one) for one in given or ()]


def _are_lags(given: Any) -> bool:
    lags: Sequence[Any] = given if isinstance(given, tuple | list) else (given,)
    return bool(lags) and all(isinstance(one, int) and not isinstance(one, bool) and one > 0 for one in lags)
