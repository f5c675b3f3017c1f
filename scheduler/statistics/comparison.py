"""All pairs of an experiment compared as one family: the tables that are stored and printed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scheduler.statistics import wording
from scheduler.statistics.decision import Decision, Evidence, decide, typical_margin, weigh
from scheduler.statistics.pairs import moments, pair_indices
from scheduler.statistics.ranking import rank_configurations
from scheduler.statistics.scores import Bools, Floats, Scores, Texts, read_scores

#: chance of any false "better" in an experiment
ALPHA = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Every pair of configurations, the ranking, and the answer in one line."""

    #: one line
    answer: str
    #: what a reader must know beside the answer, one sentence each
    notes: tuple[str, ...]
    #: a row a pair; see `compare`
    pairs: pd.DataFrame
    #: a row a configuration, best first; see `rank_configurations`
    ranking: pd.DataFrame
    alpha: float
    #: differences that are surely smaller are "no difference"
    margin: float


def compare(
    frame: pd.DataFrame, *, score: str = "test_rmse", alpha: float = ALPHA, margin: float | None = None
) -> Comparison:
    """Compare every pair of configurations of an experiment that is looked at once.

    How pairs are decided is said in `statistics.decision`. Failed repeats have no score and are counted; diverged
    repeats are counted and lose against any that finished.

    Args:
        frame: one row a repeat: configuration, repeat, seed, state, diverged and `score`.
        score: the column to compare; lower is better.
        alpha: the chance of any false "better" among all pairs.
        margin: a difference that does not matter; half the median spread of the repeats if None.

    Returns:
        A comparison whose `pairs` have the columns
        a, b: labels, a before b in the frame;
        difference, low, high: mean of b minus mean of a, of finished repeats, and its interval for this pair alone;
        p: of the test that decides (`test`, `why`); p_adjusted: Holm's; t_p, rank_p: of either test;
        effect: Hedges' g, negative where b is lower; probability: that a repeat of b is lower than one of a;
        correlation: Spearman's, over common seeds; repeats_a, diverged_a, failed_a and the same for b;
        verdict: "better", "no difference larger than d" or "undecided: ..."; winner: the better label or None;
        bound: d, from the simultaneous interval low_all to high_all; more: repeats of each side that would settle it.
    """
    return compare_scores(read_scores(frame, score), alpha=alpha, margin=margin)


def compare_scores(scores: Scores, *, alpha: float = ALPHA, margin: float | None = None) -> Comparison:
    """Compare every pair of scores that are looked at once; see `compare`."""
    evidence = weigh(scores.values, shared_seeds=scores.shared_seeds)
    small = float(typical_margin(evidence.moments)) if margin is None else margin
    decision = decide(evidence, alpha=alpha, margin=small)
    return assemble(scores, evidence, decision, p=evidence.p, alpha=alpha, margin=small)


def assemble(
    scores: Scores, e: Evidence, d: Decision, *, p: Floats, alpha: float, margin: float, notes: tuple[str, ...] = ()
) -> Comparison:
    """Put evidence and decisions into tables and words.

    Args:
        scores: all scores there are.
        e: the evidence on which the pairs were decided.
        d: what was decided.
        p: `(pairs,)`, the p-values before Holm's correction.
        alpha: the error rate of the decisions.
        margin: the difference that does not matter.
        notes: sentences to put before those about diverged and failed repeats.
    """
    table = _pair_table(scores, e, d, p=p, alpha=alpha)
    ranking = rank_configurations(scores, moments(scores.values), d.better, e.b_leads, alpha=alpha)
    return Comparison(
        answer=wording.answer(table, ranking, alpha=alpha),
        notes=(*notes, *_notes(ranking, table)),
        pairs=table,
        ranking=ranking,
        alpha=alpha,
        margin=margin,
    )


