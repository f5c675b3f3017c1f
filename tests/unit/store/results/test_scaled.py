"""MASE and RMSSE are the same bits on every database."""

from __future__ import annotations

import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects import postgresql

from store.database.tables import scores
from store.results.scaled import over_naive, scaled_score


@pytest.mark.parametrize(
    "column", [scaled_score("rmsse"), over_naive(scores.c.test_rmse, "rmse")], ids=["repeat", "step"]
)
def test_postgres_divides_in_double_precision(column: ColumnElement[float]) -> None:
    """Where the divisor is NUMERIC, it has 15 digits, and the last bit of the score differs from SQLite's."""
    text = str(select(column).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    assert "NUMERIC" not in text
    assert "DOUBLE PRECISION" in text
