"""The weights of models, for experiments that keep them."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"

WORDS = {
    "sqlite": {"ref": "INTEGER", "json": "TEXT", "float32": "BLOB"},
    "postgresql": {"ref": "BIGINT", "json": "JSON", "float32": "REAL[]"},
}
CHANGES = (
    "ALTER TABLE experiments ADD COLUMN keeps_weights BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE jobs ADD COLUMN keeps_weights BOOLEAN NOT NULL DEFAULT FALSE",
    """CREATE TABLE weight_arrays (
        job_id {ref} PRIMARY KEY REFERENCES jobs (id),
        layout {json} NOT NULL,
        weights {float32} NOT NULL
    )""",
)


def upgrade() -> None:
    """Add the columns and the table."""
    for change in CHANGES:
        op.execute(change.format(**WORDS[op.get_context().dialect.name]))
