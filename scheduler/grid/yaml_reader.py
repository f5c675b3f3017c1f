"""From the text of a grid file to nodes that know their lines: YAML 1.2 values, without YAML's dangerous features.

The text is read event by event, so that its size, depth, aliases and tags are bounded before anything is built of it.
What the nodes mean is for `scheduler.grid.grid`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from scheduler import files
from scheduler.grid.nodes import Node, first_on_line, mapping
from scheduler.grid.other_tools.calls import read_call
from scheduler.grid.yaml_values import shown
from scheduler.yaml_text import scalar
from store.errors import GridError

LARGEST_FILE = 1_000_000  #: bytes
DEEPEST = 20  #: mappings and lists inside each other
MOST_ARGUMENTS = 30  #: of a call in brackets or braces
MOST_NODES = 400_000  #: values, with aliases written out

_ADVICE = files.Advice(
    missing="name a grid, e.g. grids/quickstart.yaml",
    directory="name the grid files in it",
    unreadable="name a grid file that can be read",
    too_large="split the grid",
)

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Refusal(Exception):
    """What is wrong, and on which line."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line, self.text = line, text


def read_text(path: Path) -> str:
    """Read a grid file.

    Raises:
        GridError: The file is missing, a directory, unreadable, too large, or not UTF-8.
    """
    try:
        return files.read_text(path, largest=LARGEST_FILE, advice=_ADVICE)
    except files.Unreadable as problem:
        raise GridError([str(problem)]) from None


def parse(text: str, file: str) -> Node:
    """Read YAML into nodes; the top is a mapping.

    Raises:
        GridError: The text is not YAML, or YAML that a grid has no use for.
    """
    try:
        node = _Builder().build(_events(text))
    except _Refusal as refusal:
        raise GridError([f"{file}:{refusal.line}: {refusal.text}"]) from None
    if not isinstance(node.value, dict):
        shown = "nothing" if node.value is None else f"a {_shape(node)}"
        raise GridError(
            [f"{file}:{node.line}: the file holds {shown}; a grid is a mapping of fields, such as `series: shampoo`"]
        )
    return node


def parse_value(text: str) -> Node:
    """Read one value of YAML.

    Raises:
        ValueError: It is none; the message says why.
    """
    try:
        return _Builder().build(_events(text))
    except _Refusal as refusal:
        raise ValueError(refusal.text) from None


def _shape(node: Node) -> str:
    return "list" if isinstance(node.value, tuple) else "single value"


