"""Scores over those of the naive forecast, MASE and RMSSE, and the errors of that forecast."""

from __future__ import annotations

import numpy as np
from sqlalchemy import ColumnElement, Connection, Double, and_, case, func, select

from store.database.tables import configurations, scale_rows, scores, target_score_rows
from store.forecast_scores import SCALED, Scale


def scaled_score(name: str) -> ColumnElement[float]:
    """Select MASE or RMSSE of a repeat: the mean of those of its targets, as the view `results` has it.

    The statement has the tables `configurations` and `scores`.
    """
    error = SCALED[name]
    own = func.coalesce(target_score_rows.c[error], scores.c[f"test_{error}"])
    term = over_naive(own, error)
    of_target = and_(target_score_rows.c.job_id == scores.c.job_id, target_score_rows.c.target == scale_rows.c.target)
    found = select(case((func.count(term) == func.count(scale_rows.c.target), func.avg(term))))
    found = found.select_from(scale_rows.outerjoin(target_score_rows, of_target))
    found = found.where(scale_rows.c.configuration_id == configurations.c.id)
    return found.correlate(configurations, scores).scalar_subquery().label(f"test_{name}")


def over_naive(own: ColumnElement[float], error: str) -> ColumnElement[float]:
    """Divide an error by that of the naive forecast; NULL where this is 0.

    Without a type, SQLAlchemy casts the divisor to NUMERIC, in which Postgres keeps 15 digits of it.
    """
    return own / func.nullif(scale_rows.c[error], 0.0, type_=Double())


def scales(connection: Connection, experiment_id: int) -> dict[str, tuple[Scale, ...]]:
    """Return the scales of the targets of each configuration that has any, in order."""
    columns = (configurations.c.label, *scale_rows.c["mase_of", "mae", "rmse"])
    rows = select(*columns).join(scale_rows, scale_rows.c.configuration_id == configurations.c.id)
    rows = rows.where(configurations.c.experiment_id == experiment_id)
    found: dict[str, list[Scale]] = {}
    for label, of, mae, rmse in connection.execute(rows.order_by(configurations.c.position, scale_rows.c.target)):
        found.setdefault(label, []).append(Scale(of=of, mae=_number(mae), rmse=_number(rmse)))
    return {label: tuple(own) for label, own in found.items()}


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)
