"""From text to rows of cells: comment lines are taken out, and the rows say which delimiter splits them best."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from operator import itemgetter
from typing import NoReturn

from scheduler.series.tables.cells import is_readable
from scheduler.series.tables.comments import COMMENT, COMMENTS, Rows, with_usual_marks, without_comments
from scheduler.series.tables.fixed_columns import with_tabs
from scheduler.series.tables.year_rows import year_rows
from store.errors import SeriesError
from store.schema.spelling import listed

DELIMITERS = (",", ";", "\t", "|")
#: those that are tried where none of them, nor spaces, part the lines
RARE = ("^", "~", ":")
#: lines from which the delimiter is found
SAMPLE = 200
#: lines that show whether something parts the columns
SAMPLE_LINES = 20
_SEP = re.compile(r'"?sep=(.)"?\r?\Z', re.IGNORECASE)
_SPACES = re.compile(r"[ \t]+")


def split(text: str, file: str, delimiter: str | None = None) -> Rows:
    """Split text into rows of cells.

    Raises:
        SeriesError: The quotes are wrong.
    """
    marked = _SEP.match(text.split("\n", 1)[0].strip())
    skipped = 0
    if marked:
        text, skipped = text.partition("\n")[2], 1
        delimiter = delimiter or marked[1]
    text = with_usual_marks(text)
    sample = [line for line in re.split(r"\r\n|\r|\n", text[: SAMPLE * 1000])[:-1][:SAMPLE] or [text] if line.strip()]
    plain = [line for line in sample if not COMMENT.match(line)] or sample
    if delimiter is None:
        delimiter = _best(plain)
        if (placed := _by_place(text, plain, delimiter, file)) is not None:
            return placed
    if delimiter == " ":
        header = _spaced_header(plain)
        text = "\n".join(
            header if header and line == plain[0] else _SPACES.sub(" ", line.strip())
            for line in re.split(r"\r\n|\r|\n", text)
        )
    lines, cells = _rows(text, delimiter, file, skipped)
    if '="' in text:  # as spreadsheets keep figures as they are
        cells = [[cell[2:-1] if cell[:2] == '="' and cell[-1:] == '"' else cell for cell in row] for row in cells]
    if not any(mark in text for mark in COMMENTS):
        return Rows(lines, cells, [], delimiter)
    return without_comments(lines, cells, delimiter, file)


def _by_place(text: str, plain: list[str], delimiter: str, file: str) -> Rows | None:
    """Split text whose columns nothing but their places parts; None if something does."""
    if delimiter != " " and any(delimiter in line for line in plain[:SAMPLE_LINES]):
        return None
    lines = re.split(r"\r\n|\r|\n", text)
    if (found := year_rows(lines, file)) is not None:
        return Rows(*found, " ")
    if (tabbed := with_tabs(lines, plain)) is None:
        return None
    rows = without_comments(*_rows("\n".join(tabbed), "\t", file, 0), "\t", file)
    return replace(rows, notes=[*rows.notes, f"{file}: the columns are parted by their places in the line"])


def _spaced_header(lines: list[str]) -> str:
    """Return a first line whose names have single spaces in them, with these names in quotes; else an empty text."""
    names = re.split(r"[ \t]{2,}", lines[0].strip())
    usual, _ = Counter(len(line.split()) for line in lines[1:] or lines).most_common(1)[0]
    return " ".join(f'"{name}"' for name in names) if len(names) == usual != len(lines[0].split()) else ""


def _best(lines: list[str]) -> str:
    """Return the delimiter whose columns are the most even, and of these the one whose cells are read best."""
    scored = {delimiter: _score(lines, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda one: scored[one])
    if scored[best][0] > 0:
        return best
    spaced = _score([_SPACES.sub(" ", line.strip()) for line in lines], " ")
    if spaced[0] >= 0.9 and spaced[1] >= 0.5 and len(lines) > 2:
        return " "
    rare = {one: score for one in RARE if (score := _score(lines, one))[0] >= 0.9 and score[1] >= 0.9 and score[2]}
    return max(rare, key=lambda one: rare[one], default=",")


def _score(lines: list[str], delimiter: str) -> tuple[float, float, bool, int]:
    """Return the share of rows with the usual number of cells, that of cells that are read, and that number.

    Before the number is whether the first line has as many cells, too.

    The share is 0 for a delimiter that splits nothing, and where only rows, not the header, have it: as the decimal
    mark of a single column.
    """
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return (0.0, 0.0, False, 0)
    usual, often = Counter(map(len, rows)).most_common(1)[0] if rows else (1, 0)
    header_alone = len(rows) > 2 and len(rows[0]) == 1 and often == len(rows) - 1 and not is_readable(lines[0])
    if usual < 2 or (delimiter == "," and usual == 2 and header_alone and all(map(is_readable, lines[1:]))):
        return (0.0, 0.0, False, 0)
    cells = [cell for row in rows[1:] or rows if len(row) == usual for cell in row]
    read = sum(is_readable(cell) or not cell.strip() for cell in cells) / max(1, len(cells))
    share = often / len(rows)
    return (round(share if share < 0.8 else 1.0, 1), round(read, 2), len(rows[0]) == usual, usual)


def _rows(text: str, delimiter: str, file: str, skipped: int) -> tuple[list[int], list[list[str]]]:
    lines: list[int] = []
    cells: list[list[str]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except (TypeError, ValueError):
        _refuse(
            f"{file}: series.delimiter is {delimiter!r}; allowed: one character, such as "
            f"{listed([repr(one) for one in DELIMITERS])}"
        )
    line = 1 + skipped
    if (found := _line_by_line(text, delimiter)) is not None:
        if all(found) and all(map(str.strip, map(itemgetter(0), found))):  # as nearly always; millions in a second
            return list(range(line, line + len(found))), found
        full = [place for place, row in enumerate(found) if row and (row[0].strip() or any(map(str.strip, row)))]
        return _with_blanks([line + place for place in full], [found[one] for one in full])
    try:
        for row in reader:
            if row and ((row[0] and not row[0].isspace()) or any(cell.strip() for cell in row)):
                lines.append(line)
                cells.append(row)
            line = reader.line_num + 1 + skipped
    except csv.Error as problem:
        _refuse(f"{file}:{line}: not CSV: {problem}; check the quotes")
    return _with_blanks(lines, cells)


def _line_by_line(text: str, delimiter: str) -> list[list[str]] | None:
    """Return the rows of a text, each of which is one line; None where one is not, or the quotes are wrong."""
    for escaped in (None, "\\"):  # quotes within quotes as C and databases write them
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, escapechar=escaped)
        try:
            found = list(reader)
        except csv.Error:
            if '\\"' in text:
                continue
            return None
        return found if reader.line_num == len(found) else None
    return None


def _with_blanks(lines: list[int], cells: list[list[str]]) -> tuple[list[int], list[list[str]]]:
    """Take a blank line between two numbers of a file of one column for a missing value.

    Where more than every third line is blank they are how the file is spaced.
    """
    blank = {
        place: range(line + 1, following)
        for place, (line, following) in enumerate(pairwise(lines))
        if following > line + 1 and all(len(row) == 1 and is_readable(row[0]) for row in cells[place : place + 2])
    }
    if not blank or 2 * sum(map(len, blank.values())) > len(cells) or any(len(row) != 1 for row in cells):
        return lines, cells
    rows = [
        (line, row)
        for place, one in enumerate(zip(lines, cells, strict=True))
        for line, row in (one, *((line, [""]) for line in blank.get(place, ())))
    ]
    return [line for line, _ in rows], [row for _, row in rows]


def _refuse(text: str) -> NoReturn:
    raise SeriesError([text]) from None
