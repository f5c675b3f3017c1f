"""The states of a job as literals in SQL: the partial indexes of waiting and running jobs match no parameter."""

from __future__ import annotations

from sqlalchemy import ColumnElement, literal_column

QUEUED: ColumnElement[str] = literal_column("'queued'")
RUNNING: ColumnElement[str] = literal_column("'running'")
