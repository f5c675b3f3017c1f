"""Writes `docs/grid.md`: python -m scheduler.grid.reference > docs/grid.md."""

from scheduler.grid.reference.page import reference

__all__ = ["reference"]
