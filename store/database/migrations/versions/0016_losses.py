"""How often a job's worker was lost while it trained that job alone, which is no error of the job's own."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE jobs ADD COLUMN losses INTEGER NOT NULL DEFAULT 0")
