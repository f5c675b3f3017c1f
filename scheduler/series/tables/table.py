"""From rows of cells to a table: which rows are its header, which are notes, and how its columns are named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import itemgetter

from scheduler.series.lines import are, on_lines
from scheduler.series.tables.cells import Kind, kind_of
from scheduler.series.tables.footer import MOST_NOTES, last_of_body, sample_of, says_nothing
from scheduler.series.tables.names import names_of
from scheduler.series.tables.sheet import Sheet

#: rows that a header may have
MOST_HEADER = 12
#: of the cells of a column that must be of one kind
MOSTLY = 0.6


@dataclass(frozen=True, slots=True)
class Table:
    """A table as text: named columns, and rows with the lines on which they start."""

    file: str
    header: tuple[str, ...]
    header_line: int
    lines: list[int]
    #: each with as many cells as there are columns, or a mistake
    cells: list[list[str]]
    #: what each column mostly holds
    kinds: tuple[Kind, ...]
    #: what was understood and is worth a sentence
    notes: list[str] = field(default_factory=list)
    #: whether the file names its columns; if not, they are column_1, column_2, ...
    named: bool = True
    #: what parts the cells of a line of the file
    delimiter: str = ""
    #: whether each row of the file is a series, whose values are below each other here
    stacked: bool = False

    def place(self, name: str) -> int | None:
        """Return the place of a column by its name, or by its number as column_N; None if there is none, or several."""
        if self.header.count(name) == 1:
            return self.header.index(name)
        word, _, number = name.partition("_")
        if word == "column" and number.isdecimal() and 1 <= int(number) <= len(self.header):
            return int(number) - 1
        return None

    def texts(self, place: int) -> list[str]:
        """Return the cells of a column, without spaces around them."""
        return list(map(str.strip, map(itemgetter(place), self.cells)))

    def even(self) -> Table:
        """Return the table without rows of another number of cells."""
        if not (wrong := set(self.uneven())):
            return self
        kept = [place for place in range(len(self.cells)) if place not in wrong]
        return replace(self, lines=[self.lines[one] for one in kept], cells=[self.cells[one] for one in kept])

    def uneven(self) -> list[int]:
        """Return the places of the rows of another number of cells."""
        many = len(self.header)
        if set(map(len, self.cells)) <= {many}:
            return []
        return [place for place, row in enumerate(self.cells) if len(row) != many]


def read_table(sheet: Sheet, *, header: bool = True) -> Table:
    """Find the header and the notes around a table; without `header` all rows are observations.

    Where the first row is an observation although a header was expected, the table is not `named`.
    """
    if sheet.names is not None:
        return _finished(sheet, [list(sheet.names)], 0, _trimmed(sheet.cells, len(sheet.names)), sheet.lines, [])
    cells, many = _same_width(sheet.cells)
    kinds = kinds_of(cells, many)
    first = _first_of_body(cells, kinds)
    head = [place for place in range(first) if len(cells[place]) == many] or [
        place for place in range(first) if len(cells[place]) > many
    ]
    head = _without_titles(cells, _without_labels(cells, head)) if many > 1 else head[-1:]
    if not head and first and len(cells[first - 1]) > 1:  # a header of another width, which is a mistake of the rows
        head = [first - 1]
    above = [place for place in range(first) if place not in head]
    last = last_of_body(cells, kinds, first)
    below = list(range(last, len(cells)))
    notes = _around(sheet, above, below)
    body = cells[first:last]
    lines = sheet.lines[first:last]
    rows = [[cell.strip() for cell in cells[place]] for place in head]
    if (
        not header and rows
    ):  # what looks like a header is one all the same; nothing is an observation that cannot be read
        notes.append(
            f"{sheet.file}: {on_lines([sheet.lines[place] for place in head])} {are(len(head))} left out as a header"
        )
        rows = []
    line = sheet.lines[head[0]] if head else (sheet.lines[first] if first < len(sheet.lines) else 1)
    return _finished(sheet, rows, line, body, lines, notes)


def _without_labels(cells: list[list[str]], head: list[int]) -> list[int]:
    """Return the lines of a header without those above such as `Units: percent`."""
    labels = 0
    while labels < len(head) - 1:
        marked = [cell.strip().endswith(":") for cell in cells[head[labels]]]
        if not marked[0] or any(marked[1:]):
            break
        labels += 1
    return head[labels:]


def _without_titles(cells: list[list[str]], head: list[int]) -> list[int]:
    """Return the lines of a header without those above that have only a first cell, as titles in spreadsheets have."""
    filled = [[bool(cell.strip()) for cell in cells[place]] for place in head]
    titles = 0
    while titles < len(head) and filled[titles][0] and sum(filled[titles]) == 1:
        titles += 1
    below = filled[titles] if titles < len(head) else []
    return head[titles:] if any(below[:1]) or sum(below) > 1 else head


def _finished(
    sheet: Sheet, head: list[list[str]], line: int, body: list[list[str]], lines: list[int], notes: list[str]
) -> Table:
    many = len(head[0]) if head else max(map(len, body), default=1)
    kinds = kinds_of(body, many)
    many = len(head[0]) if len(head) == 1 else many
    names, more = names_of(head, many)
    if more:
        notes.append(f"{sheet.file}: {more}")
    return Table(
        file=sheet.file,
        header=names,
        header_line=line,
        lines=lines,
        cells=body,
        kinds=kinds,
        notes=[*sheet.notes, *notes],
        named=bool(head),
        delimiter=sheet.delimiter,
        stacked=sheet.stacked,
    )


def _same_width(cells: list[list[str]]) -> tuple[list[list[str]], int]:
    """Return the rows and how many columns they have: cells at the ends of rows that are all empty are no column."""
    sample = sample_of(cells)
    counts = Counter(map(len, sample))
    many = max(counts, key=lambda width: (counts[width], width)) if counts else 1
    header = next((len(row) for row in cells if len(row) > 1), many)
    width = many
    body = [row for row in sample if len(row) == many][1 if len(sample) > 2 else 0 :]
    while width > max(1, header if header < many else 1) and all(not row[width - 1].strip() for row in body):
        width -= 1
    if width < many and all(not row[width].strip() for row in cells if len(row) == many):
        return _trimmed(cells, width), width
    return cells, many


def _trimmed(cells: list[list[str]], width: int) -> list[list[str]]:
    return [row[:width] if len(row) > width and not any(cell.strip() for cell in row[width:]) else row for row in cells]


def kinds_of(cells: list[list[str]], many: int) -> tuple[Kind, ...]:
    """Return what each column mostly holds."""
    rows = [row for row in sample_of(cells) if len(row) == many]
    found = []
    for place in range(many):
        counts = Counter(kind_of(row[place]) for row in rows)
        empty = counts.pop(Kind.MISSING, 0)
        kind = max(counts, key=lambda one: counts[one], default=Kind.MISSING)
        found.append(kind if counts[kind] >= MOSTLY * (len(rows) - empty) or len(rows) - empty < 5 else Kind.TEXT)
    return tuple(found)


def fits(row: Sequence[str], kinds: Sequence[Kind]) -> bool:
    """Return whether a row could be an observation: what other rows have is there or missing, and some is there."""
    found = [(kind_of(cell), kind) for cell, kind in zip(row, kinds, strict=False)]
    typed = [(cell, kind) for cell, kind in found if kind in (Kind.NUMBER, Kind.TIME)]
    return all(cell in (kind, Kind.MISSING) for cell, kind in typed) and any(cell is kind for cell, kind in typed)


def _first_of_body(cells: list[list[str]], kinds: tuple[Kind, ...]) -> int:
    """Return the place of the first observation; header lines are those before it."""
    many = len(kinds)
    top = cells[: MOST_HEADER + MOST_NOTES]
    years = (place for place, row in enumerate(top) if _named_by_years(row, many, top[place + 1 :]))
    named = next((place + 1 for place in years if not _is_below_names(top[: place + 1], kinds)), None)
    named = named or _after_words(top[:MOST_HEADER], kinds)
    if named is not None or not any(kind in (Kind.NUMBER, Kind.TIME) for kind in kinds):
        return named or min(1, len(cells))
    first = next((place for place, row in enumerate(top) if len(row) == many and fits(row, kinds)), 0)
    words = first and len(cells[first - 1]) == many and says_nothing(cells[first - 1], kinds)
    if words and not _by_pandas(cells[first]):
        return first
    for place, row in enumerate(top):
        if len(row) != many:
            if place and (many == 1 or not says_nothing(row, kinds)):
                return place
            continue
        if fits(row, kinds) and not (place == 0 and _by_pandas(row)):
            return place
        above = place and any(len(one) == many for one in cells[:place])
        if above and not says_nothing(row, kinds) and not _is_label(row, kinds):
            return place
    return min(1, len(cells))


def _is_label(row: Sequence[str], kinds: Sequence[Kind]) -> bool:
    """Return whether a row above observations tells of its columns, as `Release date,15-11-2023` does.

    It begins with words, and has in no column what that holds.
    """
    return kind_of(row[0]) is Kind.TEXT and not any(
        kind_of(cell) is kind for cell, kind in zip(row, kinds, strict=False) if kind in (Kind.NUMBER, Kind.TIME)
    )


def _after_words(top: list[list[str]], kinds: tuple[Kind, ...]) -> int | None:
    """Return the place after a line of words alone that is below others, such as years over several columns each."""
    typed = (Kind.NUMBER, Kind.TIME)
    for place in range(1, len(top) - 1):
        row, before = top[place], top[place - 1]
        if len(before) == len(kinds) and all(map(str.strip, before)) and fits(before, kinds):
            return None  # an observation, below which words are no header
        words = len(row) == len(kinds) > 1 and all(kind_of(cell) is Kind.TEXT for cell in row)
        if words and row not in top[:place] and all(one in typed for one in kinds) and fits(top[place + 1], kinds):
            return place + 1
    return None


def _named_by_years(row: list[str], many: int, below: Sequence[list[str]]) -> bool:
    """Return whether a row is a header that has years for names: they rise or fall by one, behind some text.

    Two years are names if the row below has none in their columns.
    """
    cells = [cell.strip() for cell in row]
    plain = [cell.removesuffix(".0") for cell in cells]
    years = [int(cell) for cell in plain if len(cell) == 4 and cell.isdecimal()]
    steps = {later - earlier for earlier, later in pairwise(years)}
    text = bool(cells) and kind_of(cells[0]) in (Kind.TEXT, Kind.MISSING)
    if len(row) != many or not text or len(steps) != 1 or not steps <= {1, -1}:
        return False
    places = [place for place, cell in enumerate(plain) if len(cell) == 4 and cell.isdecimal()]
    under = [below[0][place].strip() for place in places if below and len(below[0]) == many]
    whole = all(cells[1:])  # years over several columns each leave cells empty
    return (many > 3 and len(years) > 2) or (
        whole and not any(len(cell) == 4 and cell.isdecimal() for cell in under or ["0000"])
    )


def _is_below_names(rows: Sequence[list[str]], kinds: Sequence[Kind]) -> bool:
    """Return whether the last of some rows is an observation: above it is another one, or a name for each column."""
    above = [row for row in rows[:-1] if len(row) == len(kinds)]
    named = any(all(row) and len(set(row)) == len(row) for row in above) and bool(rows[-1][0].strip())
    return named or any(fits(row, kinds) for row in above)


def _by_pandas(row: list[str]) -> bool:
    """Return whether a row is the header of a table without names, as pandas writes it: nothing, 0, 1, ..."""
    return len(row) > 1 and [cell.strip() for cell in row] == ["", *map(str, range(len(row) - 1))]


def _around(sheet: Sheet, above: list[int], below: list[int]) -> list[str]:
    notes = []
    for places, where in ((above, "above"), (below, "below")):
        if places:
            first = ",".join(sheet.cells[places[0]]).strip()
            lines = [sheet.lines[place] for place in places]
            looks = "looks like a note" if len(lines) == 1 else "look like notes"
            notes.append(
                f"{sheet.file}: {on_lines(lines)} {looks} {where} the table and {are(len(lines))} left out: "
                f"{first[:60]!r}"
            )
    return notes
