"""The scores of a baseline's forecasts, and those of tables that were stored without some of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scheduler.statistics.baseline_table import ALL_TARGETS
from store.forecast_scores import SCORES, naive_scale, scale_arrays, score_forecasts

if TYPE_CHECKING:
    Floats = NDArray[np.float64]

#: what a table of baselines has of each
MEASURES = (*SCORES, "mase_of")
#: scores of several targets together that are the means of those of each
_MEANS = tuple(name for name in SCORES if name != "rmse")


def measures(forecasts: Floats, series: Floats, start: int, seasons: Sequence[int]) -> dict[str, Any]:
    """Return `MEASURES` of forecasts, `(rows, steps)`, whose first row begins at `start` of one target's series."""
    ahead = start + np.arange(len(forecasts))[:, None] + np.arange(forecasts.shape[1])
    scale = naive_scale(series[:start], seasons)
    found = score_forecasts(series[ahead][..., None], forecasts[..., None], scale_arrays([scale]))
    return {**{name: float(value) for name, value in found.items()}, "mase_of": scale.of}


def pooled_rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield a row for each baseline that pools the errors of the targets, which all have the same number of rows."""
    for baseline, group in frame.groupby("baseline", sort=False):
        rmse = float(np.sqrt(np.mean(group["rmse"].to_numpy(dtype=np.float64) ** 2)))
        means = {name: float(group[name].mean(skipna=False)) for name in _MEANS}
        texts = {name: "; ".join(dict.fromkeys(text for text in group[name] if text)) for name in ("mase_of", "note")}
        yield {"target": ALL_TARGETS, "baseline": baseline, "rmse": rmse, **means, **texts, "forecasts": None}


def completed(table: pd.DataFrame, series: Mapping[str, Floats], seasons: Sequence[int]) -> pd.DataFrame:
    """Return a table of baselines with all `MEASURES`, from its forecasts: it was stored without some of them.

    Args:
        table: what `compute_baselines` returned, of one split.
        series: the values of each target.
        seasons: as for `compute_baselines`.
    """
    rows = table.to_dict("records")
    single = [_scored(row, series, seasons) for row in rows if row["target"] != ALL_TARGETS]
    frame = pd.DataFrame(single)
    pooled = {row["baseline"]: row for row in pooled_rows(frame)} if len(series) > 1 else {}
    all_targets = [{**row, **pooled[row["baseline"]]} for row in rows if row["target"] == ALL_TARGETS]
    return pd.DataFrame([*all_targets, *single])


def _scored(row: dict[Any, Any], series: Mapping[str, Floats], seasons: Sequence[int]) -> dict[Any, Any]:
    """Return a row with all scores, those that it has as they are; one without forecasts has none."""
    known = {name: row.get(name, np.nan) for name in SCORES} | {"mase_of": row.get("mase_of") or ""}
    if not isinstance(row.get("forecasts"), list):
        return row | known
    values = series[str(row["target"])]
    forecasts = np.asarray(row["forecasts"], dtype=np.float64)
    start = len(values) - forecasts.shape[1] + 1 - len(forecasts)
    found = measures(forecasts, values, start, seasons)
    return row | {name: found[name] if pd.isna(known[name]) else known[name] for name in MEASURES}
