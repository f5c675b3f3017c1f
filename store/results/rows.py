"""The rows that a repeat's result becomes."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from store.database.dialects import insert_rows
from store.database.tables import forecast_arrays, numbers, scores, step_score_rows, target_score_rows, trajectories
from store.forecast_scores import PLAIN, STEP_COLUMNS, TARGET_COLUMNS, by_step, by_target, plain_scores
from store.records import Forecasts, Provenance, Result, Trajectory
from store.results.kept_quantiles import insert_quantiles
from store.results.kept_weights import insert_weights


def insert_results(connection: Connection, results: Sequence[Result], provenance: Provenance) -> int:
    """Write results, and return the length of the longest array."""
    made = [rows(result, provenance) for result in results]
    for table in (scores, trajectories, forecast_arrays):
        _many(connection, table, [row[table] for row in made if table in row])
    _insert_step_scores(connection, results)
    _insert_target_scores(connection, results)
    insert_quantiles(connection, results)
    insert_weights(connection, results)
    curves = [row[trajectories]["epochs"] for row in made if trajectories in row]
    blocks = [row[forecast_arrays] for row in made if forecast_arrays in row]
    return max([*curves, *(row["steps"] * row["horizon"] * row["targets"] for row in blocks)], default=0)


def rows(result: Result, provenance: Provenance) -> dict[Table, dict[str, Any]]:
    """Return the rows that a result becomes, each by its table."""
    made = {scores: _score_row(result) | asdict(provenance)}
    if result.trajectory is not None:
        made[trajectories] = {"job_id": result.job_id} | _trajectory_row(result.trajectory)
    if result.forecasts is not None:
        made[forecast_arrays] = {"job_id": result.job_id} | _forecast_row(result.forecasts)
    return made


def _many(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        insert_rows(connection, table, tuple(rows[0]), [tuple(row.values()) for row in rows])


def _score_row(result: Result) -> dict[str, Any]:
    further = {name: value if math.isfinite(value) else None for name, value in result.scores.items()}
    return {
        "job_id": result.job_id,
        "train_rmse": _finite(result.train_rmse),
        "test_rmse": _finite(result.test_rmse),
        **_plain_scores(result.forecasts),
        "diverged": bool(result.diverged),
        "seconds": float(result.seconds),
        "scores": json.dumps(further),
    }


def _plain_scores(block: Forecasts | None) -> dict[str, float | None]:
    """Return the scores beside the RMSE that need no training part."""
    found = dict.fromkeys(PLAIN) if block is None else plain_scores(block.observed, block.forecast)
    return {f"test_{name}": found[name] for name in PLAIN if name != "rmse"}


def _insert_target_scores(connection: Connection, results: Sequence[Result]) -> None:
    rows = [
        (result.job_id, *values)
        for result in results
        if result.forecasts is not None
        for values in by_target(result.forecasts.observed, result.forecasts.forecast)
    ]
    insert_rows(connection, target_score_rows, ("job_id", *TARGET_COLUMNS), rows)


def _insert_step_scores(connection: Connection, results: Sequence[Result]) -> None:
    rows = [
        (result.job_id, *values)
        for result in results
        if result.forecasts is not None
        for values in by_step(result.forecasts.observed, result.forecasts.forecast)
    ]
    insert_rows(connection, step_score_rows, ("job_id", *STEP_COLUMNS), rows)


def _trajectory_row(curve: Trajectory) -> dict[str, Any]:
    return {
        "epochs": curve.epochs,
        "every": curve.every,
        "train_rmse": curve.train_rmse,
        "test_rmse": curve.test_rmse,
        "validation_rmse": curve.validation_rmse,
        "factor": float(curve.factor),
    }


def _forecast_row(block: Forecasts) -> dict[str, Any]:
    steps, horizon, targets = block.forecast.shape
    return {
        "steps": steps,
        "horizon": horizon,
        "targets": targets,
        "observed": block.observed,
        "forecast": block.forecast,
    }


def extend_numbers(connection: Connection, most: int) -> None:
    """Extend the table of numbers, by which SQLite's views count, to that length."""
    there = connection.execute(select(func.max(numbers.c.n))).scalar() or 0
    if there < most:
        count = "WITH RECURSIVE k (n) AS (SELECT :first UNION ALL SELECT n + 1 FROM k WHERE n < :last) "
        values = {"first": there + 1, "last": most}
        connection.execute(text("INSERT INTO numbers (n) " + count + "SELECT n FROM k"), values)


def _finite(value: float) -> float | None:
    """Return NaN as NULL: Postgres sorts and sums it, SQLite does not know it."""
    return None if math.isnan(value) else float(value)
