"""Verdicts in words: numbers, the text of every pair, and the notes below a comparison. Nothing reads these texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scheduler.statistics.outcomes import Outcome, Test
from scheduler.statistics.ranking import MOST_COMPARED
from scheduler.statistics.repeats_needed import MOST_REPEATS
from scheduler.statistics.rounding import without_rounding
from scheduler.statistics.scores import Bools, Floats, Texts
from scheduler.text import LEAST_P, chance, figure

if TYPE_CHECKING:
    from scheduler.statistics.decision import Evidence
    from scheduler.statistics.scores import Scores

#: outcome -> one word or two, for counts and narrow tables
IN_SHORT = {
    Outcome.BETTER_A: "better",
    Outcome.BETTER_B: "better",
    Outcome.NO_DIFFERENCE: "no difference",
    Outcome.UNDECIDED: "undecided",
    Outcome.TOO_FEW_REPEATS: "undecided",
    Outcome.TOO_FEW_SPLITS: "undecided",
    Outcome.ALL_DIVERGED: "undecided",
}
#: why more repeats cannot be promised to settle a pair
OBSTACLES = {
    Outcome.TOO_FEW_REPEATS: "too few repeats",
    Outcome.TOO_FEW_SPLITS: "too few splits",
    Outcome.ALL_DIVERGED: "all repeats diverged",
}


def significance(p: float) -> str:
    """Return a corrected p-value for use within a sentence."""
    return f"p {'' if p < LEAST_P else '= '}{chance(p)} after Holm's correction"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: 1 repeat, 2 repeats."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def enumerated(names: Iterable[str], word: str = "and") -> str:
    """Return a list in words: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last


def repeats(more: float) -> str:
    """Return a number of additional repeats in words, rounded to its uncertainty."""
    if more >= MOST_REPEATS:
        return f"more than {MOST_REPEATS:,} more repeats"
    return f"about {rounded(more):,} more repeat" + ("" if rounded(more) == 1 else "s")


def rounded(more: float) -> int:
    """Return a number of additional repeats or splits, rounded to its uncertainty."""
    return max(1, int(round(more, -1) if more > 100 else round(more)))


def verdict(outcome: Outcome, *, bound: float, more: float) -> str:
    """Return the outcome of one pair in words.

    Args:
        outcome: what is concluded.
        bound: the difference is not larger than this.
        more: repeats of each side that would settle it.
    """
    if outcome.better:
        return "better"
    if outcome is Outcome.NO_DIFFERENCE:
        return f"no difference larger than {figure(bound)}"
    return f"undecided: {remedy(outcome, more)}"


def remedy(outcome: Outcome, more: float) -> str:
    """Return what would settle an undecided pair, or why more repeats would not."""
    if outcome is Outcome.UNDECIDED and np.isnan(more):
        return "the last planned look is over"
    return OBSTACLES.get(outcome) or f"{repeats(more)} would settle it"


def brief_verdict(outcome: Outcome, *, bound: float, more: float) -> str:
    """Return the outcome of one pair in few words, for a narrow table."""
    if outcome is Outcome.NO_DIFFERENCE:
        return f"no difference > {figure(bound)}"
    if outcome is Outcome.UNDECIDED and not np.isnan(more):
        return f"undecided, {f'> {MOST_REPEATS:,}' if more >= MOST_REPEATS else f'~{rounded(more):,}'} more"
    return verdict(outcome, bound=bound, more=more)


def verdicts(outcomes: Texts, *, bound: Floats, more: Floats) -> Texts:
    """Return the outcomes of all pairs in words; every field is `(pairs,)`.

    Each different text is written once, since there may be 100,000 pairs.
    """
    said = np.full(outcomes.shape, verdict(Outcome.BETTER_A, bound=0.0, more=0.0), dtype=object)
    for outcome in set(Outcome) - {Outcome.BETTER_A, Outcome.BETTER_B}:
        chosen = outcomes == outcome
        numbers, place = np.unique((bound if outcome is Outcome.NO_DIFFERENCE else more)[chosen], return_inverse=True)
        texts = [verdict(outcome, bound=number, more=number) for number in numbers.tolist()]
        said[chosen] = np.array(texts, dtype=object)[place]
    return said


