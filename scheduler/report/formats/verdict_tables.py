"""The tables of the verdicts, from the fullest form to the narrowest: `tables` picks the first that fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from scheduler.report.formats.terminal import Rows, left_out
from scheduler.text import printable

#: heads of the ranking -> shorter ones
BRIEF_HEADS = {"rank": "#", "finished": "done"}
#: columns of the pairs that matter less than what they say of them, the least first
LESSER = ("test", "effect", "95% (this pair)", "b beats a", "p (Holm)")
#: how many of these may go while configurations are named in full, before they are numbered
LESSER_THAN_NAMES = 4
#: what the abbreviation of `brief_verdict` means
ABOUT = "undecided, ~N more: about N more repeats of each would settle it."
ABOUT_SPLITS = "undecided, ~N more: about N more series, or windows of one series, would settle it."


def rankings(write: Callable[..., Rows]) -> Iterator[Rows]:
    """Yield the ranking in every form.

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
    """Yield the pairs in every form: with the names of the configurations if possible, else with their ranks.

    Args:
        write: writes them, given how a configuration is `called` and whether verdicts are `brief`.
        ranks: the rank of each configuration.
        ranked: how many configurations the table of the ranking shows.
    """
    yield write()
    yield from _fewer(write(brief=True), LESSER_THAN_NAMES)

    def numbered(*, brief: bool) -> Rows:
        return _explained(write(called=lambda label: f"#{ranks[str(label)]}", brief=brief), ranks, ranked)

    yield numbered(brief=False)
    yield from _fewer(numbered(brief=True), len(LESSER))


def _fewer(form: Rows, most: int) -> Iterator[Rows]:
    """Yield forms with fewer and fewer columns."""
    yield form
    for count in range(1, most + 1):
        names = LESSER[:count]
        yield form.without(*names).noted(left_out(names, "--format csv has them."))


def _explained(numbered: Rows, ranks: Mapping[str, int], ranked: int) -> Rows:
    """Explain the numbers, and name the configurations that the ranking above does not show."""
    used = {cell for row in numbered.rows for cell in row[:2]}
    absent = {rank: label for label, rank in ranks.items() if rank > ranked and f"#{rank}" in used}
    named = [f"#{rank} is {printable(label)}." for rank, label in sorted(absent.items())]
    return numbered.noted("#1, #2, ... number the configurations by rank.", *named)
