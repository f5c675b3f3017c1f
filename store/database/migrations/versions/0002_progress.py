"""Which version of the numerics a job is of, and how far a running one is."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

#: jobs that are there already were made by the first version
COLUMNS = ("numerics INTEGER NOT NULL DEFAULT 1", "progress DOUBLE PRECISION")


def upgrade() -> None:
    """Add both columns."""
    for column in COLUMNS:
        op.execute(f"ALTER TABLE jobs ADD COLUMN {column}")
