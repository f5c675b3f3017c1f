"""The answers in one sentence: which configuration is best, whether any beats the baselines, what the audit found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, log2
from typing import Any

import numpy as np
import pandas as pd

from scheduler.statistics.against_baselines import judged
from scheduler.statistics.outcomes import AuditOutcome, BaselineOutcome, BeyondRows, Outcome, Standing
from scheduler.statistics.wording import counted, enumerated, repeats, significance
from scheduler.text import LEAST_P, chance, figure
from store.forecast_scores import TITLES

#: rivals that are named; more of them are only counted
MOST_NAMED = 3


def best_configuration(standing: Standing, pairs: pd.DataFrame, ranking: pd.DataFrame, *, alpha: float) -> str:
    """Return which configuration is best, and how sure that is.

    Args:
        standing: how the first of the ranking compares with the others.
        pairs: the table of pairs of a `Comparison`.
        ranking: its ranking.
        alpha: the error rate behind the verdicts.
    """
    if standing in {Standing.NO_CONFIGURATION, Standing.NO_SCORE}:
        return _no_score(ranking)
    best = ranking.iloc[0]
    name, mean = str(best["configuration"]), figure(float(best["mean"]))
    if standing is Standing.ONLY_ONE:
        return f"{name} is the only configuration (mean {mean}), so there is nothing to compare it with."
    own = pairs[(pairs["a"] == name) | (pairs["b"] == name)]
    if standing is Standing.BEST:
        return _best(own, name, str(ranking["configuration"].iloc[1]), alpha=alpha)
    rivals = _rivals(standing, own[own["winner"] != name], name, others=len(ranking) - 1)
    return f"{name} has the lowest mean, {mean}, but {rivals}."


def _no_score(ranking: pd.DataFrame) -> str:
    """Return why there is no score."""
    if ranking.empty:
        return "There are no configurations to compare."
    diverged, failed, waiting = (int(ranking[state].sum()) for state in ("diverged", "failed", "waiting"))
    if diverged and not failed and not waiting:
        return "No repeat has a score: all diverged."
    parts = [f"{count:,} {what}" for count, what in ((diverged, "diverged"), (failed, "failed")) if count]
    parts += [f"{waiting:,} {'is' if waiting == 1 else 'are'} not done"] if waiting else []
    return f"No repeat has a score: {enumerated(parts)}." if parts else "No repeat has a score."


def _best(own: pd.DataFrame, name: str, runner_up: str, *, alpha: float) -> str:
    """Return by how much the best is better than the next."""
    pair = own[(own["a"] == runner_up) | (own["b"] == runner_up)].iloc[0]
    sign = 1 if pair["a"] == name else -1
    low, high = sorted((sign * pair["low"], sign * pair["high"]))
    other = runner_up if len(own) == 1 else f"the next, {runner_up}"
    sure = significance(float(pair["p_adjusted"]))
    gap = sign * float(pair["difference"])
    if gap > 0:
        alone = " for this pair alone" if pair["low"] != pair["low_all"] else ""
        interval = f"{1 - alpha:.0%} interval {figure(low)} to {figure(high)}{alone}"
        return f"{name} is best: its mean is {figure(gap)} lower than that of {other} ({interval}; {sure})."
    return f"{name} is best: its repeats rank ahead of those of {other} ({sure})."


def _rivals(standing: Standing, pairs: pd.DataFrame, name: str, *, others: int) -> str:
    """Return what keeps the configuration with the lowest mean from being the best.

    Args:
        standing: how it compares with the others.
        pairs: those in which it is not better.
        name: the configuration.
        others: the number of other configurations.
    """
    if standing is Standing.OUTRANKED:
        ahead = pairs[pairs["outcome"].isin([Outcome.BETTER_A, Outcome.BETTER_B])]
        return f"repeats of {_named(list(ahead['winner']), of=others)} rank ahead of its own"
    who = _named(list(np.where(pairs["a"] == name, pairs["b"], pairs["a"])), of=others)
    if standing is Standing.NO_DIFFERENCE:
        return f"its difference from {who} is no larger than {figure(float(pairs['bound'].max()))}"
    return f"cannot be distinguished from {who}{_what_would_settle(pairs)}"


def _named(rivals: list[str], *, of: int) -> str:
    if len(rivals) == of and of > 1:
        return f"any of the other {len(rivals):,}"
    return enumerated(map(str, rivals), "or") if len(rivals) <= MOST_NAMED else f"{len(rivals):,} others"


def _what_would_settle(rivals: pd.DataFrame) -> str:
    """Return how many repeats would settle the pairs that more repeats can settle."""
    undecided = rivals.loc[rivals["outcome"] == Outcome.UNDECIDED, "more"]
    more = undecided.dropna()
    if more.empty:
        return " after the last planned look" if len(undecided) else ""
    which = "these pairs" if len(more) == len(undecided) else f"the {len(more):,} pairs that have looks left"
    settled = "it" if len(undecided) == 1 else f"half of {which}"
    return f": {repeats(float(more.median()))} of each would settle {settled}"


def best_baseline(against: pd.DataFrame, alpha: float = 0.05) -> str:
    """Return whether any configuration beats the best baseline.

    Args:
        against: what `compare_with_baselines` returned.
        alpha: what it was given.
    """
    if against.empty:
        return "No baseline could be computed."
    score = judged(against)
    best = against.loc[against[score] == against[score].min()]
    first = best.iloc[0]
    rows = _these_rows(first["rows"])
    name = f"the best baseline, {first['baseline']} ({TITLES[score]} {figure(float(first[score]))}), on {rows}"
    top = closest_to_best_baseline(against)
    if top is None:
        return f"No repeat has a score to compare with {name}."
    winners = best[best["outcome"] == BaselineOutcome.BEATS]
    count = f"{top['beating']} of {counted(int(top['repeats']), 'repeat')}"
    if len(winners):
        beat = "beats" if len(winners) == 1 else "beat"
        total = counted(best["configuration"].nunique(), "configuration")
        return f"{len(winners)} of {total} {beat} {name}: {top['configuration']} does so in {count}."
    if top["equal"] == top["repeats"]:
        return f"No configuration is shown to beat {name}; {top['configuration']} differs from it by rounding alone."
    mean = f" (mean {figure(float(top['mean']))})" if np.isfinite(top["mean"]) else ""
    closest = f"closest: {top['configuration']}, which beats it in {count}{mean}."
    remark = _too_few(best, alpha) if top["share"] >= 0.5 else ""
    return f"No configuration is shown to beat {name}; {closest}{remark}"


def closest_to_best_baseline(against: pd.DataFrame) -> pd.Series[Any] | None:
    """Return the row of the configuration that does best against the best baseline; None where none has a score."""
    score = judged(against)
    best = against[(against[score] == against[score].min()) & (against["repeats"] > 0)]
    winners = best[best["outcome"] == BaselineOutcome.BEATS]
    shown = winners if len(winners) else best
    order = shown.sort_values(["share", "mean"], ascending=[False, True], kind="stable")
    return order.iloc[0] if len(order) else None


def _these_rows(count: float) -> str:
    """Name the test rows; `count` is NaN where it is not known."""
    if count == 1:
        return "this one test row"
    return f"these {count:.0f} test rows" if count > 0 else "these test rows"


def beyond_rows(against: pd.DataFrame) -> str:
    """Return whether the configuration closest to the best baseline beats it beyond the test rows, and how many do.

    Args:
        against: what `with_beyond_rows` returned, of one split; without its columns, nothing is known.
    """
    top = closest_to_best_baseline(against)
    if top is None or "beyond" not in against or top["beyond"] == BeyondRows.UNKNOWN:
        return ""
    if top["beyond"] == BeyondRows.TOO_FEW_ROWS:
        rows = int(top["rows"])
        few = "1 row is too few" if rows == 1 else f"{counted(rows, 'row')} are too few"
        return f"{few} to say whether this holds beyond {'it' if rows == 1 else 'them'}."
    label, baseline = top["configuration"], top["baseline"]
    p = float(top["beyond_p_adjusted"])
    total = counted(against["configuration"].nunique(), "configuration")
    sure = f"median forecast, Diebold-Mariano p {'' if p < LEAST_P else '= '}{chance(p)}, corrected for {total}"
    if top["beyond"] == BeyondRows.NOT_SHOWN:
        return f"Beyond these rows {label} is not shown to be more accurate than {baseline} ({sure})."
    more = "more" if top["beyond"] == BeyondRows.MORE_ACCURATE else "less"
    alike = against[(against["baseline"] == baseline) & (against["outcome"] == BaselineOutcome.BEATS)]
    others = int((alike["beyond"] == top["beyond"]).sum()) - 1
    rest = f", and so {'is' if others == 1 else 'are'} {others:,} of the others that beat it" if others > 0 else ""
    return f"Beyond these rows {label} is {more} accurate than {baseline} ({sure}){rest}."


def _too_few(best: pd.DataFrame, alpha: float) -> str:
    """Return a remark if even unanimous repeats would be too few for the sign test with Holm's correction."""
    least = ceil(1 + log2(best["configuration"].nunique() / alpha))
    most = int(best["repeats"].max())
    return f" {counted(most, 'repeat')} cannot show it: that takes at least {least}." if most < least else ""


