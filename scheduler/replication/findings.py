"""Whether a published finding holds in our scores: decided by the project's own comparison of pairs, never by hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from scheduler.replication.published import NOISE, Finding
from scheduler.statistics.comparison import ALPHA, Comparison
from scheduler.statistics.outcomes import Outcome
from scheduler.statistics.pairs import Contrast, Moments, welch
from scheduler.statistics.wording import remedy


class Ruling(StrEnum):
    """Whether a finding holds, over all its pairs or for one of them."""

    HOLDS = "holds"
    FAILS = "does not hold"
    UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """A difference of means and its 95% interval."""

    difference: float
    low: float
    high: float

    @classmethod
    def of(cls, contrast: Contrast) -> Interval:
        """Return the only pair of a contrast."""
        difference, half = float(contrast.difference[0]), float(contrast.margin(ALPHA)[0])
        return cls(difference=difference, low=difference - half, high=difference + half)

    def __str__(self) -> str:
        """Return the difference and its interval with signs: negative if the first is lower."""
        return f"{self.difference:+.2f} ({self.low:+.2f} to {self.high:+.2f})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """What a finding states about one pair, and our result; differences are the first minus the second."""

    first: str
    second: str
    published: Interval
    ours: Interval
    p_adjusted: float
    ruling: Ruling
    #: in words
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """A finding and whether it holds: it does if it holds for every pair, and does not if it fails for one."""

    finding: Finding
    pairs: tuple[Pair, ...]

    @property
    def ruling(self) -> Ruling:
        """The ruling over all pairs."""
        found = {pair.ruling for pair in self.pairs}
        if found == {Ruling.HOLDS}:
            return Ruling.HOLDS
        return Ruling.FAILS if Ruling.FAILS in found else Ruling.UNDECIDED


def row_of(summaries: pd.DataFrame, label: str) -> pd.Series:
    """Return the row of a configuration from summaries that are indexed by it."""
    return summaries.loc[[label]].iloc[0]


def from_summaries(first: pd.Series, second: pd.Series) -> Interval:
    """Contrast two rows of count, mean and std: the first minus the second, Welch's interval."""
    rows = (second, first)
    count = np.array([int(row["count"]) for row in rows])
    return Interval.of(
        welch(
            Moments(
                finished=count,
                diverged=np.zeros_like(count),
                mean=np.array([float(row["mean"]) for row in rows]),
                variance=np.array([float(row["std"]) ** 2 for row in rows]),
            )
        )
    )


def check_finding(finding: Finding, comparison: Comparison, published: pd.DataFrame) -> Judgement:
    """Decide a finding.

    Args:
        finding: the finding.
        comparison: of our configurations, by the finding's score.
        published: the published summaries of that score, indexed by configuration.
    """
    pairs = tuple(_pair(finding, *pair, comparison, published) for pair in finding.pairs)
    return Judgement(finding=finding, pairs=pairs)


def _pair(finding: Finding, first: str, second: str, comparison: Comparison, published: pd.DataFrame) -> Pair:
    pairs = comparison.pairs
    turned = bool(((pairs["a"] == first) & (pairs["b"] == second)).any())
    a, b = (first, second) if turned else (second, first)
    row = pairs[(pairs["a"] == a) & (pairs["b"] == b)].iloc[0]
    sign = -1 if turned else 1
    low, high = sorted((sign * float(row["low"]), sign * float(row["high"])))
    least = min(sign * float(row["low_all"]), sign * float(row["high_all"]))
    ruling, why = (_lower if finding.relation == "lower" else _not_lower)(row, first, second, least)
    return Pair(
        first=first,
        second=second,
        published=from_summaries(row_of(published, first), row_of(published, second)),
        ours=Interval(difference=sign * float(row["difference"]), low=low, high=high),
        p_adjusted=float(row["p_adjusted"]),
        ruling=ruling,
        why=why,
    )


def _lower(row: pd.Series, first: str, second: str, least: float) -> tuple[Ruling, str]:
    outcome = Outcome(row["outcome"])
    if outcome.better:
        return (Ruling.HOLDS, "lower") if row["winner"] == first else (Ruling.FAILS, "higher")
    if outcome is Outcome.NO_DIFFERENCE:
        return Ruling.FAILS, str(row["verdict"])
    return Ruling.UNDECIDED, remedy(outcome, float(row["more"]))


def _not_lower(row: pd.Series, first: str, second: str, least: float) -> tuple[Ruling, str]:
    """Rule on a finding of no gain: it also holds if the corrected interval excludes any gain above the noise."""
    outcome = Outcome(row["outcome"])
    if outcome.better:
        return (Ruling.FAILS, "lower") if row["winner"] == first else (Ruling.HOLDS, "higher")
    if least > -NOISE:
        return Ruling.HOLDS, f"at most {max(-least, 0.0):.2f} lower"
    words = str(row["verdict"]) if outcome is Outcome.NO_DIFFERENCE else remedy(outcome, float(row["more"]))
    return Ruling.UNDECIDED, f"could be up to {-least:.2f} lower; {words}"