def _events(text: str) -> Iterator[Any]:
    """Yield YAML's events; its errors become mistakes of the grid."""
    if len(text) > LARGEST_FILE:
        raise _Refusal(1, f"the text is longer than {LARGEST_FILE:,} characters; split the grid")
    try:
        yield from yaml.parse(text, Loader=_Loader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = min(mark.line, text.count("\n")) + 1 if mark else 1
        raise _Refusal(line, _complaint(problem, text.splitlines()[line - 1 : line])) from None
    except yaml.reader.ReaderError as problem:
        place = problem.position if isinstance(problem.position, int) else 0
        line = text.encode("utf-8", "replace")[:place].count(b"\n") + 1
        code = problem.character if isinstance(problem.character, int) else ord(str(problem.character)[:1] or "?")
        raise _Refusal(line, f"character U+{code:04X} is not allowed in YAML; remove it") from None
    except (yaml.YAMLError, UnicodeError, ValueError) as problem:
        raise _Refusal(1, f"cannot be read as YAML ({type(problem).__name__}); check quotes and characters") from None


def _complaint(problem: yaml.MarkedYAMLError, lines: list[str]) -> str:
    """Describe YAML's error in one line."""
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())] if lines else ""
    if "\t" in indent or "'\\t'" in str(problem.problem):
        return "a tab where YAML expects spaces; indent with spaces"
    found = " ".join(str(problem.problem or problem.context).split())
    return f"not YAML: {found}; check indentation, colons, brackets and quotes"


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read."""

    line: int
    mapping: bool
    anchor: str | None
    nodes: list[Node] = field(default_factory=list)


class _Builder:
    """Builds nodes from events, without recursion."""

    def __init__(self) -> None:
        self.stack: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.count = 0
        self.top: Node | None = None

    def build(self, events: Iterator[Any]) -> Node:
        documents = 0
        for event in events:
            line = event.start_mark.line + 1
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Refusal(
                        line, "a second document starts here; a grid file holds one: move it to another file"
                    )
            elif isinstance(event, yaml.NodeEvent):
                self._node(event, line)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close()
        return self.top or Node(1)

    def _node(self, event: Any, line: int) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor, line)
            return
        if event.tag not in (None, "!"):
            raise _Refusal(line, f"the tag {_tag(event.tag)} is not allowed; a grid holds plain values: remove it")
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style is None or event.style == ""
            self._add(Node(line, scalar(event.value) if plain else event.value), event.anchor)
            return
        if len(self.stack) >= DEEPEST:
            raise _Refusal(line, f"more than {DEEPEST} nested mappings and lists; simplify the grid")
        self.stack.append(_Open(line, isinstance(event, yaml.MappingStartEvent), event.anchor))

    def _alias(self, name: str | None, line: int) -> None:
        if any(one.anchor == name for one in self.stack):
            raise _Refusal(line, f"the alias *{name} is inside the value that it repeats; write the value out")
        if name is None or name not in self.anchors:
            raise _Refusal(line, f"the alias *{name} has no anchor &{name} before it; write the value out")
        node = self.anchors[name]
        self._add(replace(node, line=line), None)

    def _add(self, node: Node, anchor: str | None) -> None:
        self.count += node.size
        if self.count > MOST_NODES:
            raise _Refusal(node.line, f"more than {MOST_NODES:,} values, counting what aliases repeat; use fewer")
        if anchor:
            self.anchors[anchor] = node
        if self.stack:
            self.stack[-1].nodes.append(node)
        else:
            self.top = node

    def _close(self) -> None:
        done = self.stack.pop()
        node = _mapping(done) if done.mapping else _list(done)
        size = 1 + sum(node.size for node in done.nodes)
        self.count -= size - 1
        self._add(replace(node, size=size), done.anchor)


def _list(done: _Open) -> Node:
    nodes = [node for node, _ in _calls_whole([(node, None) for node in done.nodes])]
    return Node(done.line, tuple(node.value for node in nodes), {}, tuple(nodes))


def _calls_whole(pairs: Sequence[tuple[Node, Node | None]]) -> list[tuple[Node, Node | None]]:
    """Put calls together that commas have parted, so that messages show what was written: `[range(1, 5)]`.

    Args:
        pairs: the items of a list, or the keys of a mapping, each with what follows it; a part of a call has nothing.
    """
    found: list[tuple[Node, Node | None]] = []
    place = 0
    while place < len(pairs):
        first, value = pairs[place]
        start = first if value is None else value
        place += 1
        if isinstance(start.value, str) and "(" in start.value and ")" not in start.value:
            for stop in range(place, min(len(pairs), place + MOST_ARGUMENTS)):
                rest, after = pairs[stop]
                if after is not None and after.value is not None:
                    break
                text = ", ".join([start.value, *(str(one.value) for one, _ in pairs[place : stop + 1])])
                if str(rest.value).endswith(")") and read_call(text):
                    start, place = replace(start, value=text), stop + 1
                    break
        found.append((start, None) if value is None else (first, start))
    return found


def _mapping(done: _Open) -> Node:
    entries: dict[Any, tuple[int, Node]] = {}
    for key, node in _calls_whole(list(zip(done.nodes[::2], done.nodes[1::2], strict=True))):
        assert node is not None
        name = _key(key)
        if name in entries:
            first = first_on_line(entries[name][0])
            raise _Refusal(key.line, f"{shown(name)} is given twice{first}; keep one of them")
        entries[name] = (key.line, node)
    return mapping(done.line, entries)


def _key(key: Node) -> Any:
    """Read a key as text, or as a list of texts for axes that vary together."""
    if isinstance(key.value, str):
        if key.value == "<<":
            raise _Refusal(key.line, "the merge key << is not allowed; write the fields out")
        return key.value
    if isinstance(key.value, tuple) and key.value and all(isinstance(name, str) for name in key.value):
        return key.value
    raise _Refusal(key.line, f"{shown(key.value)} cannot be the name of a field; write a name, in quotes if necessary")


def _tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")[:60]
