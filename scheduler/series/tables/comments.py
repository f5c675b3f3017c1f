"""Lines of comments: they are taken out, but for the header, which NumPy, gnuplot and others write as the last one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scheduler.series.lines import are, on_lines
from scheduler.series.tables.cells import fits, is_readable, kind_of

COMMENT = re.compile(r'\s*"?(?:#|//|%%)')
COMMENTS = ("#", "//", "%%")
#: marks of comments where several lines at the start of a file have the same one: MATLAB and TeX, Fortran, SAS
_OTHERS = re.compile(r"[ \t]*([%!*])")
#: lines from which they are told
FEWEST = 2
_BREAK = re.compile(r"\r\n|\r|\n")
_NUMBERED = re.compile(r"#\w*\d[\w-]*\Z")
_MARKS = frozenset('#/%"')
#: what may part the names of a header that is a comment, where spaces part the columns
_NAMES = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Rows:
    """A file as rows of cells."""

    #: on which each row starts
    lines: list[int]
    cells: list[list[str]]
    #: for the user
    notes: list[str]
    delimiter: str


def with_usual_marks(text: str) -> str:
    """Return a text whose comments have the mark # where those at its start have another one, such as %.

    A first line alone that begins so may be a header, `% change,day`, and so may lines with as many cells as the rows.
    """
    first = _OTHERS.match(text.lstrip("\r\n"))
    if first is None:
        return text
    mark, marked, start = first[1], [], 0
    while start < len(text):
        found = _BREAK.search(text, start)
        line = text[start : found.start() if found else len(text)]
        if line.strip() and not line.lstrip(" \t").startswith(mark):
            break
        marked += [line.lstrip(" \t").lstrip(mark).strip()] if line.strip() else []
        start = found.end() if found else len(text)
    else:
        return text
    if len(marked) < FEWEST or _are_rows(marked, line.strip()):
        return text
    return re.sub(rf"(?m)^([ \t]*){re.escape(mark)}+", r"\1#", text[:start]) + text[start:]


def _are_rows(marked: list[str], row: str) -> bool:
    """Return whether lines with a mark before them are of the table, since they have the cells that a row has."""
    delimiter = next((one for one in ("\t", ";", "|", ",") if one in row), None)
    cells = row.split(delimiter)
    kinds = [kind_of(cell) for cell in cells]
    alike = [found for one in marked if len(found := one.split(delimiter)) == len(cells)]
    header = delimiter is not None and len(alike) == len(marked) and any(map(is_readable, cells))
    return header or any(fits(found, kinds) and all(map(is_readable, found)) for found in alike)


def without_comments(lines: list[int], cells: list[list[str]], delimiter: str, file: str) -> Rows:
    """Take out comment lines; one that is the header, as NumPy and gnuplot write it, stays without its mark."""
    wrong = [
        place
        for place, row in enumerate(cells)
        if row[0].lstrip()[:1] in _MARKS and COMMENT.match(row[0]) and _is_comment(row, delimiter)
    ]
    if not wrong or _are_numbered(cells, wrong):
        return Rows(lines, cells, [], delimiter)
    out = set(wrong)
    first = next((place for place in range(len(cells)) if place not in out), None)
    if first is None:
        return Rows(lines, cells, [], delimiter)
    if (found := _header(cells, out, first, delimiter)) is not None:
        header, names = found
        cells = [*cells[:header], names, *cells[header + 1 :]]
        out.remove(header)
    notes = []
    if out:
        places = [lines[place] for place in wrong if place in out]
        what = "a comment" if len(places) == 1 else "comments"
        notes.append(f"{file}: {on_lines(places)} {are(len(places))} {what} and left out")
    kept = [place for place in range(len(cells)) if place not in out]
    return Rows([lines[place] for place in kept], [cells[place] for place in kept], notes, delimiter)


def _are_numbered(cells: list[list[str]], marked: list[int]) -> bool:
    """Return whether marked lines are rows below a header, whose first cells are numbers such as #1001."""
    rows = [cells[place] for place in marked]
    wide = marked[0] == 1 and len(rows) == len(cells) - 1 and all(len(row) == len(cells[0]) > 1 for row in rows)
    return wide and all(_NUMBERED.match(row[0].strip()) for row in rows)


def _is_comment(row: list[str], delimiter: str) -> bool:
    """Tell a comment from a header whose first column is called #."""
    return row[0].strip() not in ("#", "//", "%%") or len(row) == 1 or delimiter == " "


def _header(cells: list[list[str]], comments: set[int], first: int, delimiter: str) -> tuple[int, list[str]] | None:
    """Return the place of the header among the comments above the first row, and its names; None if none is one.

    It is the last one that says something, or above it where below the names are units.
    """
    place = first - 1
    while place in comments and not _plain(cells[place], delimiter):
        place -= 1
    found, parted = None, ""
    while place in comments and (read := _names(cells[place], cells[first], delimiter)) is not None:
        names, mark = read
        if found is not None and mark != parted:
            if mark == delimiter and any(" " in name for name in found[1]):
                found = place, names  # below it is a sentence with as many commas
            break  # a sentence above the names
        found, place, parted = (place, names), place - 1, mark
    return found


def _plain(comment: list[str], delimiter: str) -> str:
    """Return a comment as text, without its mark."""
    return COMMENT.sub("", delimiter.join(comment), count=1).lstrip("# ").strip()


def _names(comment: list[str], body: list[str], delimiter: str) -> tuple[list[str], str] | None:
    """Return a comment as the names of columns, one for each cell of a row of numbers or times, and what parts them.

    None if it is none: names by another mark than the delimiter have no colon, as sentences such as `Sites: A, B` do.
    """
    if not any(map(is_readable, body)):
        return None
    whole = _plain(comment, delimiter)
    alone = len(comment) > 1 and not _plain(comment[:1], delimiter)
    ways = [(comment[1:] if alone else [_plain(comment[:1], delimiter), *comment[1:]], delimiter)]
    if ":" not in whole:
        marks = [mark for mark in _NAMES if mark != delimiter and mark in whole]
        ways = [*(([name.strip() for name in whole.split(mark)], mark) for mark in marks), *ways]
    return next((way for way in ways if len(way[0]) == len(body) and not any(map(is_readable, way[0]))), None)
