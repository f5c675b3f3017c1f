"""The state, the answer, the baselines and the summaries as one JSON object. docs/commands.md lists the keys."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from scheduler.report.formats.ensembles import ensemble_lines
from scheduler.report.formats.registry import ReportFormat
from scheduler.report.formats.splits import split_records
from scheduler.report.formats.steps import missing_scores, score_records, step_records, table_records
from scheduler.report.records import as_records, finite
from store.forecast_scores import SCORES

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData


#: configurations of a split that are held against each baseline, those with the best means
MOST_AGAINST = 100
BASELINE_COLUMNS = ("target", "baseline", *SCORES, "mase_of", "note")
AGAINST_COLUMNS = (
    *(
        "configuration",
        "baseline",
        *SCORES,
        "mean",
        "repeats",
        "beating",
        "equal",
        "p",
        "p_adjusted",
        "outcome",
        "rows",
    ),
    *("beyond", "beyond_statistic", "beyond_p", "beyond_p_adjusted"),
)


def as_json(data: ReportData) -> str:
    """Return the report as one JSON object; missing and infinite numbers are null."""
    records = data.summaries.astype(object).to_dict(orient="records")
    missing = (math.inf, -math.inf)
    rows = [{name: None if pd.isna(v) or v in missing else v for name, v in record.items()} for record in records]
    return json.dumps(
        {
            "experiment": data.experiment,
            "series": data.series_name,
            "created": data.created.isoformat(),
            "finished": data.finished and data.finished.isoformat(),
            "partial": data.partial,
            "jobs": dict(data.counts),
            "answer": data.answer,
            "notes": list(data.all_notes),
            "warnings": list(data.warnings),
            "series_notes": list(data.series_notes),
            "persistence": finite(data.persistence),
            "baselines": {name: finite(rmse) for name, rmse in data.baseline_errors.items()},
            "splits": [_split(part) for part in data.parts or (data,)],
            "over_splits": split_records(data),
            "score": data.score,
            "summaries": rows,
            "scores": score_records(data),
            "missing_scores": missing_scores(data),
            "steps": step_records(data),
            "ensembles": table_records(data.ensembles),
            "ensemble_steps": table_records(data.ensemble_steps),
            "intervals": table_records(data.intervals),
        },
        indent=2,
        allow_nan=False,
    )


def _split(part: ReportData) -> dict[str, object]:
    """Return the record of one split: its name, its answer and its baselines."""
    splits = part.summaries.get("split", ())
    return {
        "split": str(next(iter(splits), part.series_name)),
        "answer": part.answer,
        "ensemble": next(iter(ensemble_lines(part)), None),
        "baselines": {name: finite(rmse) for name, rmse in part.baseline_errors.items()},
        "baseline_table": _records(part.baselines, BASELINE_COLUMNS),
        "against_baselines": _against(part),
    }


def _against(part: ReportData) -> list[dict[str, object]]:
    """Return the configurations with the best means against each baseline."""
    if part.against is None or not len(part.against):
        return []
    best = part.against.drop_duplicates("configuration").nsmallest(MOST_AGAINST, "mean")["configuration"]
    return _records(part.against[part.against["configuration"].isin(best)], AGAINST_COLUMNS)


def _records(frame: pd.DataFrame | None, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return some columns of a table as records."""
    return [] if frame is None else as_records(frame, columns)


FORMAT = ReportFormat(write=as_json, every_score=True)
