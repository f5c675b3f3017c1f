"""Tables in a terminal: the fullest of several forms that fits, so that no number and no name is cut."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scheduler.text import printable

if TYPE_CHECKING:
    from rich.console import Console as Console  # noqa: PLC0414 - for those that print with it
    from rich.table import Table

#: spaces between columns, and if space is short
GAP = 3
NARROW_GAP = 2
#: lines that a wrapped cell may take before a form counts as too wide
MOST_LINES = 2
#: the least width of a wrapped column
LEAST_WIDTH = 8
#: longer tables are aligned without Rich, which takes a millisecond a row
MOST_STYLED = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """One table in print."""

    #: column -> left or right
    heads: dict[str, str]
    rows: list[list[str]]
    #: remarks: which columns are omitted, what the columns mean; one sentence each
    below: list[str] = field(default_factory=list)
    #: the column that may take several lines; empty if none may
    wraps: str = ""

    def without(self, *names: str) -> Rows:
        """Omit columns."""
        kept = [place for place, head in enumerate(self.heads) if head not in names]
        heads = {head: side for head, side in self.heads.items() if head not in names}
        return replace(self, heads=heads, rows=[[row[place] for place in kept] for row in self.rows])

    def renamed(self, names: dict[str, str]) -> Rows:
        """Rename columns."""
        return replace(
            self,
            heads={names.get(head, head): side for head, side in self.heads.items()},
            wraps=names.get(self.wraps, self.wraps),
        )

    def noted(self, *lines: str) -> Rows:
        """Add remarks below the table."""
        return replace(self, below=[*self.below, *lines])

    def widths(self) -> dict[str, int]:
        """Return the width of each column without wrapping."""
        from rich.cells import cell_len

        columns = zip(self.heads, *self.rows, strict=True)
        return {cells[0]: max(map(cell_len, cells)) for cells in columns}


def fitting(forms: Iterable[Rows], console: Console) -> tuple[Rows, int]:
    """Return the first form that fits, or else the last one, and the spaces between its columns."""
    form = Rows(heads={}, rows=[])
    for form in forms:
        for gap in (GAP, NARROW_GAP):
            if _fits(form, gap, console):
                return form, gap
    return form, NARROW_GAP


def _fits(form: Rows, gap: int, console: Console) -> bool:
    """Return whether no cell is broken, except in the column that may wrap: at spaces, into a few lines."""
    from rich.text import Text

    if _is_whole(form, gap, console.width):
        return True
    free = _free(form, gap, console.width, form.widths())
    if not form.wraps or free < LEAST_WIDTH:
        return False
    place = list(form.heads).index(form.wraps)
    cells = {form.wraps, *(row[place] for row in form.rows)}
    return all(len(Text(cell).wrap(console, free)) <= MOST_LINES for cell in cells)


def _is_whole(form: Rows, gap: int, room: int) -> bool:
    """Return whether no cell is broken at all."""
    widths = form.widths()
    return _free(form, gap, room, widths) >= widths.get(form.wraps, 0)


def _free(form: Rows, gap: int, room: int, widths: Mapping[str, int]) -> int:
    """Return the width that is left for the column that may wrap; negative if the others are already too wide."""
    taken = sum(width for head, width in widths.items() if head != form.wraps)
    return room - taken - gap * (len(widths) - 1)


def drawn(form: Rows, gap: int, room: int, *, style: str = "") -> Table:
    """Return a table for Rich, its first column in a style."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0))
    free = max(_free(form, gap, room, form.widths()), LEAST_WIDTH)
    for place, (head, side) in enumerate(form.heads.items()):
        table.add_column(
            escape(head),
            justify="right" if side == "right" else "left",
            overflow="fold",
            style=style if place == 0 else "",
            max_width=free if head == form.wraps else None,
        )
    for row in form.rows:
        table.add_row(*map(escape, row))
    return table


def say(console: Console, *lines: str, style: str = "") -> None:
    """Print lines literally: without interpreting markup or control characters."""
    from rich.markup import escape

    for line in lines:
        console.print(escape(printable(line)), style=style, highlight=False)


def as_text(show: Callable[[Console], None]) -> str:
    """Return what `show` prints, without colors and without a limit to the width."""
    from rich.console import Console

    console = Console(color_system=None, highlight=False, soft_wrap=True, width=100_000, force_terminal=False)
    with console.capture() as capture:
        show(console)
    return capture.get()


def aligned(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, left: Collection[int] = (0,), gap: int = GAP
) -> str:
    """Align a table as Rich does without wrapping, but much faster.

    Args:
        heads: of the columns.
        rows: their cells.
        left: the places of the columns that are left-aligned; the others are right-aligned.
        gap: spaces between the columns.
    """
    from rich.cells import cell_len

    columns = list(zip(heads, *rows, strict=True))
    spaced = []
    for place, cells in enumerate(columns):
        sizes = [cell_len(cell) for cell in cells]
        widest = max(sizes)
        blank = [" " * (widest - size) for size in sizes]
        beside = zip(cells, blank, strict=True)
        spaced.append([cell + free if place in left else free + cell for cell, free in beside])
    return "\n".join((" " * gap).join(line) for line in zip(*spaced, strict=True))


def draw(forms: Iterable[Rows], console: Console, *, style: str = "") -> None:
    """Print the first form that fits, and its remarks."""
    form, gap = fitting(forms, console)
    if len(form.rows) > MOST_STYLED and _is_whole(form, gap, console.width):
        left = {place for place, side in enumerate(form.heads.values()) if side == "left"}
        text = aligned(list(form.heads), form.rows, left=left, gap=gap)
        console.print(text, markup=False, highlight=False, soft_wrap=True)
    else:
        console.print(drawn(form, gap, console.width, style=style))
    say(console, *form.below, style="dim")


def show(forms: Iterable[Rows], console: Console) -> None:
    """Print a table after an empty line: in a terminal the first form that fits, elsewhere the first."""
    console.print()
    if console.is_terminal:
        draw(forms, console, style="cyan")
    else:
        full = next(iter(forms))
        console.print(aligned(list(full.heads), full.rows), markup=False, highlight=False)
        say(console, *full.below)


def markdown(table: Rows) -> list[str]:
    """Return the lines of a table in Markdown, without its remarks."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    rule = "|" + "|".join("---:" if side == "right" else "---" for side in table.heads.values()) + "|"
    return [line(list(table.heads)), rule, *map(line, table.rows)]


def left_out(names: Iterable[str], where: str) -> str:
    """Return a remark on the columns omitted to fit the width, and where to find them."""
    return f"Columns omitted to fit the width: {', '.join(names)}. {where}"
