"""The pairs of an experiment compared as one family: the tables that are stored and printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scheduler.statistics import answers, wording
from scheduler.statistics.decision import Decision, Evidence, decide, gather_evidence, typical_margin
from scheduler.statistics.multiple.corrections import Others
from scheduler.statistics.outcomes import Outcome, Standing, deciding_tests, measured, outcomes
from scheduler.statistics.pairs import moments
from scheduler.statistics.ranking import leader_of_many, rank_configurations
from scheduler.statistics.scores import Bools, Floats, Scores, Texts, read_scores

if TYPE_CHECKING:
    from scheduler.statistics.splits.record import OverSplits

#: chance of any false "better" in an experiment
ALPHA = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The pairs of configurations, the ranking, and the answer in one sentence."""

    #: how the configuration with the lowest mean compares with the others
    standing: Standing
    #: the same in one sentence
    answer: str
    #: what a reader must know beside the answer
    notes: tuple[str, ...]
    #: those of them that are not about diverged, failed and missing repeats
    own_notes: tuple[str, ...] = ()
    #: how many pairs each test decided, in words
    tests: str
    #: a row a pair; see `compare`
    pairs: pd.DataFrame
    #: a row a configuration, best first; see `rank_configurations`
    ranking: pd.DataFrame
    alpha: float
    #: differences that are surely smaller are "no difference"; of several splits the largest
    margin: float
    #: the comparison of each split by its name
    parts: Mapping[str, Comparison] = field(default_factory=dict)
    #: what many splits say beside it, by the name of each set of them
    over: Mapping[str, OverSplits] = field(default_factory=dict)


def compare(
    frame: pd.DataFrame, *, score: str = "test_rmse", alpha: float = ALPHA, margin: float | None = None
) -> Comparison:
    """Compare the configurations of an experiment that is looked at once.

    Every pair is compared as far as `ranking.MOST_COMPARED` configurations of a split; of more, the best is compared
    with each of the others, and the correction is still for all pairs, since the scores decide which is the best.

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
        outcome: an `Outcome`; winner: the better label or None; verdict: the outcome in words;
        bound: d, from the simultaneous interval low_all to high_all; more: repeats of each side that would settle it;
        split: of both. Pairs are within splits, and Holm's family is all of them.
    """
    return compare_scores(read_scores(frame, score), alpha=alpha, margin=margin)


def compare_scores(scores: Scores, *, alpha: float = ALPHA, margin: float | None = None) -> Comparison:
    """Compare scores that are looked at once; see `compare`."""
    parts = scores.by_split()
    evidence = {
        name: gather_evidence(
            part.values,
            shared_seeds=part.shared_seeds,
            against=leader_of_many(part.values),
            rounding=part.rounding,
            orders=part.orders,
        )
        for name, part in parts.items()
    }
    found = {}
    for name, part in parts.items():
        e = evidence[name]
        small = float(typical_margin(e.moments)) if margin is None else margin
        others = other_pairs({split: (one.p, one.unseen) for split, one in evidence.items()}, name)
        d = decide(e, alpha=alpha, margin=small, others=others)
        found[name] = assemble(part, e, d, p=e.p, alpha=alpha, margin=small)
    return joined(found)


def other_pairs(found: Mapping[str, tuple[Floats, int]], split: str) -> Others:
    """Return the pairs of all other splits, from the p-values of each split and its number of unseen pairs."""
    others = [one for name, one in found.items() if name != split]
    return Others(p=np.concatenate([np.empty(0), *(p for p, _ in others)]), unseen=sum(count for _, count in others))


def joined(parts: Mapping[str, Comparison]) -> Comparison:
    """Put the comparisons of an experiment's splits into one: nothing is ranked or decided across splits.

    Args:
        parts: by the name of the split; of one, nothing but the name is added.
    """
    first = next(iter(parts.values()))
    pairs = _stacked({name: one.pairs for name, one in parts.items()})
    ranking = _stacked({name: one.ranking for name, one in parts.items()})
    if len(parts) == 1:
        return replace(first, pairs=pairs, ranking=ranking, parts=dict(parts))
    return replace(
        first,
        standing=Standing.SEVERAL_SPLITS,
        answer="\n".join(f"{name}: {one.answer}" for name, one in parts.items()),
        notes=(*dict.fromkeys(note for one in parts.values() for note in one.own_notes), *wording.notes(ranking)),
        tests=wording.tests_used(pairs),
        pairs=pairs,
        ranking=ranking,
        margin=max(one.margin for one in parts.values()),
        parts=dict(parts),
    )


