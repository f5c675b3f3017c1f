"""The rows that a repeat's result becomes."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, cast, func, insert, select, text

from store.claims import FINISH
from store.records import Provenance, Result
from store.tables import forecast_arrays, numbers, scores, trajectories


def insert_results(connection: Connection, results: Sequence[Result], provenance: Provenance) -> int:
    """Write results, and return the length of the longest array."""
    made = asdict(provenance)
    _many(connection, scores, [_score_row(result) | made for result in results])
    curves = [_trajectory_row(result) for result in results if result.trajectory is not None]
    blocks = [_forecast_row(result) for result in results if result.forecasts is not None]
    _many(connection, trajectories, curves)
    _many(connection, forecast_arrays, blocks)
    cells = [row["steps"] * row["horizon"] * row["targets"] for row in blocks]
    return max([*cells, *(row["epochs"] for row in curves)], default=0)


def save_alone(connection: Connection, result: Result, *, owner: str, provenance: Provenance) -> set[int]:
    """Finish one job and write its result by one statement, if it still is the owner's; for Postgres.

    A message with one job costs as much as one with many: this is all that `insert_results` does, in one round trip.
    """
    rows = {scores: _score_row(result) | asdict(provenance)}
    rows |= {trajectories: _trajectory_row(result), forecast_arrays: _forecast_row(result)}
    written = {table: row for table, row in rows.items() if row}
    values = {f"{table.name}_{name}": value for table, row in written.items() for name, value in row.items()}
    statement = _saving(tuple(written))
    return set(connection.execute(statement, values | {"one": result.job_id, "holder": owner}).scalars())


@cache
def _saving(into: tuple[Table, ...]) -> Select[int]:
    done = FINISH.alone.cte("finished")
    inserts = []
    for table in into:
        names = [column.name for column in table.c if column.name != "job_id"]
        values = [
            cast(bindparam(f"{table.name}_{name}", type_=table.c[name].type), table.c[name].type) for name in names
        ]
        row = insert(table).from_select(["job_id", *names], select(done.c.id, *values))
        inserts.append(row.cte(f"into_{table.name}"))
    return select(done.c.id).add_cte(*inserts)


def _many(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _score_row(result: Result) -> dict[str, Any]:
    further = {name: value if math.isfinite(value) else None for name, value in result.scores.items()}
    return {
        "job_id": result.job_id,
        "train_rmse": _finite(result.train_rmse),
        "test_rmse": _finite(result.test_rmse),
        "diverged": bool(result.diverged),
        "seconds": float(result.seconds),
        "scores": json.dumps(further),
    }


def _trajectory_row(result: Result) -> dict[str, Any]:
    curve = result.trajectory
    if curve is None:
        return {}
    return {
        "job_id": result.job_id,
        "epochs": curve.epochs,
        "every": curve.every,
        "train_rmse": curve.train_rmse,
        "test_rmse": curve.test_rmse,
        "validation_rmse": curve.validation_rmse,
    }


def _forecast_row(result: Result) -> dict[str, Any]:
    block = result.forecasts
    if block is None:
        return {}
    steps, horizon, targets = block.forecast.shape
    return {
        "job_id": result.job_id,
        "steps": steps,
        "horizon": horizon,
        "targets": targets,
        "observed": block.observed,
        "forecast": block.forecast,
    }


def count_up(connection: Connection, most: int) -> None:
    """See to it that SQLite's views can count that far."""
    there = connection.execute(select(func.max(numbers.c.n))).scalar() or 0
    if there < most:
        count = "WITH RECURSIVE k (n) AS (SELECT :first UNION ALL SELECT n + 1 FROM k WHERE n < :last) "
        values = {"first": there + 1, "last": most}
        connection.execute(text("INSERT INTO numbers (n) " + count + "SELECT n FROM k"), values)


def _finite(value: float) -> float | None:
    """Return NaN as NULL: Postgres sorts and sums it, SQLite does not know it."""
    return None if math.isnan(value) else float(value)
