"""What `scheduler inspect` shows: a file, or a grid with its series and the first rows as the model sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.grid.warnings.case import Case
from scheduler.grid.warnings.outliers import outside_of
from scheduler.report.first_rows import described
from scheduler.series.diagnosis import name_of
from scheduler.series.inspection import Inspection, inspect_file, sparkline
from scheduler.text import printable
from store.errors import UsageError

if TYPE_CHECKING:
    from scheduler.grid.grid import Grid
    from store.records import Series

_GRIDS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Inspected:
    """The text, and what can be drawn of it."""

    text: str
    name: str
    series: Series | None = None
    columns: tuple[str, ...] = ()
    #: place in the series of the first value that is forecast in the test part
    test_start: int | None = None
    #: whether a file has mistakes that no line of a grid mends
    wrong: bool = False

    def __str__(self) -> str:
        """Return the text."""
        return self.text

    def save(self, folder: Path) -> Path | None:
        """Save the picture; None if the file is not read yet."""
        from scheduler.report.plots.inspected import save_series

        if self.series is None:
            return None
        return save_series(self.series, self.columns, self.test_start, folder, self.name)


def inspect_any(path: Path, overrides: Sequence[str] = ()) -> Inspected:
    """Inspect a file with a series, or a grid.

    Raises:
        GridError: The grid has mistakes.
        SeriesError: The file has no table.
        UsageError: Fields of a grid are set for a file that is none.
    """
    if path.suffix.lower() in _GRIDS:
        from scheduler.grid.grid import Grid

        return _of_grid(Grid.load(path, overrides=overrides))
    if overrides:
        raise UsageError(f"--set is for grids, and {path} is a file with a series. Leave --set out, or name a grid.")
    return _of_file(inspect_file(path))


def _of_file(found: Inspection) -> Inspected:
    name = name_of(Path(found.file))
    if found.reading is None:
        return Inspected(str(found), name, wrong=True)
    series = found.reading.series
    warnings = [line for column in series.columns for line in outside_of(series, column)]
    text = "\n".join([str(found), *(f"  warning     {printable(line)}" for line in warnings)])
    return Inspected(text, name, series, series.columns)


def _of_grid(grid: Grid) -> Inspected:
    """Describe the series and the rows of the first configuration, which stands for the others."""
    point = grid.points[0]
    hashes = {one.content_hash: one for one in grid.series_data()}
    case = Case(point.label, point.configuration, hashes[point.configuration.series.content_hash])
    series, cut = case.series, case.frame
    others = f" (the first of {len(grid):,} configurations)" if len(grid) > 1 else ""
    lines = [f"{grid.name}: {point.label}{others}"]
    span = f", {series.times[0]} to {series.times[-1]}" if series.times else ", in the order of the file"
    lines.append(f"  series      {series.name}: {len(series.values):,} observations{span}")
    columns = tuple(one for one in case.configuration.series.columns if one not in case.configuration.series.made)
    lines += [f"  {column:10.40}  {sparkline(case.values(column))}" for column in columns]
    lines += [f"  {line}" for line in described(case)]
    lines += [f"  note        {line}" for line in grid.notes]
    lines += [f"  warning     {line}" for line in grid.warnings]
    start = cut.target_times(cut.test.start).start if cut.test else None
    return Inspected(printable("\n".join(lines)), grid.name, series, columns, start)
