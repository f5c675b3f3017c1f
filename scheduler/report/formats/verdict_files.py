"""The verdicts as files for programs: every pair as CSV, and everything as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scheduler.report.formats.splits import beyond_splits
from scheduler.report.formats.verdicts import answer, in_order
from scheduler.statistics.splits.table import THESE

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData


def as_csv(data: ReportData) -> str:
    """Return every pair as CSV; the columns are those of `scheduler.statistics.comparison.compare`."""
    table = _both(data)
    if not len(table):
        return "a,b,outcome,verdict\n"
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(table.columns)
    rows.writerows(
        zip(*(_written(table[name], lambda values: list(map(str, values)), "") for name in table), strict=True)
    )
    return text.getvalue()


def as_json(data: ReportData) -> str:
    """Return everything as one JSON object with one line per table row; missing numbers are null."""
    ranked = data.ranking if data.ranking is not None else pd.DataFrame()
    head = {
        "experiment": data.experiment,
        "answer": answer(data),
        "partial": data.partial,
        "jobs": dict(data.counts),
        "notes": list(data.all_notes),
    }
    parts = [f'"{name}": {json.dumps(value)}' for name, value in head.items()]
    ensembles = data.ensembles if data.ensembles is not None else pd.DataFrame()
    for name, frame in (("ranking", ranked), ("pairs", _both(data)), ("ensembles", ensembles)):
        lines = ",\n    ".join(_objects(frame))
        parts.append(f'"{name}": [\n    {lines}\n  ]' if lines else f'"{name}": []')
    return "{\n  " + ",\n  ".join(parts) + "\n}"


def _both(data: ReportData) -> pd.DataFrame:
    """Return the pairs on these splits and, where there are many, beyond them, told apart by the column `over`."""
    table, further = in_order(data), beyond_splits(data)
    return table if further is None else pd.concat([table.assign(over=THESE), in_order(further)], ignore_index=True)


def _objects(frame: pd.DataFrame) -> Iterator[str]:
    """Return each row as a JSON object."""
    heads = [json.dumps(str(name)).replace("%", "%%") for name in frame]
    row = "{" + ", ".join(f"{head}: %s" for head in heads) + "}"
    return map(row.__mod__, zip(*(_written(frame[name], _encoded, "null") for name in frame), strict=True))


def _encoded(values: list[Any]) -> list[str]:
    """Return values as JSON; numbers are encoded all at once."""
    if not values or isinstance(values[0], str):
        return [json.dumps(value) for value in values]
    return ["null" if "Inf" in text else text for text in json.dumps(values)[1:-1].split(", ")]


def _written(column: pd.Series[Any], spelt: Callable[[list[Any]], list[str]], missing: str) -> list[str]:
    """Encode each distinct value of a column once, since there may be 100,000 rows."""
    place, values = pd.factorize(column)
    texts = np.array([*spelt(values.tolist()), missing], dtype=object)
    written: list[str] = texts[place].tolist()  # what is missing has place -1
    return written
