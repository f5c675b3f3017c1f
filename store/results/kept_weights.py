"""The weights that results keep: written beside them, read by Keras' paths."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, Select, Text, cast, select

from store.database.dialects import insert_rows
from store.database.tables import configurations, experiment_jobs
from store.database.weight_table import weight_arrays
from store.records import Result

if TYPE_CHECKING:
    from store.records import Float32s

#: arrays by Keras' paths, in Keras' order
Weights = dict[str, "Float32s"]


def insert_weights(connection: Connection, results: Sequence[Result]) -> None:
    """Write the weights of the results that have some."""
    rows = [(one.job_id, *_written(one.weights)) for one in results if one.weights is not None]
    if rows:
        insert_rows(connection, weight_arrays, ("job_id", "layout", "weights"), rows)


def _written(weights: Mapping[str, Float32s]) -> tuple[str, Float32s]:
    layout = [[path, list(values.shape)] for path, values in weights.items()]
    flat = [np.zeros(0, np.float32), *(values.ravel() for values in weights.values())]
    return json.dumps(layout), np.concatenate(flat)


def read_weights(connection: Connection, experiment_id: int, label: str, repeat: int) -> Weights | None:
    """Return the weights of a repeat by their paths, or None where it keeps none."""
    row = connection.execute(_of_repeat(experiment_id, label, repeat)).first()
    if row is None:
        return None
    layout = json.loads(row.layout)
    ends = np.cumsum([int(np.prod(shape)) for _, shape in layout])
    parts = np.split(row.weights, ends[:-1])
    return {path: part.reshape(shape) for (path, shape), part in zip(layout, parts, strict=True)}


def _of_repeat(experiment_id: int, label: str, repeat: int) -> Select[Any]:
    return (
        select(cast(weight_arrays.c.layout, Text).label("layout"), weight_arrays.c.weights)
        .select_from(experiment_jobs)
        .join(configurations, configurations.c.id == experiment_jobs.c.configuration_id)
        .join(weight_arrays, weight_arrays.c.job_id == experiment_jobs.c.job_id)
        .where(configurations.c.experiment_id == experiment_id)
        .where(configurations.c.label == label, experiment_jobs.c.repeat == repeat)
    )