def _pair_table(scores: Scores, e: Evidence, d: Decision, *, p: Floats, alpha: float) -> pd.DataFrame:
    """Write a row for every pair."""
    a, b = pair_indices(len(scores.labels))
    labels = np.array(scores.labels, dtype=object)
    difference, half = e.contrast.difference, e.contrast.margin(alpha)
    bound = np.abs(difference) + d.half_width
    failed = scores.failed.sum(axis=0)
    return pd.DataFrame(
        {
            "a": labels[a],
            "b": labels[b],
            "difference": difference,
            "low": difference - half,
            "high": difference + half,
            "p": np.where(e.testable, p, np.nan),
            "p_adjusted": np.where(e.testable, d.adjusted, np.nan),
            "effect": e.effect,
            "probability": e.win_share,
            "test": _tests(e),
            "why": _choices(e, shared_seeds=scores.shared_seeds),
            "verdict": wording.verdicts(better=d.better, alike=d.alike, bound=bound, more=d.more, reason=_reasons(e)),
            "winner": pd.Series(_winners(d.better, labels[np.where(e.b_leads, b, a)]), dtype=object),
            "bound": bound,
            "more": d.more,
            "low_all": difference - d.half_width,
            "high_all": difference + d.half_width,
            "t_p": e.t_p,
            "rank_p": e.rank_p,
            "correlation": e.correlation,
            "repeats_a": e.count_a,
            "repeats_b": e.count_b,
            "diverged_a": e.diverged_a,
            "diverged_b": e.diverged_b,
            "failed_a": failed[a],
            "failed_b": failed[b],
        }
    )


def _winners(better: Bools, leaders: Texts) -> list[str | None]:
    """Name the better configuration of each pair, or None."""
    named = leaders.copy()
    named[~better] = None
    return list(named)


def _tests(e: Evidence) -> Texts:
    """Name the test that decides each pair."""
    ranks, means = _either(e.paired, "Wilcoxon", "Mann-Whitney"), _either(e.paired, "paired t", "Welch's t")
    return np.where(e.testable, np.where(e.by_rank, ranks, means), "none")


def _choices(e: Evidence, *, shared_seeds: bool) -> Texts:
    """Say why that test decides."""
    unpaired = "scores of one seed do not go together beyond chance" if shared_seeds else "seeds are not shared"
    seeds = _either(e.paired, "scores of one seed go together beyond chance", unpaired)
    diverged = (e.diverged_a + e.diverged_b) > 0
    flat = ~(e.contrast.error > 0)
    ranks = np.where(diverged, "repeats diverged; ", _either(flat, "no spread; ", "numbers of repeats are uneven; "))
    return np.asarray(np.where(e.by_rank, ranks, "") + seeds)


def _reasons(e: Evidence) -> Texts:
    """Say for each pair why more repeats cannot be promised to settle it; empty where they can."""
    nothing = (e.count_a + e.count_b == 0) & (e.diverged_a > 0) & (e.diverged_b > 0)
    return np.where(nothing, "all repeats diverged", _either(~e.testable, "too few repeats", ""))


def _either(chosen: Bools, yes: str, no: str) -> Texts:
    """Return one of two texts for each pair."""
    return np.where(chosen, np.array(yes, dtype=object), np.array(no, dtype=object))


def _notes(ranking: pd.DataFrame, table: pd.DataFrame) -> tuple[str, ...]:
    """Say what is counted apart and which tests decided."""
    notes = []
    total = int(ranking[["finished", "diverged", "failed", "waiting"]].sum().sum())
    for state, consequence in (
        ("diverged", "they count as worse than any that finished, and ranks decide the pairs they are in"),
        ("failed", "they have no score and enter no comparison"),
        ("waiting", "the comparison is of what is there"),
    ):
        count = int(ranking[state].sum())
        if count:
            said = "are not in" if state == "waiting" else state
            notes.append(f"{count:,} of {total:,} repeats {said}: {consequence}.")
    used = table.loc[table["test"] != "none", "test"].value_counts()
    if len(used):
        notes.append("Tested by " + ", ".join(f"{test} ({count:,})" for test, count in used.items()) + ".")
    return tuple(notes)
