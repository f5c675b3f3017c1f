"""The ensembles of an experiment: those that are stored, and the others from the forecasts, which are read once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scheduler.statistics.ensembles.table import Found, Members, score_ensembles
from store.forecast_scores import scale_arrays

if TYPE_CHECKING:
    from store import Experiment, ForecastSet, Store
    from store.forecast_scores import Scale

#: ensembles that get an interval, of the configurations of each split with the best means; one of each split has one
MOST_SURE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What one pass over the forecasts found."""

    ensembles: Found
    #: the forecasts that were asked for
    forecasts: Mapping[str, ForecastSet] = field(default_factory=dict)


def read_ensembles(
    store: Store,
    experiment: Experiment,
    results: pd.DataFrame,
    *,
    wanted: Collection[str] | None = (),
    scales: Mapping[str, Sequence[Scale]] | None = None,
) -> Read:
    """Return the ensembles of the repeats that are there, and the forecasts of some configurations.

    Stored ensembles are taken where they are of all repeats that finished; a finished repeat stays as it is.

    Args:
        store: the results store.
        experiment: whose.
        results: one row a repeat, with the score that the experiment is judged by.
        wanted: configurations whose forecasts are returned, too; None for all.
        scales: what MASE and RMSSE of each configuration divide by, where that is known already.
    """
    members = _members(results)
    stored = _stored(store, experiment.id, members)
    there = set(stored.scores["configuration"])
    missing = {label for label, repeats in members.items() if len(repeats) > 1} - there
    kept: dict[str, ForecastSet] = {}
    if scales is None:
        scales = read_scales(store, experiment.id, results["configuration"].nunique()) if missing else {}
    arrays = {label: scale_arrays(own) for label, own in scales.items() if own}

    def pass_over() -> Iterator[Members]:
        labels = None if wanted is None else missing | set(wanted)
        for label, found in store.results.each_forecast(experiment.id, labels) if labels or labels is None else ():
            if wanted is None or label in wanted:
                kept[label] = found
            if label in missing:
                yield Members.of(label, found, members[label], arrays.get(label))

    made = score_ensembles(pass_over(), score=experiment.score, sure=_sure(results, experiment.judged_by))
    order = {label: place for place, label in enumerate(results["configuration"].unique())}
    return Read(ensembles=_joined(stored, made, order), forecasts=kept)


def _sure(results: pd.DataFrame, score: str) -> set[str] | None:
    """Return the configurations whose ensembles get an interval: `MOST_SURE`, and at least the best of each split."""
    most = max(1, MOST_SURE // results["split"].nunique())
    return best_means(results, score, most if results["configuration"].nunique() > MOST_SURE else MOST_SURE)


def read_scales(store: Store, experiment_id: int, configurations: int) -> Mapping[str, tuple[Scale, ...]]:
    """Return what MASE and RMSSE of each configuration divide by; computed where the store lacks some."""
    found = store.results.scales(experiment_id)
    if len(found) >= configurations:
        return found
    from scheduler.series.scales import all_scales
    from store.schema.reading import read_configurations

    return all_scales(read_configurations(store.experiments.parameters(experiment_id)), store.series.get) | found


def best_means(results: pd.DataFrame, score: str, most: int = MOST_SURE) -> set[str] | None:
    """Return the configurations of each split with the best means; None where these are all.

    Args:
        results: one row a repeat.
        score: the column that is meant.
        most: how many of a split.
    """
    means = results.groupby(["split", "configuration"], sort=False)[score].mean().reset_index()
    groups = [rows for _, rows in means.groupby("split", sort=False)]
    if all(len(rows) <= most for rows in groups):
        return None
    return {str(label) for rows in groups for label in rows.nsmallest(most, score)["configuration"]}


def _members(results: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the numbers of the repeats of each configuration that finished and did not diverge."""
    diverged = results["diverged"].astype("boolean").fillna(value=True).to_numpy(dtype=bool)
    done = (results["state"] == "done").to_numpy(dtype=bool) & ~diverged
    kept = results.loc[done, ["configuration", "repeat"]]
    return {str(label): rows.to_numpy() for label, rows in kept.groupby("configuration", sort=False)["repeat"]}


def _stored(store: Store, experiment_id: int, members: Mapping[str, np.ndarray]) -> Found:
    """Return the stored ensembles that are of all repeats that finished."""
    scores = store.results.ensembles(experiment_id)
    if not len(scores):
        return Found(scores, store.results.ensemble_steps(experiment_id).iloc[:0])
    counts = scores["configuration"].map({label: len(repeats) for label, repeats in members.items()})
    fresh = scores[scores["repeats"] == counts]
    steps = store.results.ensemble_steps(experiment_id)
    return Found(fresh, steps[steps["configuration"].isin(fresh["configuration"].unique())])


def _joined(stored: Found, made: Found, order: Mapping[str, int]) -> Found:
    """Return both, in the order of the grid."""
    return Found(*(_in_order(getattr(stored, name), getattr(made, name), order) for name in ("scores", "steps")))


def _in_order(stored: pd.DataFrame, made: pd.DataFrame, order: Mapping[str, int]) -> pd.DataFrame:
    if not len(stored) or not len(made):
        return (made if len(made) else stored).reset_index(drop=True)
    both = pd.concat([stored, made], ignore_index=True)
    return both.sort_values("configuration", key=lambda labels: labels.map(order), kind="stable", ignore_index=True)
