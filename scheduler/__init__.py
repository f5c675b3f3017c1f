"""Grids to experiments, results to reports: submits, watches, aggregates, compares and shows.

The names below are the Python door; they are loaded when they are first used, so that the command line starts at once.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # `typing` takes a while to import, in which Ctrl-C would meet Python itself
if TYPE_CHECKING:
    from scheduler.grid.grid import Grid
    from scheduler.grid.loading import load_grid
    from scheduler.starting import open_store, open_study, run, submit
    from scheduler.study import Study

#: where the names are that are not in `scheduler.starting`
_ELSEWHERE = {
    "Grid": "scheduler.grid.grid",
    "Study": "scheduler.study",
    "load_grid": "scheduler.grid.loading",
}

__all__ = ["Grid", "Study", "load_grid", "open_store", "open_study", "run", "submit"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'scheduler' has no attribute {name!r}")
    return getattr(import_module(_ELSEWHERE.get(name, "scheduler.starting")), name)
