"""The tables of the verdicts, from the fullest form to the narrowest: `tables` picks the first that fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from scheduler.report.formats.terminal import Rows, left_out
from scheduler.text import printable

#: heads of the ranking -> shorter ones
BRIEF_HEADS = {"rank": "#", "finished": "done"}
#: columns of the pairs that matter less than what they say of them, the least first
LESSER = ("test", "effect", "b beats a", "p (Holm)")
#: how many of these may go while configurations are named in full, before they are numbered
LESSER_THAN_NAMES = 3
#: what verdicts say -> the same in short
BRIEF = {
    r"undecided: about ([\d,]+) more repeats? would settle it": r"undecided, ~\1 more",
    r"undecided: more than ([\d,]+) further repeats would settle it": r"undecided, > \1 more",
    r"no difference larger than (\S+)": r"no difference > \1",
}
ABOUT = "undecided, ~N more: about N more repeats of each would settle it."


def rankings(write: Callable[..., Rows]) -> Iterator[Rows]:
    """Write the ranking in every form.

    Args:
        write: writes it, given `figures`, the significant digits of the least spread.
    """
    full = write()
    yield full
    yield full.renamed(BRIEF_HEADS)
    brief = write(figures=2).renamed(BRIEF_HEADS)
    yield brief
    for names in (("std",), ("std", "95% interval")):
        fewer = brief.without(*names).noted(left_out(names, "--format json has them."))
        yield fewer
        yield replace(fewer, wraps="configuration")


def pairings(write: Callable[..., Rows], ranks: Mapping[str, int], *, ranked: int) -> Iterator[Rows]:
    """Write the pairs in every form: with the names of the configurations if possible, else with their ranks.

    Args:
        write: writes them, given how a configuration is `called`.
        ranks: the rank of each configuration.
        ranked: how many configurations the table of the ranking shows.
    """
    full = write()
    yield full
    yield from _fewer(_in_short(full), LESSER_THAN_NAMES)
    yield (numbered := _explained(write(called=lambda label: f"#{ranks[str(label)]}"), ranks, ranked))
    yield from _fewer(_in_short(numbered), len(LESSER))


def _fewer(form: Rows, most: int) -> Iterator[Rows]:
    """Leave out more and more columns."""
    yield form
    for count in range(1, most + 1):
        names = LESSER[:count]
        yield form.without(*names).noted(left_out(names, "--format csv has them."))


def _in_short(form: Rows) -> Rows:
    """Say the verdicts in short; they are the last column."""
    rows = [[*row[:-1], _short(row[-1])] for row in form.rows]
    short = replace(form, rows=rows)
    return short.noted(ABOUT) if any(", ~" in row[-1] for row in rows) else short


def _short(verdict: str) -> str:
    for said, brief in BRIEF.items():
        if found := re.fullmatch(said, verdict):
            return found.expand(brief)
    return verdict


def _explained(numbered: Rows, ranks: Mapping[str, int], ranked: int) -> Rows:
    """Say what the numbers are, and name the configurations that the ranking above does not show."""
    used = {cell for row in numbered.rows for cell in row[:2]}
    absent = {rank: label for label, rank in ranks.items() if rank > ranked and f"#{rank}" in used}
    named = [f"#{rank} is {printable(label)}." for rank, label in sorted(absent.items())]
    return numbered.noted("#1, #2, ... are the configurations by rank.", *named)