def selected_advantage(label: str, over: str, best: float, honest: Mapping[str, float]) -> str:
    """Return that an advantage exists only at the epochs that are best on the test rows.

    Args:
        label: the configuration that looks better.
        over: the configuration or baseline that it looks better than.
        best: by how much its mean is lower with every repeat scored at its best epoch on the test rows.
        honest: the same after the last epoch (`last`) and, where known, at the epochs that validation picks.
    """
    validated = "validation" in honest
    picked = f"; at the epoch that validation picks it is {_gap(honest['validation'])}" if validated else ""
    return (
        f"{label} looks better than {over} only if each repeat is scored at the epoch that is best on the test rows "
        f"(mean {figure(best)} lower). After the last epoch its mean is {_gap(honest['last'])}{picked}."
    )


def _gap(gap: float) -> str:
    return f"{figure(abs(gap))} {'lower, which is not significant' if gap > 0 else 'higher'}"


def audit_answer(outcome: AuditOutcome, optimism: float, flags: pd.DataFrame) -> str:
    """Return whether scoring at the best epoch on the test rows makes any configuration look better.

    Args:
        outcome: what the audit found.
        optimism: by how much a typical score would be too low.
        flags: its flags.
    """
    if outcome is AuditOutcome.NO_TRAJECTORIES:
        return "There are no trajectories to audit."
    if outcome is AuditOutcome.SOUND:
        return (
            "No advantage depends on picking epochs on the test rows. Scoring each repeat at its best epoch there "
            f"would make a typical score {figure(optimism)} too low."
        )
    if len(flags) == 1:
        return str(flags["words"].iloc[0])
    names = list(dict.fromkeys(flags["configuration"]))
    shown = names[:MOST_NAMED] + ([f"{len(names) - MOST_NAMED:,} others"] if len(names) > MOST_NAMED else [])
    return (
        f"{len(flags)} advantages exist only if each repeat is scored at the epoch that is best on the test rows: "
        f"those of {enumerated(shown)}."
    )


