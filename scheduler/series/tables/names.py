"""The names of the columns, from the lines of a header."""

from __future__ import annotations

from scheduler.series.time_forms.spelling import named_like_times

#: lines of a header, of which the last one names the index
MOST_LEVELS = 4


def names_of(head: list[list[str]], many: int) -> tuple[tuple[str, ...], str]:
    """Name the columns: by the first line of the header, or by all of them where that names two alike."""
    if not head:
        return tuple(f"column_{place}" for place in range(1, many + 1)), ""
    lines = [[*row, *[""] * (many - len(row))][:many] for row in head]
    names, more = list(lines[0]), ""
    others = lines[1:]
    whole = [place for place, line in enumerate(lines) if place and all(line)]
    if whole and not all(names):  # names over several columns each, above a line that names all
        lines = [*map(_carried, lines[: whole[-1]]), lines[whole[-1]]]  # below it are units
        names = [" ".join(dict.fromkeys(filter(None, words))) for words in zip(*lines, strict=True)]
        used = "all of them" if len(lines) == len(head) else f"the first {len(lines)}"
        more = f"the header has {len(head)} lines: columns are named by {used}, such as {names[-1]!r}"
    elif others:
        more = f"the header has {len(lines)} lines: columns are named by the first"
        last = others[-1]
        if last[0] and not any(last[1:]) and many > 1 and (len(lines) <= MOST_LEVELS or named_like_times(last[0])):
            names[0] = last[0]  # pandas writes the name of the index so
        if len(set(filter(None, names))) < len([name for name in names if name]):
            joined = [[line[place] for line in lines if line[place]] for place in range(many)]
            names = [names[0], *(" ".join(dict.fromkeys(words)) for words in joined[1:])]
            more = f"the header has {len(lines)} lines: columns are named by all of them, such as {names[-1]!r}"
    unnamed = [number for number, name in enumerate(names, start=1) if not name]
    if unnamed and not more:
        what = "a column has" if len(unnamed) == 1 else f"{len(unnamed)} columns have"
        more = f"{what} no name, and can be called column_{unnamed[0]}"
    called = tuple(_printable(name) or f"column_{number}" for number, name in enumerate(names, start=1))
    return called, more


def _carried(line: list[str]) -> list[str]:
    """Return a line in which an empty cell has the name of the one before it."""
    found: list[str] = []
    for name in line:
        found.append(name or (found[-1] if found else ""))
    return found


def _printable(name: str) -> str:
    """Return a name without the line breaks that a spreadsheet's cell may have."""
    return name if name.isprintable() else " ".join("".join(c if c.isprintable() else " " for c in name).split())
