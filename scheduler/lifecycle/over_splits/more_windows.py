"""More windows of a study: its grid with earlier ones, in an experiment of its own, which shares what is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.lifecycle.chosen import check_study
from scheduler.lifecycle.submission import record
from scheduler.lifecycle.top_up import add
from store.commands import command
from store.errors import GridError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.grid.grid import Grid
    from store import Experiment, Store, Submitted
    from store.experiments.cells import Cell


def with_windows(store: Store, study: Experiment, count: int) -> Submitted:
    """Record a study with more windows: those that it has are reused, with all of their repeats.

    The study itself stays as it is, with its verdicts and forecasts.

    Args:
        store: the results store.
        study: whose.
        count: how many windows each series has then.

    Raises:
        UsageError: it has as many, its grid cannot be read again, or its series are others by now.
        GridError: a series is too short.
        StoreVersionError: another version of the numerics computed its repeats.
    """
    check_study(store, study)
    store.experiments.check_version(study.id)
    cells = store.experiments.cells(study.id)
    there = windows_of_study(cells)
    if count <= there:
        raise UsageError(
            f"{study.name} has {there} window{'s' * (there != 1)} already; --windows takes a larger number, that of all"
        )
    grid = _grid(study, count)
    if {one.content_hash for one in grid.series_data()} != set(store.experiments.series_hashes(study.id)):
        raise UsageError(
            f"the series of {study.grid_file} have other values than {study.name} was trained on; train the grid on "
            f"them: {command('run', study.grid_file, '--set', f'windows.count={count}', store=store.url)}"
        )
    made = record(store, grid)
    if made.experiment.looks is None and study.looks is not None:
        store.experiments.plan_looks(made.experiment.id, study.looks)
    totals = _repeats(store, study, cells)
    more = {point: total for point, total in totals.items() if total > grid.repeats}
    if not more:
        return made
    added = add(store, made.experiment, more)
    return type(made)(
        experiment=added.experiment,
        new=made.new + added.new,
        reused=made.reused + added.reused,
        created=made.created,
    )


def windows_of_study(cells: Mapping[str, Cell]) -> int:
    """Return the most windows that a configuration has of a series."""
    counts: dict[tuple[str, str], int] = {}
    for cell in cells.values():
        counts[cell.point, cell.of_series] = counts.get((cell.point, cell.of_series), 0) + 1
    return max(counts.values(), default=0)


def _repeats(store: Store, study: Experiment, cells: Mapping[str, Cell]) -> dict[str, int]:
    """Return how many repeats each configuration has on each of its splits."""
    splits: dict[str, int] = {}
    for cell in cells.values():
        splits[cell.point] = splits.get(cell.point, 0) + 1
    parts = store.experiments.status(study.id).configurations
    return {part.label: sum(part.counts.values()) // splits[part.label] for part in parts}


def _grid(study: Experiment, count: int) -> Grid:
    """Read the grid of a study with more windows.

    Raises:
        UsageError: it was not made from a file.
        GridError: it cannot be read, or a series is too short.
    """
    from scheduler.grid.grid import Grid

    if study.grid_file in ("", "<grid>"):
        raise UsageError(
            f"the grid of {study.name} was given in Python, where its series are: load it there with "
            f'windows={{"count": {count}}}, and run it; what is trained is reused'
        )
    try:
        return Grid.parse(study.grid_text, file=study.grid_file, overrides=[f"windows.count={count}"])
    except GridError as problem:
        again = [line.replace("write windows.count: ", "use --windows ") for line in problem.mistakes]
        raise GridError(again) from None
