"""Fields that are set beside the grid file: `--set training.epochs=50`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.grid.axes import field_path
from scheduler.grid.fields import CONFIGURED, FIELDS, OPEN, known
from scheduler.grid.mistakes import Mistakes
from scheduler.grid.nodes import Node, mapping
from scheduler.grid.suggestions import no_field
from scheduler.grid.yaml_reader import parse_value
from scheduler.grid.yaml_writer import as_yaml
from store.errors import GridError
from store.experiments.advice import origin


@dataclass(frozen=True, slots=True)
class Override:
    """A field, by its dotted name and the keys that lead to it, and the value that takes the place of the file's."""

    name: str
    path: tuple[Any, ...]
    node: Node


def _path(name: str) -> tuple[Any, ...]:
    """Split a dotted name into keys; an axis, a column or an argument may itself have dots."""
    top, _, rest = name.partition(".")
    if top == "grid" and rest:
        return (top, _axis(rest))
    return field_path(name) if top in (*CONFIGURED, "windows") else (name,)


def _axis(name: str) -> Any:
    """Read the name of an axis, or the list of names of fields that vary together."""
    value = parse_value(name).value if name.startswith("[") else name
    return value if isinstance(value, tuple) and all(isinstance(one, str) for one in value) else name


def read(texts: Sequence[str]) -> list[Override]:
    """Read overrides, each `field=value` with the value in YAML; the n-th one stands on line -n.

    Raises:
        GridError: One has no `=`, or its value is not YAML.
    """
    found: list[Override] = []
    wrong: list[str] = []
    for number, text in enumerate(texts, start=1):
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            wrong.append(f"--set {text}: a field and its value are needed, such as --set repeats=5")
            continue
        try:
            found.append(Override(name, _path(name), parse_value(value).on(-number)))
        except ValueError as problem:
            wrong.append(f"--set {name}: {problem}")
    if wrong:
        raise GridError(wrong)
    return found


def apply(root: Node, overrides: Sequence[Override], mistakes: Mistakes) -> Node:
    """Apply overrides to a grid; the last one of a field wins, and what does not fit is reported as a mistake."""
    for override in overrides:
        if _fits(root, override, mistakes):
            root = _put(root, override.path, 0, override.node)
    return root


def _fits(root: Node, override: Override, mistakes: Mistakes) -> bool:
    line, name = override.node.line, override.name
    top = name.partition(".")[0]
    if top != "grid" and not known(name):
        mistakes(line, no_field(override.path))
        return False
    axis = _axis_over(root, name)
    if axis:
        mistakes(
            line,
            f"the grid varies {axis}, so the value would not be used; set the axis instead: --set 'grid.{axis}=[...]'",
        )
    return not axis


def _axis_over(root: Node, name: str) -> str:
    """Return the axis that varies a field or a part around it, or an empty text."""
    axes = root.value.get("grid")
    keys = axes if isinstance(axes, dict) else {}
    names = [one for key in keys for one in (key if isinstance(key, tuple) else (key,))]
    return next((one for one in names if name == one or name.startswith(f"{one}.")), "")


def _put(node: Node | None, path: tuple[Any, ...], depth: int, value: Node) -> Node:
    """Copy a node with one value replaced; a name, such as `adam`, becomes a mapping with that name."""
    if depth == len(path):
        return value
    field = ".".join(path[:depth])
    line = value.line
    if node is None or node.value is None:
        default = FIELDS[field].default if field in OPEN else None
        node = Node(line, default) if isinstance(default, str) else mapping(line, {})
    if isinstance(node.value, str) and (field in OPEN or field == "series"):
        node = mapping(node.line, {"name": (node.line, node)})
    if field == "test" and not isinstance(node.value, dict):
        node = mapping(node.line, {})
    if isinstance(node.value, tuple) and field == "series.inputs":
        node = mapping(node.line, _columns(node))
    if not isinstance(node.value, dict):
        return node  # wrong by itself, and reported as such
    _, below = node.entries.get(path[depth], (line, None))
    return mapping(node.line, node.entries | {path[depth]: (line, _put(below, path, depth + 1, value))})


def _columns(node: Node) -> dict[str, tuple[int, Node]]:
    """Return a list of columns, some with what the model sees of them, as the entries of one mapping."""
    found: dict[str, tuple[int, Node]] = {}
    for one in node.items:
        found |= one.entries if isinstance(one.value, dict) else {one.value: (one.line, Node(one.line, None))}
    return found


def written(root: Node, file: str, texts: Sequence[str]) -> str:
    """Return an equivalent file for a grid with overrides, with a comment on where it comes from."""
    return f"{origin(Path(file).name, texts)}\n{as_yaml(root.value)}"
