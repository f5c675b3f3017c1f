"""The errors beside the score: by step of the horizon, by target, of the training part and absolute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    pass


def pooled(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the RMSE by `step` or `target`: pooled over the other one in each repeat, then the mean of the repeats.

    Args:
        frame: what `store.results.step_scores` returns.
        by: the column that is kept apart.

    Returns:
        One row per configuration, one column per step or target.
    """
    squares = frame.assign(square=frame["rmse"] ** 2).groupby(["configuration", "repeat", by], sort=False)["square"]
    each = squares.mean().pow(0.5).groupby(level=["configuration", by], sort=False).mean()
    table = each.unstack(by)
    return table.reindex(index=frame["configuration"].unique(), columns=sorted(frame[by].unique()))


def mean_errors(results: pd.DataFrame) -> pd.DataFrame:
    """Return the mean train RMSE and the mean test MAE of each configuration.

    Args:
        results: one row per repeat.

    Returns:
        Columns configuration, train_rmse, mae; repeats that diverged or are not done are left out of the means.
    """
    done = results[(results["state"] == "done") & ~results["diverged"].isin([True, 1])]
    means = done.groupby("configuration", sort=False)[["train_rmse", "test_mae"]].mean()
    return means.rename(columns={"test_mae": "mae"}).reset_index()


def several_tables(frame: pd.DataFrame | None, targets: Sequence[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return the mean RMSE by step and by target, as far as there are several of them.

    Args:
        frame: what `store.results.step_scores` returns; None if there are not several.
        targets: their names.

    Returns:
        Pairs of `step` or `target` and a frame with one row per configuration, whose columns have names for people.
    """
    if frame is None:
        return
    if frame["step"].nunique() > 1:
        yield "step", pooled(frame, "step").rename(columns="step {}".format)
    if frame["target"].nunique() > 1:
        known = dict(enumerate(targets, 1))
        yield "target", pooled(frame, "target").rename(columns=lambda place: known.get(place, f"target {place}"))
