"""The pairs beyond the splits as the table that is stored and printed, with the columns of those on these splits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scheduler.statistics.outcomes import Outcome, Test, measured, outcomes
from scheduler.statistics.splits import wording
from scheduler.statistics.splits.windows import CORRELATION

if TYPE_CHECKING:
    from scheduler.statistics.scores import Texts
    from scheduler.statistics.splits.beyond import Beyond

#: what a comparison is over, in the column `over`
THESE, BEYOND = "these splits", "beyond"


def pair_table(found: Beyond, *, alpha: float) -> pd.DataFrame:
    """Return a row for every pair; `repeats_a` and `repeats_b` count series, or windows of the only one."""
    e, d = found.evidence, found.decision
    a, b = e.places
    labels = np.array(found.labels, dtype=object)
    difference, half = e.contrast.difference, e.contrast.margin(alpha)
    outcome = outcomes(e, d)
    outcome[outcome == Outcome.TOO_FEW_REPEATS] = Outcome.TOO_FEW_SPLITS
    lost = e.moments.finished == 0
    outcome[lost[a] & lost[b]] = Outcome.ALL_DIVERGED
    winners = labels[np.where(e.b_leads, b, a)]
    winners[~d.better] = None
    return pd.DataFrame(
        {
            "a": labels[a],
            "b": labels[b],
            "difference": difference,
            "low": difference - half,
            "high": difference + half,
            "p": np.where(e.testable, e.p, np.nan),
            "p_adjusted": np.where(e.testable, d.adjusted, np.nan),
            "effect": e.effect,
            "probability": e.win_share,
            "test": _tests(found),
            "why": _reasons(found),
            "outcome": outcome,
            "verdict": wording.verdicts(outcome, found),
            "winner": pd.Series(list(winners), dtype=object),
            "bound": wording.bounds(found),
            "more": d.more,
            **measured(e, d),
            "failed_a": 0,
            "failed_b": 0,
        }
    ).assign(over=BEYOND)


def _tests(found: Beyond) -> Texts:
    """Return the test that decides each pair."""
    plain, ranked = (Test.WINDOWS, Test.WINDOW_RANKS) if found.windows else (Test.PAIRED, Test.WILCOXON)
    tests = np.array([plain, ranked], dtype=object)[found.evidence.by_rank.astype(np.intp)]
    tests[~found.evidence.testable] = Test.NONE
    return np.asarray(tests)


def _reasons(found: Beyond) -> Texts:
    """Return why that test was chosen."""
    sample = "series are independent; windows are averaged within each"
    if found.windows:
        sample = f"windows of one series are correlated, here up to {CORRELATION} from one to the next"
    e = found.evidence
    diverged = (e.diverged_a + e.diverged_b) > 0
    ranks = np.where(e.by_rank, np.where(diverged, "repeats diverged; ", "the differences do not vary; "), "")
    return np.array([f"{rank}{sample}" for rank in ranks], dtype=object)
