"""What a grid is allowed to ask but probably should not: computed from its configurations and series alone."""

from scheduler.grid.warnings.find import MOST_WARNINGS, find_warnings

__all__ = ["MOST_WARNINGS", "find_warnings"]
