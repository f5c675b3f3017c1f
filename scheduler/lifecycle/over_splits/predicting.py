"""Forecasts by exported models: their scripts are run on the user's files, and give one table."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from typing import TYPE_CHECKING

from scheduler.text import many
from store import UsageError
from store.writable import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

#: what forecasts with an exported model, and of several series the names by their folders
SCRIPT, NAMES = "forecast.py", "series.json"
#: before what a script says of the files
NOTE = "Note: "


def forecast_next(
    folder: Path, files: Sequence[Path], steps: int | None = None, say: Callable[[str], None] = lambda note: None
) -> str:
    """Run the script of an exported model on files; of a folder with several series those of all, as one table.

    Args:
        folder: what was exported.
        files: the observations; of models apart each takes the file that is called as its series, or the only one.
        steps: how many; None for all that the model forecasts.
        say: is called with notes of the script.

    Raises:
        UsageError: the folder has no such script, there is no such file, the script refuses it, or the model does not
            forecast so many steps.
    """
    alone = (folder / SCRIPT).exists()
    names = {} if alone else exported_series(folder)
    if not names and not alone:
        raise UsageError(f"{folder} has no {SCRIPT}; `scheduler export EXPERIMENT {folder}` writes it")
    for file in files:
        if not file.is_file():
            places = ", ".join(str(folder / one / "series.csv") for one in list(names)[:1] or [""])
            raise UsageError(f"{file} is no file; name a CSV file with the columns of {places}")
    temporary_folder()
    if not names:
        return _lines(_first_steps(_run(folder / SCRIPT, files, say), steps))
    tables: list[list[str]] = []
    for one, name in names.items():
        try:
            head, *rows = _first_steps(_run(folder / one / SCRIPT, [_file_for(name, files)], say), steps)
        except UsageError as problem:
            raise UsageError(f"{name}: {problem}") from None
        tables += [*([] if tables else [["series", *head]]), *([name, *row] for row in rows)]
    return _lines(tables)


def _lines(table: Sequence[Sequence[str]]) -> str:
    whole = io.StringIO()
    csv.writer(whole, lineterminator="\n").writerows(table)
    return whole.getvalue()


def _first_steps(table: str, steps: int | None) -> list[list[str]]:
    """Return the rows of a table of step and others, with its header, of the first steps.

    Raises:
        UsageError: there are fewer.
    """
    head, *rows = csv.reader(io.StringIO(table))
    place = head.index("step")
    most = max((int(row[place]) for row in rows), default=0)
    if steps is not None and steps > most:
        raise UsageError(
            f"the model forecasts {many(most, 'step')} at once, and --steps is {steps}: leave it out, or go further by "
            f"`scheduler forecast EXPERIMENT --steps {steps}`, which trains on all rows"
        )
    return [head, *(row for row in rows if steps is None or int(row[place]) <= steps)]


def _file_for(series: str, files: Sequence[Path]) -> Path:
    """Return the file of a series: the only one, or that which is called as the series.

    Raises:
        UsageError: there are several, and none is, or two are.
    """
    own = [file for file in files if len(files) == 1 or file.stem == series]
    if not own:
        raise UsageError(f"none of the {len(files)} files is called as the series, such as {series}.csv")
    if len(own) > 1:
        raise UsageError(f"{own[0]} and {own[1]} are both called as the series; name one of them")
    return own[0]


def exported_series(folder: Path) -> dict[str, str]:
    """Return the series that `export` has written to a folder, by their own folders; none where it was one."""
    import json

    path = folder / NAMES
    if not path.is_file():
        return {}
    given = json.loads(path.read_text(encoding="utf-8"))
    return {one: name for one, name in given.items() if (folder / one / SCRIPT).exists()}


def _run(script: Path, files: Sequence[Path], say: Callable[[str], None]) -> str:
    """Run the script of one model.

    Raises:
        UsageError: it refuses the files.
    """
    given = [sys.executable, str(script), *map(str, files), "--next"]
    done = subprocess.run(given, check=False, capture_output=True, text=True)
    if done.returncode:
        raise UsageError((done.stderr.strip().splitlines() or [f"{SCRIPT} failed."])[-1])
    for line in done.stderr.splitlines():
        if line.startswith(NOTE):
            say(line.removeprefix(NOTE))
    return done.stdout
