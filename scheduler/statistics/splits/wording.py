"""Verdicts beyond the splits, and the parts of the variance, in words. Nothing reads these texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.statistics.outcomes import Outcome
from scheduler.statistics.repeats_needed import MOST_REPEATS
from scheduler.statistics.wording import enumerated, rounded, significance
from scheduler.text import figure

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.statistics.scores import Floats, Texts
    from scheduler.statistics.splits.beyond import Beyond
    from scheduler.statistics.splits.components import Components
    from scheduler.statistics.splits.record import OverSplits

#: rivals that are named; more of them are only counted
MOST_NAMED = 3
#: with more of the noise than this from the splits, more seeds are hardly worth it, with less than that they are
MOSTLY, HARDLY = 0.5, 0.2


def plural(*, windows: bool) -> str:
    """Return what the splits are."""
    return "windows" if windows else "series"


def number(count: int, *, windows: bool) -> str:
    """Return a number of splits in words."""
    return "1 window" if windows and count == 1 else f"{count:,} {plural(windows=windows)}"


def more_splits(more: float) -> str:
    """Return how many more splits would settle a pair, rounded to their uncertainty."""
    how_many = f"more than {MOST_REPEATS:,}" if more >= MOST_REPEATS else f"about {rounded(more):,}"
    return f"{how_many} more would settle it"


def verdicts(outcomes: Texts, found: Beyond) -> Texts:
    """Return the outcome of every pair in words."""
    rows = zip(outcomes, bounds(found), found.decision.more, strict=True)
    return np.array(
        [_verdict(outcome, float(bound), float(more), found) for outcome, bound, more in rows], dtype=object
    )


def bounds(found: Beyond) -> Floats:
    """Return what each difference is surely not larger than."""
    d, e = found.decision, found.evidence
    return np.asarray(np.maximum(np.abs(e.contrast.difference) + d.half_width, e.rounding))


def _verdict(outcome: Outcome, bound: float, more: float, found: Beyond) -> str:
    if outcome.better:
        return "better"
    if outcome is Outcome.NO_DIFFERENCE:
        return f"no difference larger than {figure(bound)}"
    if outcome is Outcome.ALL_DIVERGED:
        return "undecided: all repeats diverged"
    if outcome is Outcome.TOO_FEW_SPLITS:
        return f"undecided: a verdict takes at least {number(found.least, windows=found.windows)}"
    return f"undecided: {more_splits(more)}"


def answer(on_these: str, found: OverSplits) -> str:
    """Return both answers in one sentence: on these splits, and beyond them.

    Args:
        on_these: the answer on these splits, a sentence.
        found: what holds beyond them.
    """
    head = f"On these {number(found.units, windows=found.windows)} {on_these.removesuffix('.')}"
    if found.pairs.empty:
        return f"{head}."
    return f"{head}; {_too_few(found) if found.units < found.least else _beyond(found)}."


def _too_few(found: OverSplits) -> str:
    least = number(found.least, windows=found.windows)
    return f"they are too few to say anything beyond them: that takes at least {least}"


def _beyond(found: OverSplits) -> str:
    """Return how the configuration with the lowest mean compares with the others beyond the splits."""
    over, name, table = f"over {plural(windows=found.windows)} like these", found.leader, found.pairs
    own = table[(table["a"] == name) | (table["b"] == name)]
    open_pairs = own[own["winner"] != name]
    if open_pairs.empty:
        sure = significance(float(own["p_adjusted"].max()))
        return f"{over} {'it' if found.configurations == 2 else name} is better, too ({sure})"
    return f"{over} {_open(open_pairs, name, others=found.configurations - 1)}"


def _open(pairs: pd.DataFrame, name: str, *, others: int) -> str:
    """Return what keeps a configuration from being better than others beyond the splits."""
    rivals = _named([str(one) for one in np.where(pairs["a"] == name, pairs["b"], pairs["a"])], others)
    if set(pairs["outcome"]) == {Outcome.NO_DIFFERENCE}:
        return f"its difference from {rivals} is no larger than {figure(float(pairs['bound'].max()))}"
    more = pairs.loc[pairs["outcome"] == Outcome.UNDECIDED, "more"].dropna()
    remedy = f": {more_splits(float(more.median()))}" if len(more) else ""
    if others == 1:
        return f"it is undecided{remedy}"
    if len(more) > 1:
        remedy = remedy.replace("settle it", "settle half of these pairs")
    return f"{name} cannot be distinguished from {rivals}{remedy}"


def _named(rivals: list[str], others: int) -> str:
    if len(rivals) == others and others > 1:
        return f"any of the other {others:,}"
    return enumerated(rivals, "or") if len(rivals) <= MOST_NAMED else f"{len(rivals):,} others"


def advice(found: Components, *, windows: bool) -> str:
    """Return whether more seeds or more splits make a study surer; nothing where that is unknown."""
    share, what = found.for_splits, plural(windows=windows)
    if np.isnan(share):
        return ""
    one = "window" if windows else "series"
    noise = f"{share:.0%} of the noise of a difference comes from how configurations differ from {one} to {one}"
    if share > MOSTLY:
        return f"Beyond these {what} more {what} tell more, not more repeats: {noise}, which repeats do not lower."
    if share < HARDLY:
        return f"More repeats and more {what} serve alike: only {noise}."
    return f"Beyond these {what} more {what} tell more than more repeats: {noise}, which repeats do not lower."
