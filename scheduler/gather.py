"""From the store to one report: reads everything that a report may show, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.aggregate import summarise
from scheduler.data import ReportData

if TYPE_CHECKING:
    from store import Experiment, Store


def gather(store: Store, experiment: Experiment, *, curves: bool = True) -> ReportData:
    """Read an experiment from the store.

    The summaries are the stored ones when the experiment is done, and made of what is there when it is not.

    Args:
        store: the results store.
        experiment: which one.
        curves: whether trajectories and forecasts are read, too; a table needs neither.
    """
    status = store.experiments.status(experiment.id)
    results = store.results.frame(experiment.id)
    partial = status.ended < status.total
    stored = store.results.summaries(experiment.id)
    summaries = summarise(results) if partial or stored.empty else stored
    series = store.series.get(store.experiments.series_hashes(experiment.id)[0])
    return ReportData(
        experiment=experiment.name,
        grid_text=experiment.grid_text,
        description=experiment.description,
        created=status.created,
        finished=status.finished,
        counts={state.value: count for state, count in status.counts.items()},
        series_name=series.name,
        series_values=series.values,
        series_times=series.times,
        results=results,
        summaries=summaries,
        trajectories=store.results.trajectories(experiment.id) if curves else {},
        forecasts=store.results.forecasts(experiment.id) if curves else {},
        baselines=None,
        provenance=store.results.provenance(experiment.id),
        partial=partial,
    )
