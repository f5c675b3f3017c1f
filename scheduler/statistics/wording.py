"""Verdicts in words: the text of every pair, and the answer in one line."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from scheduler.statistics.repeats_needed import MOST_REPEATS
from scheduler.statistics.scores import Bools, Floats, Texts

LEAST_P = 0.001


def figure(value: float) -> str:
    """Write a number with three significant digits and no exponent where that is readable."""
    if not math.isfinite(value):
        return "unknown"
    size = math.floor(math.log10(abs(value))) if value else 0
    if not -5 < size < 9:
        return f"{value:.3g}"
    return f"{value:.{max(0, 2 - size)}f}"


def chance(p: float) -> str:
    """Write a p-value: three decimals, or that it is below 0.001."""
    return f"< {LEAST_P}" if p < LEAST_P else f"{p:.3f}"


def repeats(more: float) -> str:
    """Write a number of further repeats, rounded as its uncertainty deserves."""
    if more >= MOST_REPEATS:
        return f"more than {MOST_REPEATS:,} further repeats"
    rounded = max(1, round(more, -1) if more > 100 else round(more))
    return f"about {rounded:,.0f} more repeat" + ("" if rounded == 1 else "s")


def verdicts(*, better: Bools, alike: Bools, bound: Floats, more: Floats, reason: Texts) -> Texts:
    """Put what is concluded about pairs into words: better, no difference larger than d, or undecided and why.

    Args:
        better: `(pairs,)`, as in `Decision`.
        alike: the same.
        bound: `(pairs,)`, d.
        more: `(pairs,)`, as in `Decision`.
        reason: `(pairs,)`, why more repeats promise nothing; empty where they do.
    """
    said = np.full(better.shape, "better", dtype=object)
    small = alike & ~better
    said[small] = [f"no difference larger than {figure(limit)}" for limit in bound[small].tolist()]
    told = ~better & ~alike & (reason != "")
    said[told] = "undecided: " + reason[told]
    numbers, place = np.unique(more[~better & ~alike & ~told], return_inverse=True)
    settled = [f"undecided: {repeats(number)} would settle it" for number in numbers.tolist()]
    said[~better & ~alike & ~told] = np.array(settled, dtype=object)[place]
    return said


def answer(pairs: pd.DataFrame, ranking: pd.DataFrame, *, alpha: float) -> str:
    """Say in one line which configuration is best and how sure that is.

    Args:
        pairs: the table of pairs of a `Comparison`.
        ranking: its ranking.
        alpha: the error rate behind the verdicts.
    """
    if ranking.empty:
        return "There are no configurations to compare."
    best = ranking.iloc[0]
    name = str(best["configuration"])
    if not ranking["finished"].any():
        return "No repeat has finished with a score" + ("; all diverged." if ranking["diverged"].any() else ".")
    if len(ranking) == 1:
        return f"{name} is the only configuration: mean {figure(best['mean'])}, nothing to compare it with."
    own = pairs[(pairs["a"] == name) | (pairs["b"] == name)]
    open_pairs = own[own["winner"] != name]
    if open_pairs.empty:
        return _best(own, name, str(ranking["configuration"].iloc[1]), alpha=alpha)
    return _shared(open_pairs, name, float(best["mean"]), configurations=len(ranking))


def _best(own: pd.DataFrame, name: str, runner_up: str, *, alpha: float) -> str:
    """Say by how much the best is better than the next."""
    pair = own[(own["a"] == runner_up) | (own["b"] == runner_up)].iloc[0]
    sign = 1 if pair["a"] == name else -1
    low, high = sorted((sign * pair["low"], sign * pair["high"]))
    many = "" if len(own) == 1 else ", the next"
    said = f"{name} is best: "
    gap = sign * float(pair["difference"])
    if gap > 0:
        said += f"{figure(gap)} lower than {runner_up}{many} ({1 - alpha:.0%} {figure(low)} to {figure(high)}), "
    else:
        said += f"its repeats beat those of {runner_up}{many} by rank, "
    return f"{said}Holm p {chance(pair['p_adjusted'])}"


def _shared(open_pairs: pd.DataFrame, name: str, mean: float, *, configurations: int) -> str:
    """Say with which configurations the first place is shared, and what would settle it."""
    rivals = np.where(open_pairs["a"] == name, open_pairs["b"], open_pairs["a"])
    alike = open_pairs["verdict"].str.startswith("no difference").to_numpy()
    if len(rivals) == configurations - 1 and configurations > 2:
        who = f"any of the other {len(rivals)}"
    elif len(rivals) <= 3:
        who = " or ".join(str(rival) for rival in rivals)
    else:
        who = f"{len(rivals)} others"
    if alike.all():
        return (
            f"{name} has the lowest mean, {figure(mean)}, but no difference larger than "
            f"{figure(float(open_pairs['bound'].max()))} from {who}"
        )
    said = f"{name} has the lowest mean, {figure(mean)}, but is not told apart from {who}"
    more = open_pairs["more"].where(~alike).dropna()
    if more.empty:
        return said
    if len(more) == 1:
        return f"{said}: {repeats(float(more.iloc[0]))} of each would settle it"
    return f"{said}: {repeats(float(more.median()))} of each would settle half of these pairs"
