"""The mistakes of a grid, each once, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from scheduler.grid.nodes import NO_LINE

#: stop looking after so many mistakes; what is printed says so
ENOUGH = 100


@dataclass(slots=True)
class Mistakes:
    """Mistakes by line, each once.

    What was not read from the file has no line of its own: that of a grid from Python is `NO_LINE`, and the values of
    `--set` have -1, -2 and so on.
    """

    #: how messages name the file; empty for a grid from Python
    file: str
    #: the fields that `--set` names, in order
    overrides: Sequence[str] = ()
    lines: dict[tuple[int, str], None] = field(default_factory=dict)
    #: of a series, which name their own file
    elsewhere: dict[str, None] = field(default_factory=dict)

    def __call__(self, line: int, text: str) -> None:
        self.lines[line, text] = None

    def __len__(self) -> int:
        return len(self.lines) + len(self.elsewhere)

    def __iter__(self) -> Iterator[str]:
        ordered = [f"{self._place(line)}{text}" for line, text in sorted(self.lines, key=itemgetter(0))]
        yield from [*ordered[:ENOUGH], *self.elsewhere]
        if len(ordered) >= ENOUGH:
            yield f"{self.file or 'grid'}: there may be more mistakes; correct these first"

    def _place(self, line: int) -> str:
        if line < NO_LINE:
            return f"--set {self.overrides[-line - 1]}: "
        return f"{self.file}:{line}: " if self.file else ""
