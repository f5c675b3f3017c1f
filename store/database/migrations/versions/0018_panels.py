"""Panels: the series that one training is of, which the configurations of all of them name by their content."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"

WORDS = {"sqlite": {"json": "TEXT", "time": "TEXT"}, "postgresql": {"json": "JSON", "time": "TIMESTAMPTZ"}}
TABLE = """CREATE TABLE panels (
    content_hash TEXT PRIMARY KEY,
    members {json} NOT NULL,
    created_at {time} NOT NULL
)"""


def upgrade() -> None:
    """Add the table."""
    op.execute(TABLE.format(**WORDS[op.get_context().dialect.name]))
