"""A forecast beyond the end of the data: its table in a terminal, and as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.report.formats.terminal import Rows, draw, say
from scheduler.text import number_format, printable
from store.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.future.outcome import Future
    from scheduler.report.formats.terminal import Console

#: the endings of files that a forecast can be written to
ENDINGS = (".csv", ".parquet", ".json")
#: repeats that the table in a terminal has
MOST_REPEATS = 10


def show_future(future: Future, console: Console, *, every: bool = False) -> None:
    """Print the table, and below it how it was made.

    Args:
        future: the forecast.
        console: where.
        every: whether the single repeats are shown, too.
    """
    title = f"{future.experiment}, {future.configuration}: {future.series.name} beyond the end"
    say(console, title)
    for target in future.targets:
        if len(future.targets) > 1:
            say(console, f"\n{target}")
        draw(_forms(future, target, every=every), console)
    say(console, "")
    for line in future.notes:
        say(console, f"- {line}")
    for line in on_intervals(future):
        say(console, f"- {line}")


def _forms(future: Future, target: str, *, every: bool) -> list[Rows]:
    """Return the table of one target: with single repeats, with intervals, and without."""
    rows = future.frame[future.frame["target"] == target]
    levels = sorted(future.intervals["level"].unique())
    numbers = rows[[name for name in rows if name not in ("target", "step", "time")]]
    write = number_format(numbers.to_numpy(dtype=float).ravel().tolist(), figures=4)
    heads = {"time": "left", "median": "right"} | {f"{level:g}% interval": "right" for level in levels}
    cells = [
        [
            printable(row["time"]),
            write(row["median"]),
            *(f"{write(row[f'low_{level:g}'])} to {write(row[f'high_{level:g}'])}" for level in levels),
        ]
        for row in rows.to_dict("records")
    ]
    plain = Rows(heads=heads, rows=cells)
    if "observed" in rows:
        plain = _with(plain, "observed", [write(value) for value in rows["observed"]])
    whole = plain
    if every:
        mine = future.repeats[future.repeats["target"] == target]
        for repeat, values in list(mine.groupby("repeat"))[:MOST_REPEATS]:
            whole = _with(whole, f"repeat {repeat}", [write(value) for value in values["forecast"]])
        if mine["repeat"].nunique() > MOST_REPEATS:
            whole = whole.noted(f"The first {MOST_REPEATS} of {mine['repeat'].nunique()} repeats; --output has all.")
    return [whole, plain, plain.without(*(f"{level:g}% interval" for level in levels))]


def _with(table: Rows, head: str, cells: list[str]) -> Rows:
    """Add a column of numbers."""
    rows = [[*row, cell] for row, cell in zip(table.rows, cells, strict=True)]
    return Rows(heads=table.heads | {head: "right"}, rows=rows, below=table.below, wraps=table.wraps)


def on_intervals(future: Future) -> list[str]:
    """Return what the intervals rest on."""
    found = future.intervals
    if not len(found):
        return []
    lines = [
        "intervals: from the errors of all repeats together in the test rows; they hold if those to come are like them"
    ]
    others = {
        "recursive": "of recursive forecasts that were started at every test row",
        "model-based": "simulated, since the test rows have too few errors so far ahead: they rest on the model, and "
        "begin as wide as the errors of the step before",
    }
    for basis, words in others.items():
        steps = found.loc[found["basis"] == basis, "step"]
        if len(steps):
            lines.append(f"intervals of {_steps(steps)}: {words}")
    return lines


def _steps(steps: pd.Series[int]) -> str:
    first, last = int(steps.min()), int(steps.max())
    return f"step {first}" if first == last else f"steps {first} to {last}"


def check_ending(path: Path | None) -> None:
    """Check that a file's ending names a format.

    Raises:
        UsageError: it does not.
    """
    if path is not None and path.suffix.lower() not in ENDINGS:
        raise UsageError(f"--output {path}: the ending says the format; allowed: {', '.join(ENDINGS)}")


def file_content(future: Future, path: Path, *, every: bool = False) -> str | bytes:
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


def _as_json(future: Future, frame: pd.DataFrame) -> str:
    record = {
        "experiment": future.experiment,
        "configuration": future.configuration,
        "series": future.series.name,
        "notes": list(future.notes),
        "rows": json.loads(frame.to_json(orient="records", double_precision=15)),
        "intervals": json.loads(future.intervals.to_json(orient="records", double_precision=15)),
    }
    return json.dumps(record, indent=2)
