"""The report of one split, cut from that of an experiment or of two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scheduler.statistics.against_baselines import of_split

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.report.report_data import ReportData
    from scheduler.statistics.conclusions import Conclusions


def one_split(data: ReportData, name: str, found: Conclusions) -> ReportData:
    """Return the report of one of several splits.

    Args:
        data: the report of all of them.
        name: the split.
        found: what is concluded about it.
    """
    results = _of(data.results, name)
    labels = set(results["configuration"])
    baselines = None if data.baselines is None else of_split(data.baselines, name)
    steps, ensembles, ensemble_steps, intervals = (
        None if frame is None else frame[frame["configuration"].isin(labels)].reset_index(drop=True)
        for frame in (data.step_scores, data.ensembles, data.ensemble_steps, data.intervals)
    )
    return replace(
        data,
        counts={state: int((results["state"] == state).sum()) for state in data.counts},
        series_name=name,
        split=name,
        warnings=(),
        series_notes=(),
        partial=bool(results["state"].isin(["queued", "running", "cancelled"]).any()),
        results=results,
        summaries=_of(data.summaries, name),
        trajectories={label: curve for label, curve in data.trajectories.items() if label in labels},
        forecasts={label: one for label, one in data.forecasts.items() if label in labels},
        step_scores=None if steps is None or not len(steps) else steps,
        ensembles=ensembles,
        ensemble_steps=ensemble_steps,
        intervals=intervals,
        baselines=baselines if baselines is not None and len(baselines) else None,
        future=data.future if data.future is not None and data.future.configuration in labels else None,
        parts=(),
        **concluded_fields(found),
    )


def _of(frame: pd.DataFrame, split: str) -> pd.DataFrame:
    return frame[frame["split"] == split].reset_index(drop=True)


def concluded_fields(found: Conclusions) -> dict[str, Any]:
    """Return the fields of a report that hold conclusions from the results."""
    return {
        "comparisons": found.comparison.pairs if found.comparison else None,
        "ranking": found.comparison.ranking if found.comparison else None,
        "against": found.against,
        "audit": found.audit.table if found.audit else None,
        "audit_words": found.audit.sentences if found.audit else (),
        "answer": found.answer,
        "notes": found.comparison.notes if found.comparison else (),
        "tests": found.comparison.tests if found.comparison else "",
    }
