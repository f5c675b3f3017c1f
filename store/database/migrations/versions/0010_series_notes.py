"""What was understood of the files that an experiment's series came from, kept with it as a list of sentences."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"

JSON = {"sqlite": "TEXT", "postgresql": "JSON"}


def upgrade() -> None:
    """Add the column; of experiments that are there already nothing is known."""
    kind = JSON[op.get_bind().dialect.name]
    op.execute(f"ALTER TABLE experiments ADD COLUMN series_notes {kind} NOT NULL DEFAULT '[]'")
