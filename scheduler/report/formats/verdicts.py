"""The verdicts as text: the answer, the ranking and every pair."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from scheduler.report.formats.ensembles import ensemble_markdown, show_ensembles
from scheduler.report.formats.splits import beyond_splits, heading_beyond
from scheduler.report.formats.terminal import Rows, draw, markdown, say
from scheduler.report.formats.verdict_tables import ABOUT, ABOUT_SPLITS, pairings, rankings
from scheduler.statistics.outcomes import Outcome, Test
from scheduler.statistics.wording import about_groups, brief_verdict, counted, test_name
from scheduler.text import chance, figure, or_hyphen, printable

if TYPE_CHECKING:
    from scheduler.report.formats.terminal import Console
    from scheduler.report.report_data import ReportData

#: rows shown of each table; the rest is counted
MOST_ROWS = 30
#: what the two intervals are
INTERVALS = (
    "95% (this pair): the interval of the difference by itself. 95% (all pairs): those of all pairs hold at once. "
    "Whether one is better is decided by p (Holm), which allows for all pairs too and finds more than these intervals."
)
#: what the pairs are called in print, and on which side they stand
PAIR_HEADS = {
    "a": "left",
    "b": "left",
    "b - a": "right",
    "95% (this pair)": "right",
    "95% (all pairs)": "right",
    "p (Holm)": "right",
    "effect": "right",
    "b beats a": "right",
    "test": "left",
    "verdict": "left",
}


def answer(data: ReportData) -> str:
    """Return the answer, which is never empty."""
    return " ".join(line for line in ("" if data.ranking is not None else _alone(data), data.answer or "") if line)


def _alone(data: ReportData) -> str:
    """Return the answer for a single configuration: there is nothing to compare."""
    found = next(iter(data.scores().values()), None)
    if found is None or not len(found):
        return "There is one configuration, and no repeat of it has a score."
    repeats = f"{len(found):,} repeat{'s' * (len(found) != 1)}"
    return f"There is one configuration, {data.labels[0]}: mean {figure(float(found.mean()))} over {repeats}."


def ranking(data: ReportData, *, most: int | None = MOST_ROWS, figures: int = 3) -> Rows:
    """Return the configurations, best first, with the letters of their groups.

    Args:
        data: the report.
        most: rows that are shown; None = all.
        figures: significant digits of the least spread, which all means are written with.
    """
    table = data.ranking if data.ranking is not None else pd.DataFrame()
    further = [name for name in ("diverged", "failed", "waiting") if len(table) and table[name].any()]
    heads = {"rank": "right", "configuration": "left", "group": "left", "mean": "right", "95% interval": "right"}
    heads |= dict.fromkeys(("std", "finished", *further), "right")
    shown = table if most is None else table.head(most)
    exact = _decimals(table, figures)
    rows = [
        [
            str(row["rank"]),
            printable(row["configuration"]),
            row["group"],
            *(or_hyphen(row["mean"], exact), span(row["low"], row["high"], exact), or_hyphen(row["std"], exact)),
            *(f"{row[name]:,}" for name in ("finished", *further)),
        ]
        for row in shown.to_dict("records")
    ]
    below = [f"{about_groups(table).capitalize()}."] if rows else []
    return Rows(heads=heads, rows=rows, below=below + left_out(len(shown), len(table), "configurations", "the best"))


def pairs(
    data: ReportData,
    *,
    most: int | None = MOST_ROWS,
    called: Callable[[object], str] = printable,
    brief: bool = False,
) -> Rows:
    """Return the table of the pairs, those of the best configurations first.

    Args:
        data: the report.
        most: rows that are shown; None = all.
        called: writes the name of a configuration.
        brief: whether verdicts are abbreviated.
    """
    table = in_order(data)
    shown = table if most is None else table.head(most)
    rows = [
        [
            called(row["a"]),
            called(row["b"]),
            or_hyphen(row["difference"]),
            span(row["low"], row["high"]),
            span(row["low_all"], row["high_all"]),
            or_hyphen(row["p_adjusted"], chance),
            or_hyphen(row["effect"], "{:.2f}".format),
            or_hyphen(row["probability"], "{:.0%}".format),
            row["test"],
            worded(row, called, brief=brief),
        ]
        for row in shown.to_dict("records")
    ]
    below = left_out(len(shown), len(table), "pairs", "those of the best configurations")
    if table.empty:
        return Rows(heads=dict(PAIR_HEADS), rows=[])
    coming = (shown["outcome"] == Outcome.UNDECIDED) & shown["more"].notna()
    explained = [ABOUT_SPLITS if "over" in table else ABOUT] if brief and coming.any() else []
    full = Rows(heads=dict(PAIR_HEADS), rows=rows, below=below + tests(table) + explained)
    if _one_interval(table):
        return full.without("95% (this pair)").renamed({"95% (all pairs)": "95% interval"})
    return full.noted(INTERVALS)


def _one_interval(table: pd.DataFrame) -> bool:
    """Return whether the interval of each pair alone is also the one that allows for all pairs: there is one pair."""
    apart = (table["low"] != table["low_all"]) & table["low_all"].notna()
    return not bool(apart.any())


def in_order(data: ReportData) -> pd.DataFrame:
    """Return the pairs, those of the best configuration first, then those of the next."""
    if data.comparisons is None or data.ranking is None:
        return pd.DataFrame()
    place = data.ranking.set_index("configuration")["rank"]
    ranks = pd.DataFrame({side: data.comparisons[side].map(place) for side in ("a", "b")})
    key = ranks.min(axis=1) * (len(place) + 1) + ranks.max(axis=1)
    return data.comparisons.iloc[key.argsort(kind="stable")]


def worded(row: Mapping[Any, Any], called: Callable[[object], str] = printable, *, brief: bool = False) -> str:
    """Return the verdict of a pair, with the name of the better configuration."""
    outcome = Outcome(row["outcome"])
    if outcome.better:
        return f"{called(row['winner'])} is better"
    return brief_verdict(outcome, bound=row["bound"], more=row["more"]) if brief else str(row["verdict"])


def _decimals(table: pd.DataFrame, figures: int) -> Callable[[float], str]:
    """Return the format of means: with enough digits of the smallest spread to distinguish them."""
    known = table.loc[table["std"] > 0, "std"] if len(table) else pd.Series(dtype="float64")
    if known.empty:
        return figure
    places = min(max(figures - 1 - math.floor(math.log10(known.min())), 0), 9)
    return f"{{:.{places}f}}".format


def span(low: float, high: float, spelt: Callable[[float], str] = figure) -> str:
    """Return an interval as text."""
    return f"{spelt(low)} to {spelt(high)}" if math.isfinite(low) and math.isfinite(high) else "-"


def tests(table: pd.DataFrame) -> list[str]:
    """Return which tests decided, and why."""
    if table.empty:
        return []
    decided = table[table["test"] != Test.NONE]
    used = Counter(zip(decided["test"], decided["why"], strict=True)).most_common()
    return [f"{counted(count, 'pair')} tested with {test_name(test)}: {why}." for (test, why), count in used]


def left_out(shown: int, total: int, what: str, which: str) -> list[str]:
    """Return a remark on the rows that are not shown."""
    return [f"Showing {shown:,} of {total:,} {what}, {which}. --all shows every one."] if shown < total else []


def show(data: ReportData, console: Console, *, most: int | None = MOST_ROWS) -> None:
    """Print the answer, the ranking, the pairs and what must be known beside them, split by split."""
    for part in data.parts:
        say(console, part.series_name, style="bold")
        show(part, console, most=most)
        console.print()
    if not data.parts:
        _show(data, console, most=most)


def _show(data: ReportData, console: Console, *, most: int | None) -> None:
    say(console, answer(data), style="bold green")
    if data.partial:
        say(console, "Partial: repeats are missing. This compares those that are done.", style="yellow")
    ranked = data.ranking
    if ranked is not None and len(ranked):
        console.print()
        draw(rankings(partial(ranking, data, most=most)), console)
        ranks = dict(zip(ranked["configuration"], ranked["rank"], strict=True))
        shown = len(ranked) if most is None else most
        for heading, view in _views(data):
            console.print()
            say(console, *heading, style="bold")
            draw(pairings(partial(pairs, view, most=most), ranks, ranked=shown), console)
    show_ensembles(data, console)
    console.print()
    say(console, *data.notes, style="dim")


def _views(data: ReportData) -> Iterator[tuple[list[str], ReportData]]:
    """Yield the pairs that there are with what is above them: on these splits, then beyond them."""
    if data.comparisons is not None and len(data.comparisons):
        yield [], data
    further = beyond_splits(data)
    if further is not None:
        yield [heading_beyond(data)], further


def as_markdown(data: ReportData, *, most: int | None = MOST_ROWS) -> str:
    """Return the same as Markdown."""
    if data.parts:
        return "\n\n".join(f"## {part.series_name}\n\n{as_markdown(part, most=most)}" for part in data.parts)
    lines = [f"**{printable(answer(data))}**", *(["", "Partial: repeats are missing."] if data.partial else [])]
    lines += _block(ranking(data, most=most))
    for heading, view in _views(data):
        lines += [line for text in heading for line in ("", f"**{text}**")] + _block(pairs(view, most=most))
    lines += ensemble_markdown(data)
    lines += [line for note in data.notes for line in ("", printable(note))]
    return "\n".join(lines)


def _block(part: Rows) -> list[str]:
    """Return a table and the remarks below it; nothing where it has no rows."""
    below = [line for remark in part.below for line in ("", remark)]
    return ["", *markdown(part), *below] if part.rows else []
