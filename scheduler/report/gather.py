"""From the store to one report: reads everything that a report may show, once, and draws the conclusions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduler.report.report_data import ReportData
from scheduler.statistics.conclusions import Conclusions, conclude
from scheduler.statistics.summary import summarise

if TYPE_CHECKING:
    from store import Experiment, Store


#: the columns of the repeats that tables, pictures and the page are made of
SHOWN = ("configuration", "repeat", "seed", "state", "diverged", "test_rmse")


def gather(
    store: Store, experiment: Experiment, *, curves: bool = True, conclusions: bool = True, brief: bool = False
) -> ReportData:
    """Read an experiment from the store.

    Conclusions are drawn from the results that are there, also while some are missing; only the baselines, which are
    slow, are those that the aggregator has written.

    Args:
        store: the results store.
        experiment: which one.
        curves: whether trajectories and forecasts are read, too; a table needs neither.
        conclusions: whether configurations are compared; summaries need none.
        brief: whether the repeats have only the columns `SHOWN`; Parquet needs all.
    """
    experiment = store.experiments.with_id(experiment.id)
    status = store.experiments.status(experiment.id)
    results = store.results.frame(experiment.id, SHOWN if brief else None)
    series = store.series.get(store.experiments.series_hashes(experiment.id)[0])
    trajectories = store.results.trajectories(experiment.id) if curves else {}
    baselines = store.results.baselines(experiment.id)
    found = conclude(experiment, results, baselines, trajectories) if conclusions else Conclusions()
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
        summaries=summarise(results),
        trajectories=trajectories,
        forecasts=store.results.forecasts(experiment.id) if curves else {},
        baselines=baselines if len(baselines) else None,
        provenance=store.results.provenance(experiment.id),
        partial=status.ended < status.total or status.cancelled > 0,
        **_concluded(found),
    )


def _concluded(found: Conclusions) -> dict[str, Any]:
    """Return the fields of a report that are concluded from the results."""
    return {
        "comparisons": found.comparison.pairs if found.comparison else None,
        "ranking": found.comparison.ranking if found.comparison else None,
        "beaten": found.beaten,
        "audit": found.audit.table if found.audit else None,
        "audit_words": found.audit.sentences if found.audit else (),
        "answer": found.answer,
        "notes": found.comparison.notes if found.comparison else (),
        "tests": found.comparison.tests if found.comparison else "",
    }
