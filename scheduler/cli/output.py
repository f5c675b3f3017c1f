"""Where commands write: data to stdout or a file, progress and messages to stderr."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from scheduler.files import written
from store.errors import UsageError

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData
    from store import Experiment, Store

#: so wide that nothing is wrapped where no terminal says how wide it is
UNLIMITED = 100_000


class Stream(Console):
    """What is written to a reader who has left ends the command; rich would end it as a failure."""

    def on_broken_pipe(self) -> None:
        """Leave it to the command line.

        Raises:
            BrokenPipeError: always.
        """
        raise BrokenPipeError


def _stream(*, stderr: bool) -> Stream:
    """Return what writes to stdout or stderr: as wide as the terminal, or in whole lines where there is none."""
    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Stream(stderr=stderr, highlight=False, soft_wrap=not terminal, width=None if terminal else UNLIMITED)


out = _stream(stderr=False)
err = _stream(stderr=True)


def show_report(
    store: Store,
    experiment: Experiment,
    plots: Path | None,
    *,
    form: str = "table",
    output: Path | None = None,
    page: Path | None = None,
) -> None:
    """Print an experiment's report, and save its plots and its page."""
    from scheduler.report.formats.summary import as_parquet
    from scheduler.report.gather import gather

    wanted = form not in {"csv", "latex", "parquet"} or page is not None
    curves, brief = plots is not None or page is not None, form != "parquet"
    data = gather(store, experiment, curves=curves, conclusions=wanted, brief=brief)
    write_out(as_parquet(data) if form == "parquet" else _text(data, form, colors=output is None), output)
    if plots is not None:
        from scheduler.report.plots import save

        for path in save(data, plots):
            err.print(f"plot: {path}")
    if page is not None:
        from scheduler.report.page import write

        err.print(f"page: {write(data, page)}")


def show_verdicts(store: Store, experiment: Experiment, *, form: str = "table", every: bool = False) -> None:
    """Print what an experiment's results say of every pair of configurations."""
    from scheduler.report.formats import verdicts
    from scheduler.report.gather import gather

    data = gather(store, experiment, curves=False, brief=True)
    most = None if every else verdicts.MOST_ROWS
    if form == "table":
        verdicts.show(data, out, most=most)
    elif form == "markdown":
        write_out(verdicts.as_markdown(data, most=most))
    else:
        write_out(verdicts.FORMATS[form](data))


def _text(data: ReportData, form: str, *, colors: bool) -> str:
    """Write a report as text, the table as wide as the terminal and in its colors."""
    from scheduler.report.formats.summary import FORMATS, show

    if form != "table":
        return FORMATS[form](data)
    console = out if colors else Console(color_system=None, highlight=False, soft_wrap=True, width=UNLIMITED)
    with console.capture() as capture:
        show(data, console)
    return capture.get()


def write_out(content: str | bytes, path: Path | None = None) -> None:
    """Write data to a file, or as they are to stdout.

    Raises:
        UsageError: they are no text, and stdout is a terminal; or the file cannot be written.
    """
    data = content if isinstance(content, bytes) else (content if content.endswith("\n") else f"{content}\n").encode()
    if path is not None:
        with written(path, "--output") as part:
            part.write_bytes(data)
        err.print(f"written: {path}")
        return
    if isinstance(content, bytes) and sys.stdout.isatty():
        raise UsageError("Parquet is not for the screen. Name a file: --output results.parquet.")
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def suggest(store: Store, experiment: Experiment, plots: Path | None) -> None:
    """Name the store and the commands to try next."""
    name = experiment.name
    err.print(f"\nstore: {store.url}")
    err.print("Next:")
    if len(store.experiments.status(experiment.id).configurations) > 1:
        err.print(f"  scheduler compare {name}")
        err.print(f"  scheduler top-up {name}")
    err.print(f"  scheduler report {name} --html {name}.html")
    if plots is None:
        err.print(f"  scheduler report {name} --plots plots")
    if Path("grids/tune_units.yaml").exists():
        err.print("  scheduler plan grids/tune_units.yaml")
