"""The state, the answer, the baselines and the summaries as one JSON object. docs/commands.md lists the keys."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pandas as pd

from scheduler.report.formats.registry import ReportFormat
from scheduler.report.formats.steps import step_records

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData


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
            "persistence": _finite(data.persistence),
            "baselines": {name: _finite(rmse) for name, rmse in data.baseline_errors.items()},
            "splits": [_split(part) for part in data.parts or (data,)],
            "summaries": rows,
            "steps": step_records(data),
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
        "baselines": {name: _finite(rmse) for name, rmse in part.baseline_errors.items()},
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


FORMAT = ReportFormat(write=as_json)
