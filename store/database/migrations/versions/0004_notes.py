"""A note with each experiment, and the ids of deleted rows, which are not used again."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column and the table."""
    op.execute("ALTER TABLE experiments ADD COLUMN note TEXT NOT NULL DEFAULT ''")
    op.execute("CREATE TABLE used_ids (table_name TEXT PRIMARY KEY, highest BIGINT NOT NULL)")
