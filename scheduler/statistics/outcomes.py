"""What can be concluded, as values that code compares. `wording` puts them into words, last."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from scheduler.statistics.decision import Decision, Evidence
    from scheduler.statistics.scores import Texts


class Outcome(StrEnum):
    """What is concluded about a pair of configurations, a and b."""

    BETTER_A = "better_a"
    BETTER_B = "better_b"
    #: any difference is surely smaller than the one that matters
    NO_DIFFERENCE = "no_difference"
    #: more repeats would settle it
    UNDECIDED = "undecided"
    #: no test exists yet
    TOO_FEW_REPEATS = "too_few_repeats"
    #: beyond the splits: so few that no test could find any difference
    TOO_FEW_SPLITS = "too_few_splits"
    #: no repeat of either has a score
    ALL_DIVERGED = "all_diverged"

    @property
    def better(self) -> bool:
        """One of the two is better."""
        return self in {Outcome.BETTER_A, Outcome.BETTER_B}

    @property
    def decided(self) -> bool:
        """One is better, or there is no difference that matters."""
        return self.better or self is Outcome.NO_DIFFERENCE


class Test(StrEnum):
    """The test that decides a pair."""

    __test__ = False  # pytest looks for classes of this name

    WELCH = "Welch's t"
    PAIRED = "paired t"
    MANN_WHITNEY = "Mann-Whitney"
    WILCOXON = "Wilcoxon"
    #: over windows of one series, with their long-run variance (`statistics.splits.windows`)
    WINDOWS = "t for correlated windows"
    #: the same of the mean ranks within the windows
    WINDOW_RANKS = "t of ranks for correlated windows"
    NONE = "none"


class Standing(StrEnum):
    """How the configuration with the lowest mean compares with the others."""

    NO_CONFIGURATION = "no_configuration"
    NO_SCORE = "no_score"
    ONLY_ONE = "only_one"
    #: better than every other
    BEST = "best"
    #: the repeats of another rank ahead of its own although its mean is lower
    OUTRANKED = "outranked"
    #: not better than some others, and surely close to each of those
    NO_DIFFERENCE = "no_difference"
    #: cannot be distinguished from some others yet
    UNDECIDED = "undecided"
    #: each split has a standing of its own
    SEVERAL_SPLITS = "several_splits"


class BaselineOutcome(StrEnum):
    """What is concluded about a configuration and a baseline."""

    BEATS = "beats"
    LOSES = "loses"
    UNDECIDED = "undecided"


class BeyondRows(StrEnum):
    """Whether a configuration would beat a baseline on other rows, from the errors over time."""

    MORE_ACCURATE = "more_accurate"
    LESS_ACCURATE = "less_accurate"
    NOT_SHOWN = "not_shown"
    TOO_FEW_ROWS = "too_few_rows"
    #: not tested, or there are no forecasts to test
    UNKNOWN = "unknown"


class AuditOutcome(StrEnum):
    """What the selection audit found."""

    NO_TRAJECTORIES = "no_trajectories"
    #: no advantage depends on the choice of epochs
    SOUND = "sound"
    #: some advantages exist only at the epochs that are best on the test rows
    SELECTED = "selected"


def measured(evidence: Evidence, decision: Decision) -> dict[str, Any]:
    """Return columns of a table of pairs: the interval that holds for all at once, p-values, counts."""
    difference = evidence.contrast.difference
    return {
        "low_all": difference - decision.half_width,
        "high_all": difference + decision.half_width,
        "t_p": evidence.t_p,
        "rank_p": evidence.rank_p,
        "correlation": evidence.correlation,
        "repeats_a": evidence.count_a,
        "repeats_b": evidence.count_b,
        "diverged_a": evidence.diverged_a,
        "diverged_b": evidence.diverged_b,
    }


def outcomes(e: Evidence, d: Decision) -> Texts:
    """Return the `Outcome` of every pair, `(pairs,)`."""
    no_score = (e.count_a + e.count_b == 0) & (e.diverged_a > 0) & (e.diverged_b > 0)
    cases = [
        (d.better & ~e.b_leads, Outcome.BETTER_A),
        (d.better, Outcome.BETTER_B),
        (d.equivalent, Outcome.NO_DIFFERENCE),
        (no_score, Outcome.ALL_DIVERGED),
        (~e.testable, Outcome.TOO_FEW_REPEATS),
        (np.ones_like(d.better), Outcome.UNDECIDED),
    ]
    first = np.argmax([holds for holds, _ in cases], axis=0)
    found: Texts = np.array([outcome for _, outcome in cases], dtype=object)[first]
    return found


def deciding_tests(e: Evidence) -> Texts:
    """Return the `Test` that decides each pair, `(pairs,)`."""
    tests = np.array([Test.WELCH, Test.PAIRED, Test.MANN_WHITNEY, Test.WILCOXON], dtype=object)
    found: Texts = tests[2 * e.by_rank + e.paired]
    found[~e.testable] = Test.NONE
    return found