def _stacked(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Put the tables of the splits below each other, with the split as a column."""
    named = [table.assign(split=name) for name, table in tables.items()]
    return pd.concat([table for table in named if len(table)] or named[:1], ignore_index=True)


def assemble(
    scores: Scores,
    e: Evidence,
    d: Decision,
    *,
    p: Floats,
    alpha: float,
    margin: float,
    level: Floats | float | None = None,
    notes: tuple[str, ...] = (),
) -> Comparison:
    """Put evidence and decisions into tables and words.

    Args:
        scores: all scores there are.
        e: the evidence on which the pairs were decided.
        d: what was decided.
        p: `(pairs,)`, the p-values before Holm's correction.
        alpha: the error rate of the decisions.
        margin: the difference that does not matter.
        level: the error of the interval of one pair, which allows for its looks; `alpha` if None.
        notes: sentences to put before those about diverged and failed repeats.
    """
    table = _pair_table(scores, e, d, p=p, level=alpha if level is None else level)
    ranking = rank_configurations(scores, moments(scores.values), d.better, e.b_leads, alpha=alpha, against=e.against)
    standing = _standing(table, ranking)
    notes = notes if e.against is None else (*notes, wording.only_the_best(scores.labels, e.against))
    notes = (*notes, *wording.rounding_note(scores))
    return Comparison(
        standing=standing,
        answer=answers.best_configuration(standing, table, ranking, alpha=alpha),
        notes=(*notes, *wording.notes(ranking)),
        own_notes=notes,
        tests=wording.tests_used(table),
        pairs=table,
        ranking=ranking,
        alpha=alpha,
        margin=margin,
    )


def _pair_table(scores: Scores, e: Evidence, d: Decision, *, p: Floats, level: Floats | float) -> pd.DataFrame:
    """Write a row for every pair."""
    a, b = e.places
    labels = np.array(scores.labels, dtype=object)
    difference, half = e.contrast.difference, e.contrast.margin(level)
    bound = np.maximum(np.abs(difference) + d.half_width, e.rounding)
    failed = scores.failed.sum(axis=0)
    outcome = outcomes(e, d)
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
            "test": deciding_tests(e),
            "why": wording.test_reasons(e, shared_seeds=scores.shared_seeds),
            "outcome": outcome,
            "verdict": wording.verdicts(outcome, bound=bound, more=d.more),
            "winner": pd.Series(_winners(d.better, labels[np.where(e.b_leads, b, a)]), dtype=object),
            "bound": bound,
            "more": d.more,
            **measured(e, d),
            "failed_a": failed[a],
            "failed_b": failed[b],
        }
    )


def _winners(better: Bools, leaders: Texts) -> list[str | None]:
    """Name the better configuration of each pair, or None."""
    named = leaders.copy()
    named[~better] = None
    return list(named)


def _standing(pairs: pd.DataFrame, ranking: pd.DataFrame) -> Standing:
    """Conclude how the first of the ranking compares with the others."""
    if ranking.empty:
        return Standing.NO_CONFIGURATION
    if not ranking["finished"].any():
        return Standing.NO_SCORE
    if len(ranking) == 1:
        return Standing.ONLY_ONE
    name = ranking["configuration"].iloc[0]
    own = pairs[(pairs["a"] == name) | (pairs["b"] == name)]
    against = set(own.loc[own["winner"] != name, "outcome"])
    if not against:
        return Standing.BEST
    if against & {Outcome.BETTER_A, Outcome.BETTER_B}:
        return Standing.OUTRANKED
    return Standing.NO_DIFFERENCE if against == {Outcome.NO_DIFFERENCE} else Standing.UNDECIDED
