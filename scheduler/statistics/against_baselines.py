"""Which configurations beat the baselines, repeat by repeat, and the one line that says so."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log2

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from scheduler.statistics.baselines import ALL_TARGETS
from scheduler.statistics.decision import holm
from scheduler.statistics.scores import read_scores
from scheduler.statistics.wording import figure

COLUMNS = (
    *("configuration", "baseline", "rmse", "mean", "repeats", "beating", "share"),
    *("low", "high", "p", "p_adjusted", "verdict"),
)


def beaten(
    frame: pd.DataFrame, baselines: pd.DataFrame, *, score: str = "test_rmse", alpha: float = 0.05
) -> pd.DataFrame:
    """Count the repeats of each configuration that beat each baseline.

    A configuration *beats* a baseline if more than half of its repeats do, beyond chance: the exact sign test, with
    Holm's correction over the configurations. It assumes nothing about the scores; a diverged repeat beats nothing, and
    a failed one is not counted.

    Args:
        frame: one row a repeat, as for `compare`.
        baselines: columns baseline and rmse (and target: then those of all targets together are used).
        score: the column that is compared with the RMSE of the baseline.
        alpha: chance of any false verdict for one baseline.

    Returns:
        A row for each configuration and baseline that has a number: configuration, baseline, rmse, mean (of the
        finished repeats), repeats, beating, share, low, high (interval of the share, Clopper and Pearson 1934), p,
        p_adjusted, verdict ("beats", "loses to" or "undecided").
    """
    scores = read_scores(frame, score)
    finite = np.isfinite(scores.values)
    count = (~np.isnan(scores.values)).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(finite, scores.values, 0.0).sum(axis=0) / finite.sum(axis=0)
    rows = [
        _against(scores.labels, (scores.values < rmse).sum(axis=0), count, alpha).assign(
            baseline=name, rmse=rmse, mean=mean
        )
        for name, rmse in _numbers(baselines).items()
    ]
    return pd.concat(rows, ignore_index=True)[list(COLUMNS)] if rows else pd.DataFrame(columns=list(COLUMNS))


def _numbers(baselines: pd.DataFrame) -> dict[str, float]:
    """Return the RMSE of every baseline that has one, over all targets, the best first."""
    rows = baselines
    if "target" in rows and (rows["target"] == ALL_TARGETS).any():
        rows = rows[rows["target"] == ALL_TARGETS]
    known = rows.dropna(subset=["rmse"]).sort_values("rmse", kind="stable")
    return {str(name): float(rmse) for name, rmse in zip(known["baseline"], known["rmse"], strict=True)}


def _against(labels: Sequence[str], beating: NDArray[np.intp], count: NDArray[np.intp], alpha: float) -> pd.DataFrame:
    """Test the shares of repeats against one half."""
    fewer = np.minimum(beating, count - beating)
    p = np.minimum(1.0, 2 * special.bdtr(fewer, count, 0.5))  # both tails are alike: binomtest of all at once
    adjusted = holm(p)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = beating / count
    low = np.where(beating > 0, special.betaincinv(beating, count - beating + 1.0, alpha / 2), 0.0)
    high = np.where(beating < count, special.betaincinv(beating + 1.0, count - beating, 1 - alpha / 2), 1.0)
    verdict = np.where(adjusted <= alpha, np.where(share > 0.5, "beats", "loses to"), "undecided")
    return pd.DataFrame(
        {
            "configuration": labels,
            "repeats": count,
            "beating": beating,
            "share": share,
            "low": np.where(count > 0, low, np.nan),
            "high": np.where(count > 0, high, np.nan),
            "p": p,
            "p_adjusted": adjusted,
            "verdict": verdict,
        }
    )


def baseline_answer(against: pd.DataFrame, alpha: float = 0.05) -> str:
    """Say in one line whether any configuration beats the best baseline.

    Args:
        against: what `beaten` returns.
        alpha: what it was given.
    """
    if against.empty:
        return "No baseline could be computed."
    best = against.loc[against["rmse"] == against["rmse"].min()]
    first = best.iloc[0]
    name = f"the best baseline, {first['baseline']} (RMSE {figure(float(first['rmse']))})"
    winners = best[best["verdict"] == "beats"]
    shown = winners if len(winners) else best[best["repeats"] > 0]
    if shown.empty:
        return f"No repeat has a score to hold against {name}."
    top = shown.sort_values(["share", "mean"], ascending=[False, True], kind="stable").iloc[0]
    counts = f"{top['configuration']} in {top['beating']} of {top['repeats']} repeats"
    if len(winners):
        return f"{len(winners)} of {best['configuration'].nunique()} configurations beat {name}: {counts}."
    mean = f", mean {figure(float(top['mean']))}" if np.isfinite(top["mean"]) else ""
    few = _too_few(best, alpha)
    return f"No configuration is shown to beat {name}: nearest is {counts}{mean}.{few}"


def _too_few(best: pd.DataFrame, alpha: float) -> str:
    """Say so where not even all repeats together could show it: the sign test with Holm's correction."""
    least = ceil(1 + log2(best["configuration"].nunique() / alpha))
    most = int(best["repeats"].max())
    return f" With {most} repeats nothing could show it: {least} are the fewest that can." if most < least else ""
