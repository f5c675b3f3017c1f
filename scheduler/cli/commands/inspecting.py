"""The command on a file before it is used: inspect."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.cli.options import FOLDER, SET, NonEmptyPath

HEADING = "Look at data"
POSITION = 5


@click.command("inspect")
@click.argument(
    "file", type=NonEmptyPath(path_type=Path), metavar="FILE_OR_GRID", help="A file with a series, or a grid (.yaml)."
)
@SET
@click.option("--plots", type=FOLDER, metavar="DIR", help="Save a picture of the series, with train and test part.")
def inspect_command(file: Path, overrides: tuple[str, ...], plots: Path | None) -> None:
    """Show what is understood of a file, and how a grid uses it.

    Rows, frequency, season, columns, and the `series:` line to write; for a grid also the first rows as the model sees
    them. Nothing is written or trained.
    """
    from scheduler.cli.output import err, out, plain
    from scheduler.files import check_directory
    from scheduler.report.inspection import inspect_any

    check_directory(plots)
    found = inspect_any(file, overrides)
    out.print(plain(str(found)))
    if found.wrong:
        err.print(f"{file} has mistakes that no line of a grid mends: correct the file.")
        raise SystemExit(2)
    if plots is not None and (saved := found.save(plots)):
        err.print(f"saved {saved}")
