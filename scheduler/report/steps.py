"""The errors beside the score: by step of the horizon, by target, of the training part and absolute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd


def pooled(frame: pd.DataFrame, by: str, score: str = "rmse") -> pd.DataFrame:
    """Return a score by `step` or `target`: pooled over the other one in each repeat, then the mean of the repeats.

    Args:
        frame: what `store.results.step_scores` returns.
        by: the column that is kept apart.
        score: one of `SCORES`. Squares are pooled of RMSE, and of RMSSE over steps; others are means.

    Returns:
        One row per configuration, one column per step or target.
    """
    power = 2.0 if score == "rmse" or (score == "rmsse" and by == "target") else 1.0
    powers = frame.assign(power=frame[score] ** power).groupby(["configuration", "repeat", by], sort=False)["power"]
    each = powers.mean().pow(1 / power).groupby(level=["configuration", by], sort=False).mean()
    table = each.unstack(by)
    return table.reindex(index=frame["configuration"].unique(), columns=sorted(frame[by].unique()))


def mean_errors(results: pd.DataFrame) -> pd.DataFrame:
    """Return the means of train RMSE, test RMSE and test MAE of each configuration.

    Args:
        results: one row per repeat.

    Returns:
        Columns configuration, train_rmse, rmse, mae; repeats that diverged or are not done are left out of the means.
    """
    done = results[(results["state"] == "done") & ~results["diverged"].isin([True, 1])]
    means = done.groupby("configuration", sort=False)[["train_rmse", "test_rmse", "test_mae"]].mean()
    return means.rename(columns={"test_rmse": "rmse", "test_mae": "mae"}).reset_index()


def several_tables(
    frame: pd.DataFrame | None, targets: Sequence[str], score: str = "rmse"
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return the mean score by step and by target, as far as there are several of them.

    Args:
        frame: what `store.results.step_scores` returns; None if there are not several.
        targets: their names.
        score: one of `SCORES`.

    Returns:
        Pairs of `step` or `target` and a frame with one row per configuration, whose columns have names for people.
    """
    if frame is None:
        return
    if frame["step"].nunique() > 1:
        yield "step", pooled(frame, "step", score).rename(columns="step {}".format)
    if frame["target"].nunique() > 1:
        known = dict(enumerate(targets, 1))
        yield "target", pooled(frame, "target", score).rename(columns=lambda place: known.get(place, f"target {place}"))
