"""A forecast beyond the end of the data: its table in a terminal, and as a file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.future.panel import PanelFuture, each_future
from scheduler.report.formats.terminal import Rows, draw, say
from scheduler.report.records import as_records
from scheduler.text import DASH, number_format, printable
from store.errors import UsageError
from store.schema.spelling import listed

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.future.outcome import Future
    from scheduler.report.formats.terminal import Console

#: the endings of files that a forecast can be written to
ENDINGS = (".csv", ".parquet", ".json")
#: what intervals rest on
_ERRORS = (
    "intervals: from the errors of all repeats together in the test rows; they hold if those to come are like them"
)
_BETWEEN = (
    "intervals: between the quantiles that all repeats together forecast, moved as far as the values of the test rows "
    "lay outside of them; they hold if errors to come are like those"
)
#: repeats that the table in a terminal has
MOST_REPEATS = 10
#: series that the table in a terminal has
MOST_SERIES = 20


def show_future(future: Future | PanelFuture, console: Console, *, every: bool = False) -> None:
    """Print the table, and below it how it was made.

    Args:
        future: the forecast.
        console: where.
        every: whether the single repeats are shown, too.
    """
    each = each_future(future)
    panel = isinstance(future, PanelFuture)
    what = f"{len(each):,} series" if panel else each[0].series.name
    say(console, f"{future.experiment}, {future.configuration}: {what} beyond the end")
    for targets in dict.fromkeys(one.targets for one in each):
        alike = [one for one in each if one.targets == targets]
        for place, target in enumerate(targets):
            if len(targets) > 1:
                say(console, f"\n{target}")
            draw(_forms(alike, place, every=every, panel=panel), console)
    say(console, "")
    for line in (*future.notes, *on_intervals(future)):
        say(console, f"- {line}")


def _forms(each: Sequence[Future], place: int, *, every: bool, panel: bool) -> list[Rows]:
    """Return the table of one target of each series: with single repeats, with intervals, and without."""
    shown = each[:MOST_SERIES]
    bounds = [set(one.intervals["level"].unique()) for one in shown]
    levels = sorted(set.union(*bounds))
    heads = ({"series": "left"} if panel else {}) | {"time": "left", "median": "right"}
    heads |= {f"{level:g}% interval": "right" for level in levels}
    plain = Rows(heads=heads, rows=[row for one in shown for row in _cells(one, place, levels, panel=panel)])
    if any(one.rows["observed"].notna().any() for one in shown):
        seen = [cell for one in shown for cell in _observed(one, place)]
        plain = _with(plain, "observed", seen)
    if len(each) > MOST_SERIES:
        plain = plain.noted(f"The first {MOST_SERIES} of {len(each):,} series; --output has all, --series shows one.")
    whole = _with_repeats(plain, shown, place) if every else plain
    return [whole, plain, plain.without(*(f"{level:g}% interval" for level in levels))]


def _cells(one: Future, place: int, levels: Sequence[float], *, panel: bool) -> Iterator[list[str]]:
    """Yield the rows of one target of a series, with numbers as its own size asks for."""
    rows, write = _rows_of(one, place)
    for row in rows.to_dict("records"):
        known = (write(row.get(f"{end}_{level:g}", math.nan)) for level in levels for end in ("low", "high"))
        bounds = list(known)
        yield [
            *([printable(one.series.name)] if panel else []),
            printable(row["time"]),
            write(row["median"]),
            *(DASH if low == DASH else f"{low} to {high}" for low, high in zip(bounds[::2], bounds[1::2], strict=True)),
        ]


def _rows_of(one: Future, place: int) -> tuple[pd.DataFrame, Callable[[float], str]]:
    """Return the rows of one target, and how its numbers are written."""
    rows = one.frame[one.frame["target"] == one.targets[place]]
    numbers = rows[[name for name in rows if name not in ("target", "step", "time")]]
    return rows, number_format(numbers.to_numpy(dtype=float).ravel().tolist(), figures=4)


def _observed(one: Future, place: int) -> list[str]:
    _, write = _rows_of(one, place)
    return [write(value) for value in one.rows.loc[one.rows["target"] == one.targets[place], "observed"]]


def _with_repeats(table: Rows, shown: Sequence[Future], place: int) -> Rows:
    """Add a column for each of the first repeats, which one that diverged on a series lacks there."""
    mine = [one.repeats[one.repeats["target"] == one.targets[place]] for one in shown]
    numbers = sorted({int(repeat) for frame in mine for repeat in frame["repeat"].unique()})
    for repeat in numbers[:MOST_REPEATS]:
        cells: list[str] = []
        for one, frame in zip(shown, mine, strict=True):
            _, write = _rows_of(one, place)
            said = frame.loc[frame["repeat"] == repeat, "forecast"].tolist()
            cells += [write(value) for value in said] or [DASH] * one.rows["step"].nunique()
        table = _with(table, f"repeat {repeat}", cells)
    if len(numbers) > MOST_REPEATS:
        table = table.noted(f"The first {MOST_REPEATS} of {len(numbers)} repeats; --output has all.")
    return table


def _with(table: Rows, head: str, cells: list[str]) -> Rows:
    """Add a column of numbers."""
    rows = [[*row, cell] for row, cell in zip(table.rows, cells, strict=True)]
    return Rows(heads=table.heads | {head: "right"}, rows=rows, below=table.below, wraps=table.wraps)


def on_intervals(future: Future | PanelFuture) -> list[str]:
    """Return what the intervals rest on."""
    found = future.intervals
    if not len(found):
        return []
    lines = [_BETWEEN if (found["basis"] == "quantiles").any() else _ERRORS]
    others = {
        "recursive": "of recursive forecasts that were started at every test row",
        "model-based": "simulated, since the test rows have too few errors so far ahead: they rest on the model, and "
        "begin as wide as the errors of the step before",
    }
    for basis, words in others.items():
        mine = found[found["basis"] == basis]
        by_steps: dict[tuple[int, ...], list[str]] = {}
        for level, rows in mine.groupby("level"):
            by_steps.setdefault(tuple(sorted(set(rows["step"]))), []).append(f"{level:g}%")
        for steps, levels in by_steps.items():
            which = "" if len(levels) == found["level"].nunique() else f"{listed(levels, 'and')} "
            lines.append(f"{which}intervals of {_steps(steps)}: {words}")
    return lines


def _steps(steps: Sequence[int]) -> str:
    first, last = min(steps), max(steps)
    return f"step {first}" if first == last else f"steps {first} to {last}"


def check_ending(path: Path | None) -> None:
    """Check that a file's ending names a format.

    Raises:
        UsageError: it does not.
    """
    if path is not None and path.suffix.lower() not in ENDINGS:
        raise UsageError(f"--output {path}: the ending says the format; allowed: {', '.join(ENDINGS)}")


def file_content(future: Future | PanelFuture, path: Path, *, every: bool = False) -> str | bytes:
    """Return a forecast as its file's ending says: CSV, Parquet or JSON.

    Args:
        future: the forecast.
        path: of the file.
        every: whether it has the single repeats, one row each, in the place of the median.
    """
    frame = future.repeats if every else future.frame
    ending = path.suffix.lower()
    if ending == ".csv":
        return frame.to_csv(index=False)
    if ending == ".parquet":
        return frame.to_parquet(None, index=False)
    return _as_json(future, frame)


def _as_json(future: Future | PanelFuture, frame: pd.DataFrame) -> str:
    each = each_future(future)
    names = [one.series.name for one in each]
    record: dict[str, Any] = {
        "experiment": future.experiment,
        "configuration": future.configuration,
        "series": names if isinstance(future, PanelFuture) else names[0],
        "notes": list(future.notes),
        "rows": as_records(frame),
        "intervals": as_records(future.intervals),
    }
    if isinstance(future, PanelFuture):
        record["notes_by_series"] = {one.series.name: list(one.notes) for one in each}
    return json.dumps(record, indent=2)