def looks_taken(taken: int, sizes: Sequence[int]) -> str:
    """Return how many of the planned looks were taken, and that the p-values are corrected for them.

    Args:
        taken: looks so far.
        sizes: repeats at each planned look.
    """
    at = f", at {enumerated(map(str, sizes[:taken]))} repeats" if taken else ""
    last = f" (the last is at {sizes[-1]})" if taken < len(sizes) else ""
    return (
        f"{taken} of {counted(len(sizes), 'planned look')} taken{at}{last}. "
        "P-values and intervals are corrected for the repeated looks (Lan-DeMets, Pocock type)."
    )


def next_step(pairs: str, wanted: Mapping[str, int], *, pending: bool, last: int | None) -> str:
    """Return what an undecided comparison needs, or why nothing will decide it.

    Args:
        pairs: the undecided pairs in words, with their verb.
        wanted: configurations that need more repeats, and how many they need in all.
        pending: the repeats for the next look are on their way.
        last: repeats at the last look if that was taken.
    """
    if wanted:
        need = "needs" if len(wanted) == 1 else "need"
        most = max(wanted.values())
        return f"{pairs} undecided: {counted(len(wanted), 'configuration')} {need} more repeats, up to {most}."
    if pending:
        return f"{pairs} undecided, and repeats for the next look have not finished yet."
    if last is not None:
        return f"{pairs} undecided after the last look, at {last} repeats."
    return f"{pairs} undecided and will stay so: all their repeats failed or diverged."
