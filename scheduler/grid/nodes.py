"""The nodes of a grid file: values that know their lines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

#: the line of everything in a grid that was not read from a file
NO_LINE = 0


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file, with the line it starts on (from 1)."""

    line: int
    #: the value as Python has it: mappings are dicts, lists are tuples
    value: Any = None
    #: of a mapping: key -> (line of the key, node)
    entries: dict[Any, tuple[int, Node]] = field(default_factory=dict)
    #: of a list
    items: tuple[Node, ...] = ()
    #: values in it, itself and what aliases stand for included
    size: int = 1

    def at(self, path: tuple[Any, ...]) -> Node | None:
        """Return the node at a path of keys and positions, or None."""
        node: Node | None = self
        for step in path:
            if node is None:
                return None
            if isinstance(step, int) and not node.entries:
                node = node.items[step] if 0 <= step < len(node.items) else None
            else:
                node = node.entries[step][1] if step in node.entries else None
        return node

    def look(self, path: tuple[Any, ...]) -> Any:
        """Return the value at a path, or `...` if there is none."""
        node = self.at(path)
        return ... if node is None else node.value

    def line_of(self, path: tuple[Any, ...]) -> int:
        """Return the line of a key, or of the nearest part around it that exists."""
        line, node = self.line, self
        for step in path:
            if step in node.entries:
                line, node = node.entries[step]
            elif isinstance(step, int) and not node.entries and 0 <= step < len(node.items):
                node = node.items[step]
                line = node.line
            else:
                break
        return line

    def on(self, line: int) -> Node:
        """Copy the node with everything in it, all on this line."""
        entries = {key: (line, node.on(line)) for key, (_, node) in self.entries.items()}
        return replace(self, line=line, entries=entries, items=tuple(node.on(line) for node in self.items))


def mapping(line: int, entries: dict[Any, tuple[int, Node]]) -> Node:
    """Return the node of a mapping."""
    return Node(line, {name: node.value for name, (_, node) in entries.items()}, entries)


def on_line(line: int) -> str:
    """Return ` on line 3`, or an empty text for a value that is in no file."""
    return f" on line {line}" if line > NO_LINE else ""


def first_on_line(line: int) -> str:
    """Return `, first on line 3`, or an empty text for a value that is in no file."""
    return f", first on line {line}" if line > NO_LINE else ""
