"""Which configurations beat the baselines, repeat by repeat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from scheduler.statistics.baseline_table import baseline_errors
from scheduler.statistics.multiple.corrections import holm
from scheduler.statistics.outcomes import BaselineOutcome
from scheduler.statistics.scores import Scores, read_scores
from store.forecast_scores import SCORES

COLUMNS = (
    *("configuration", "baseline", "rmse", "mean", "repeats", "beating", "equal", "share"),
    *("low", "high", "p", "p_adjusted", "outcome", "verdict", "rows"),
)
#: the outcomes in words, between a configuration and a baseline
WORDS = {
    BaselineOutcome.BEATS: "beats",
    BaselineOutcome.LOSES: "loses to",
    BaselineOutcome.UNDECIDED: "undecided",
}


def compare_with_baselines(
    frame: pd.DataFrame, baselines: pd.DataFrame, *, score: str = "test_rmse", alpha: float = 0.05
) -> pd.DataFrame:
    """Count the repeats of each configuration that beat each baseline.

    A configuration *beats* a baseline if significantly more than half of its repeats do: the exact sign test, with
    Holm's correction over the configurations. It assumes nothing about the scores; a diverged repeat beats nothing, and
    a failed one is not counted. A repeat whose score differs from the baseline's by rounding alone neither beats it nor
    loses to it, and counts against whichever verdict is tested.

    Args:
        frame: one row a repeat, as for `compare`.
        baselines: columns baseline and rmse (and split_name where there are several splits; and target: then those of
            all targets together are used).
        score: the column that is compared: `test_` and the name of the baselines' own score.
        alpha: chance of any false verdict for one baseline.

    Returns:
        A row for each configuration and baseline that has a number: configuration, baseline, rmse (or whichever score
        is compared), mean (of the
        finished repeats), repeats, beating, equal (but for rounding), share, low, high
        (interval of the share, Clopper and Pearson 1934), p,
        p_adjusted, outcome (a `BaselineOutcome`), verdict (the outcome in words), rows (the test rows that it is
        about; NaN where the baselines have no forecasts), split (that of both).
    """
    found = [
        compare_scores_with_baselines(part, of_split(baselines, split), score=score_name(score), alpha=alpha).assign(
            split=split
        )
        for split, part in read_scores(frame, score).by_split().items()
    ]
    return pd.concat([table for table in found if len(table)] or found[:1], ignore_index=True)


def of_split(baselines: pd.DataFrame, split: str) -> pd.DataFrame:
    """Return the baselines of a split; all of them where nobody said whose they are."""
    named = bool(split) and "split_name" in baselines and bool((baselines["split_name"] != "").any())
    return baselines[baselines["split_name"] == split].reset_index(drop=True) if named else baselines


def score_name(column: str) -> str:
    """Return the score that a column of the results has."""
    return column.removeprefix("test_")


def judged(against: pd.DataFrame) -> str:
    """Return the score by which a table of `compare_with_baselines` holds configurations against baselines."""
    return next(name for name in SCORES if name in against)


def compare_scores_with_baselines(
    scores: Scores, baselines: pd.DataFrame, *, score: str = "rmse", alpha: float = 0.05
) -> pd.DataFrame:
    """Compare the configurations of one split with its baselines; see `compare_with_baselines`."""
    finite = np.isfinite(scores.values)
    count = (~np.isnan(scores.values)).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(finite, scores.values, 0.0).sum(axis=0) / finite.sum(axis=0)
    room = 0.0 if scores.rounding is None else scores.rounding
    rows = [
        _against(
            scores.labels,
            (scores.values < error - room).sum(axis=0),
            (scores.values > error + room).sum(axis=0),
            count,
            alpha,
        ).assign(baseline=name, mean=mean, rows=_rows(baselines), **{score: error})
        for name, error in baseline_errors(baselines, score).items()
    ]
    columns = [score if name == "rmse" else name for name in COLUMNS]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def _rows(baselines: pd.DataFrame) -> float:
    """Return the number of test rows that the baselines forecast."""
    found = baselines.get("forecasts", ())
    return float(next((len(rows) for rows in found if isinstance(rows, list)), np.nan))


def _against(
    labels: Sequence[str],
    beating: NDArray[np.intp],
    losing: NDArray[np.intp],
    count: NDArray[np.intp],
    alpha: float,
) -> pd.DataFrame:
    """Test the shares of repeats that beat a baseline, or lose to it, against one half."""
    fewer = count - np.maximum(beating, losing)
    p = np.minimum(1.0, 2 * special.bdtr(fewer, count, 0.5))  # both tails are alike: binomtest of all at once
    adjusted = holm(p)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = beating / count
    low = np.where(beating > 0, special.betaincinv(beating, count - beating + 1.0, alpha / 2), 0.0)
    high = np.where(beating < count, special.betaincinv(beating + 1.0, count - beating, 1 - alpha / 2), 1.0)
    outcomes = (BaselineOutcome.UNDECIDED, BaselineOutcome.LOSES, BaselineOutcome.BEATS)
    decided = np.where(adjusted <= alpha, np.where(beating > losing, 2, 1), 0)
    outcome = [outcomes[place] for place in decided.tolist()]
    return pd.DataFrame(
        {
            "configuration": labels,
            "repeats": count,
            "beating": beating,
            "equal": count - beating - losing,
            "share": share,
            "low": np.where(count > 0, low, np.nan),
            "high": np.where(count > 0, high, np.nan),
            "p": p,
            "p_adjusted": adjusted,
            "outcome": pd.Series(outcome, dtype=object),
            "verdict": [WORDS[found] for found in outcome],
        }
    )
