"""Files whose columns are parted by their places in the line, so that an empty cell leaves a hole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from scheduler.series.tables.cells import is_readable

#: rows without which places tell nothing
FEWEST = 5
#: of the words below the header that must be numbers or times
MOSTLY = 0.6
#: lines that may be notes around the table
MOST_NOTES = 40
_RULE = re.compile(r"\s*[-=]{2,}(?:\s+[-=]{2,})+\s*\Z")
_COMMENT = re.compile(r'\s*"?(?:#|//|%%)')
_RUN = re.compile(r"[-=]{2,}")
_WORD = re.compile(r"\S+")
_NAME = re.compile(r"\S+(?: \S+)*")

Spans = list[tuple[int, int]]


def with_tabs(lines: Sequence[str], sample: Sequence[str]) -> list[str] | None:
    """Return the lines of a file with tabs between their columns; None if places do not part them.

    Args:
        lines: of the whole file.
        sample: some of them, without comments, from the first one on.
    """
    if any("\t" in line for line in sample):
        return None
    rule = next((line for line in sample[: FEWEST * 2] if _RULE.match(line)), "")
    spans = _by_rule(rule, sample) if rule else _by_blanks(sample)
    if not spans:
        return None
    cuts = [start for start, _ in spans[1:]]
    found, notes = [], 0
    above = lines.index(rule) if rule else 0
    for place, line in enumerate(lines):
        if any(line[cut - 1 : cut].strip() and line[cut : cut + 1].strip() for cut in cuts):
            notes += 1  # a word lies across two columns
            own = place > above and not _COMMENT.match(line)
            if notes > MOST_NOTES or is_readable(line.split()[0]) or (own and any(map(is_readable, line.split()))):
                return None
            found.append(line)
        elif line == rule or not line.strip():
            found.append("")
        else:
            parts = [line[start:stop].strip() for start, stop in zip([0, *cuts], [*cuts, len(line)], strict=True)]
            found.append("\t".join(parts))
    return found


def _by_rule(rule: str, sample: Sequence[str]) -> Spans:
    """Return the places of columns by a line of dashes below their names."""
    place = list(sample).index(rule)
    spans = [run.span() for run in _RUN.finditer(rule)]
    return spans if place and len(sample) - place > 2 else []


def _by_blanks(sample: Sequence[str]) -> Spans:
    """Return the places of columns by what is blank in all rows, if rows have other numbers of words for it."""
    first = sample[0].split() if sample else []
    header = sample[0] if len(first) > 1 and not any(map(is_readable, first)) else ""
    body = sample[1:] if header else sample
    words = [line.split() for line in body]
    if len(body) < FEWEST or len(set(map(len, words))) == 1:
        return []
    read = sum(is_readable(word) for line in words for word in line)
    if read < MOSTLY * sum(map(len, words)) or (not is_readable(words[0][0]) and not is_readable(words[0][-1])):
        return []
    spans = _filled(body)
    return _named(spans, header) if header else spans if len(spans) >= max(map(len, words)) else []


def _filled(body: Sequence[str]) -> Spans:
    """Return the stretches of places where at least one row is not blank."""
    width = max(map(len, body))
    full = [any(place < len(line) and line[place] != " " for line in body) for place in range(width)]
    stretches = [list(group) for filled, group in groupby(range(width), full.__getitem__) if filled]
    return [(stretch[0], stretch[-1] + 1) for stretch in stretches]


def _named(spans: Spans, header: str) -> Spans:
    """Return the places of the columns that names stand above: each has a name, and each name a column."""
    for form in (_WORD, _NAME):
        names = [name.span() for name in form.finditer(header)]
        owner = [min(range(len(names)), key=lambda name: _apart(names[name], span)) for span in spans]
        if sorted(set(owner)) == list(range(len(names))) and owner == sorted(owner) and len(names) > 1:
            own = [[span for span, name in zip(spans, owner, strict=True) if name == one] for one in range(len(names))]
            return [
                (min(parts[0][0], start), max(parts[-1][1], stop))
                for parts, (start, stop) in zip(own, names, strict=True)
            ]
    return []


def _apart(name: tuple[int, int], span: tuple[int, int]) -> int:
    """Return how many places lie between a name and a column; less than 0 where they overlap."""
    return max(name[0], span[0]) - min(name[1], span[1])
