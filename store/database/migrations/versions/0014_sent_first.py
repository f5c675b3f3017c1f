"""Whether the message of a job went to the head of its queue."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE jobs ADD COLUMN sent_first BOOLEAN NOT NULL DEFAULT FALSE")