def test_reasons(e: Evidence, *, shared_seeds: bool) -> Texts:
    """Return why the deciding test was chosen, for every pair."""
    correlated = "scores with the same seed are {}significantly correlated"
    unpaired = correlated.format("not ") if shared_seeds else "repeats do not share seeds"
    seeds = _either(e.paired, correlated.format(""), unpaired)
    diverged = (e.diverged_a + e.diverged_b) > 0
    flat = ~(e.contrast.error > 0)
    uneven = "one side has less than half the repeats of the other; "
    ranks = np.where(diverged, "repeats diverged; ", _either(flat, "the scores do not vary; ", uneven))
    return np.asarray(np.where(e.by_rank, ranks, "") + seeds)


def _either(chosen: Bools, yes: str, no: str) -> Texts:
    """Return one of two texts for each pair."""
    return np.where(chosen, np.array(yes, dtype=object), np.array(no, dtype=object))


def notes(ranking: pd.DataFrame) -> tuple[str, ...]:
    """Return notes on the repeats without an ordinary score."""
    total = int(ranking[["finished", "diverged", "failed", "waiting"]].sum().sum())
    diverged, failed, waiting = (int(ranking[state].sum()) for state in ("diverged", "failed", "waiting"))
    worse = "They count as worse than any that finished, and their pairs are compared by rank."
    said = (
        (diverged, f"{diverged:,} of {total:,} repeats diverged. {worse}"),
        (failed, f"{failed:,} of {total:,} repeats failed. They have no score and are left out of the comparison."),
        (waiting, f"{waiting:,} of {total:,} repeats have no result yet. The comparison uses those that have one."),
    )
    return tuple(words for count, words in said if count)


def rounding_note(scores: Scores) -> list[str]:
    """Write which differences count as none, where scores differ by rounding alone."""
    if scores.rounding is None:
        return []
    equal = without_rounding(scores.values, scores.rounding)
    if np.array_equal(equal, scores.values, equal_nan=True):
        return []
    least = figure(float(scores.rounding.max()))
    return [f"Scores that differ by at most {least} differ by rounding alone, which counts as no difference."]


def only_the_best(labels: Sequence[str], best: int) -> str:
    """Write which pairs were compared where there are too many configurations for all, and what the groups are then."""
    k = len(labels)
    return (
        f"{k:,} configurations: the best, {labels[best]}, is compared with each of the others; the correction is for "
        f"all {k * (k - 1) // 2:,} pairs, since the scores decide which is the best. Those of group a cannot be "
        "distinguished from it, those of group b can; pairs of other configurations are not compared."
    )


def about_groups(ranking: pd.DataFrame) -> str:
    """Write what the letters of the ranking mean, from a table with a row for each configuration."""
    size = ranking["split"].value_counts().max() if "split" in ranking else len(ranking)
    if size > MOST_COMPARED:
        return "group a: cannot be distinguished from the best; group b: can"
    return "configurations that share a letter cannot be distinguished"


def tests_used(pairs: pd.DataFrame) -> str:
    """Return how many pairs each test decided; empty if no pair could be tested."""
    used = pairs.loc[pairs["test"] != Test.NONE, "test"].value_counts()
    if used.empty:
        return ""
    first, *others = ((str(test), int(count)) for test, count in used.items())
    head = f"{counted(first[1], 'pair')} tested with {test_name(first[0])}"
    return f"{enumerated([head, *(f'{count:,} with {test_name(test)}' for test, count in others)])}."


def test_name(test: str) -> str:
    """Return the name of a test for use within a sentence."""
    return f"the {test}" if test == Test.PAIRED else test
