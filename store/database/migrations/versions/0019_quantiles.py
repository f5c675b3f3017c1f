"""The quantiles that models forecast, for results whose loss is of several."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"

WORDS = {
    "sqlite": {"ref": "INTEGER", "float64": "BLOB"},
    "postgresql": {"ref": "BIGINT", "float64": "DOUBLE PRECISION[]"},
}
TABLE = """CREATE TABLE quantile_arrays (
        job_id {ref} PRIMARY KEY REFERENCES jobs (id),
        shares {float64} NOT NULL,
        quantiles {float64} NOT NULL
    )"""


def upgrade() -> None:
    """Add the table."""
    op.execute(TABLE.format(**WORDS[op.get_context().dialect.name]))
