"""Two experiments as one report: the comparison of all their configurations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.report.gather import concluded_fields, gather
from scheduler.statistics.against_baselines import compare_with_baselines
from scheduler.statistics.conclusions import Conclusions, compare_experiments
from scheduler.statistics.side_by_side import Side, combined
from scheduler.statistics.summary import summarise

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData
    from store import Experiment, Store


def gather_both(store: Store, first: Experiment, second: Experiment) -> ReportData:
    """Read two experiments as one, and hold each configuration against the best baseline.

    Raises:
        UsageError: they do not forecast the same rows of the same series.
    """
    sides = [Side.of(store, experiment) for experiment in (first, second)]
    results = combined(*sides)
    comparison = compare_experiments(*sides)
    data = [gather(store, experiment, curves=False, conclusions=False, brief=True) for experiment in (first, second)]
    baselines = next((one.baselines for one in data if one.baselines is not None), None)
    against = compare_with_baselines(results, baselines) if baselines is not None else None
    states = results["state"].astype(str).value_counts()
    return replace(
        data[0],
        experiment=f"{first.name} and {second.name}",
        counts={state: int(states.get(state, 0)) for state in data[0].counts},
        results=results,
        summaries=summarise(results),
        step_scores=None,
        baselines=baselines,
        partial=any(one.partial for one in data),
        **concluded_fields(Conclusions.of(comparison, against)),
    )
