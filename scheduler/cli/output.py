"""Where commands write: data to stdout or a file, progress and messages to stderr."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from scheduler.files import written
from scheduler.text import printable
from store import Settings, open_store
from store.errors import UsageError

if TYPE_CHECKING:
    from store import Experiment, Store

#: a width at which nothing wraps, where the output is no terminal
UNLIMITED = 100_000


class Stream(Console):
    """A console that ends the command when its reader has left; rich itself would report a failure."""

    def on_broken_pipe(self) -> None:
        """Raise the error for the command line to handle.

        Raises:
            BrokenPipeError: always.
        """
        raise BrokenPipeError


def _stream(*, stderr: bool) -> Stream:
    """Return a console on stdout or stderr: as wide as the terminal, or without wrapping if there is none."""
    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Stream(stderr=stderr, highlight=False, soft_wrap=not terminal, width=None if terminal else UNLIMITED)


out = _stream(stderr=False)
err = _stream(stderr=True)


def plain(text: str) -> str:
    """Escape rich's markup in a text."""
    return escape(text)


def opened(url: str | None) -> Store:
    """Open the store of a command.

    Args:
        url: --store, if given.

    Raises:
        StoreUnreachable: there is no store, or it cannot be opened.
    """
    return open_store(Settings.from_env(store=url).database_url)


def show_report(
    store: Store,
    experiment: Experiment,
    plots: Path | None,
    *,
    form: str = "table",
    output: Path | None = None,
    page: Path | None = None,
    warn: bool = True,
    splits: bool = False,
) -> None:
    """Print a report and save its plots and its page; without warnings and notes that were printed before."""
    from scheduler.lifecycle.chosen import check_study
    from scheduler.report.formats.registry import report_format
    from scheduler.report.gather import gather
    from scheduler.report.splits.gather import with_every_split

    check_study(store, experiment)
    chosen = report_format(form)
    data = gather(
        store,
        experiment,
        curves=plots is not None or page is not None,
        conclusions=chosen.compares or page is not None,
        brief=not chosen.every_column,
        scores=chosen.every_score,
    )
    if splits:
        data = with_every_split(data)
    if not warn:
        data = replace(data, warnings=(), series_notes=())
    if chosen.show and output is None:
        with out.capture() as capture:
            chosen.show(data, out)
        write_out(capture.get())
    else:
        write_out(chosen.write(data), output)
    if plots is not None:
        from scheduler.report.plots import save

        for path in save(data, plots):
            err.print(f"plot: {path}")
    if page is not None:
        from scheduler.report.page import write

        err.print(f"page: {write(data, page)}")


def show_verdicts(
    store: Store, experiment: Experiment, other: Experiment | None = None, *, form: str = "table", every: bool = False
) -> None:
    """Print the comparison of an experiment's configurations, or of those of two experiments."""
    from scheduler.lifecycle.chosen import check_study
    from scheduler.report.formats.registry import comparison_format
    from scheduler.report.formats.verdicts import MOST_ROWS
    from scheduler.report.gather import gather
    from scheduler.report.gather_both import gather_both

    check_study(store, experiment)
    data = gather_both(store, experiment, other) if other else gather(store, experiment, curves=False, brief=True)
    most = None if every else MOST_ROWS
    chosen = comparison_format(form)
    if chosen.show:
        chosen.show(data, out, most)
    else:
        write_out(chosen.write(data, most))


def write_out(content: str | bytes, path: Path | None = None) -> None:
    """Write data to a file, or unchanged to stdout.

    Raises:
        UsageError: the data are binary and stdout is a terminal; or the file cannot be written.
    """
    data = content if isinstance(content, bytes) else (content if content.endswith("\n") else f"{content}\n").encode()
    if path is not None:
        with written(path, "--output") as part:
            part.write_bytes(data)
        err.print(f"written: {path}")
        return
    if isinstance(content, bytes) and sys.stdout.isatty():
        raise UsageError("This format is binary and a terminal cannot show it. Name a file with --output FILE.")
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def shown(text: object) -> str:
    """Escape a name or message from outside so that rich prints it literally."""
    return escape(printable(text))
