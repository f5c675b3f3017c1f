"""Two experiments as one report: the comparison of all their configurations, within each split that both have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.report.gather import gather
from scheduler.report.one_split import concluded_fields, one_split
from scheduler.statistics.conclusions import Conclusions, compare_experiments, conclusions_of_splits, hold_against
from scheduler.statistics.side_by_side import Shared, Side, combined
from scheduler.statistics.summary import summarise

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.report.report_data import ReportData
    from store import Experiment, ForecastSet, Store


def gather_both(store: Store, first: Experiment, second: Experiment) -> ReportData:
    """Read two experiments as one, and hold each configuration against the best baseline of its split.

    Raises:
        UsageError: they forecast no rows of a series that are the same.
    """
    both = (first, second)
    sides = [Side.of(store, experiment) for experiment in both]
    comparison, shared = compare_experiments(*sides), Shared.of(*sides)
    results = combined(sides[0], sides[1], shared)
    data = [gather(store, experiment, curves=False, conclusions=False, brief=True) for experiment in both]
    baselines = _baselines(data, shared)
    against, over_splits = None, any(side.over_splits for side in sides)
    if baselines is not None:
        forecasts = None if over_splits else _forecasts_of_both(store, both)
        against = hold_against(results, baselines, forecasts, first.judged_by)
    parts_of = conclusions_of_splits(comparison, against, {})
    found = replace(Conclusions.of(comparison, against), parts=parts_of, over=comparison.over)
    states = results["state"].astype(str).value_counts()
    splits = list(map(str, results["split"].unique()))
    whole = replace(
        data[0],
        experiment=f"{first.name} and {second.name}",
        counts={state: int(states.get(state, 0)) for state in data[0].counts},
        series_name=splits[0],
        results=results,
        summaries=summarise(results, first.judged_by),
        ensembles=None if over_splits else _ensembles("ensembles", data, both, results),
        ensemble_steps=None if over_splits else _ensembles("ensemble_steps", data, both, results),
        split_summaries=None,
        step_scores=None,
        intervals=None,
        baselines=baselines,
        partial=any(one.partial for one in data),
        parts=(),
        **concluded_fields(found),
    )
    parts = [one_split(whole, name, found.parts.get(name, Conclusions())) for name in splits]
    return replace(whole, parts=tuple(parts) if len(parts) > 1 else ())


def _ensembles(
    name: str, data: list[ReportData], both: tuple[Experiment, Experiment], results: pd.DataFrame
) -> pd.DataFrame:
    """Return the ensembles of both experiments, under the labels of the comparison and in its order.

    Args:
        name: `ensembles` or `ensemble_steps`.
        data: the report of each.
        both: the experiments.
        results: the repeats of both, as they are compared.
    """
    import pandas as pd

    labels = list(map(str, results["configuration"].unique()))
    frames = []
    for report, experiment in zip(data, both, strict=True):
        frame = getattr(report, name)
        own = {label.removeprefix(f"{experiment.name}: "): label for label in labels}
        there = frame["configuration"].map(report.results["configuration"].value_counts())
        renamed = frame.assign(configuration=frame["configuration"].map(own), there=there)
        frames.append(renamed.dropna(subset="configuration"))
    whole = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    keys = [key for key in ("configuration", "combination", "target", "step") if key in whole]
    place = {label: place for place, label in enumerate(labels)}
    most = whole.sort_values("there", ascending=False, kind="stable")  # of a configuration that both have
    once = most.drop_duplicates(keys).drop(columns="there")
    order = once["configuration"].map(place).to_numpy(dtype=np.int64).argsort(kind="stable")
    return pd.DataFrame(once.iloc[order].reset_index(drop=True))


def _baselines(data: list[ReportData], shared: Shared) -> pd.DataFrame | None:
    """Return the baselines of the splits that both experiments have, under their common names."""
    import pandas as pd

    frames = []
    for one, names in zip(data, shared.names.values(), strict=True):
        if one.baselines is not None:
            once = one.results.drop_duplicates("configuration")
            common = once.set_index("split")["configuration"].map(names).dropna().to_dict()
            renamed = one.baselines["split_name"].map(common)
            frames.append(one.baselines.assign(split_name=renamed)[renamed.notna()])
    if not frames:
        return None
    found = pd.concat(frames, ignore_index=True)
    return found.drop_duplicates(["split_name", "target", "baseline"], ignore_index=True) if len(found) else None


def _forecasts_of_both(store: Store, both: tuple[Experiment, Experiment]) -> Callable[[str], ForecastSet | None]:
    """Return a function that reads the forecasts of a configuration by its label in the comparison."""
    own = {experiment: store.experiments.parameters(experiment.id) for experiment in both}

    def read(label: str) -> ForecastSet | None:
        for experiment, labels in own.items():
            name = label.removeprefix(f"{experiment.name}: ")
            if name in labels and (found := store.results.forecasts(experiment.id, [name]).get(name)) is not None:
                return found
        return None

    return read
