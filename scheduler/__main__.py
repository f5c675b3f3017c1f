"""`python -m scheduler`: the command line, with every error turned into one clear line and the right exit code."""

from __future__ import annotations

import atexit
import errno
import gc
import os
import signal
import sys
from pathlib import Path

from scheduler.lifecycle.interrupts import heed, raise_if_interrupted

#: the output cannot be written, for no fault of ours
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


def main() -> None:
    """Run the command line."""
    gc.set_threshold(100_000, 20, 50)  # reports make millions of objects that stay: looking for garbage is in vain
    atexit.register(gc.freeze)  # nor is there any need to when all of them go
    _open_streams()
    try:
        with heed(signal.SIGINT):
            _run()
    except KeyboardInterrupt:
        print(
            "Interrupted. What was recorded is kept: `scheduler list` shows it, "
            "`scheduler resume EXPERIMENT` continues.",
            file=sys.stderr,
        )
        sys.exit(130)


def _open_streams() -> None:
    """Let nothing else take the place of a standard stream that was closed: a store, say, into which we would print."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w" if number else "r", encoding="utf-8"))  # noqa: SIM115 - it stays open


def _run() -> None:
    import click  # from here on, so that Ctrl-C while this is loaded ends like one later

    from scheduler.cli.app import cli
    from store.errors import PipelineError

    try:
        cli.main(prog_name="scheduler", standalone_mode=False)
        raise_if_interrupted()
    except click.exceptions.Exit as over:
        sys.exit(over.exit_code)
    except click.ClickException as problem:
        context = getattr(problem, "ctx", None)
        command = context.command_path if context else "scheduler"
        print(f"scheduler: {problem.format_message()} See `{command} --help`.", file=sys.stderr)
        sys.exit(problem.exit_code)
    except click.Abort as abort:
        raise KeyboardInterrupt from abort
    except PipelineError as problem:
        print(f"scheduler: {problem}", file=sys.stderr)
        sys.exit(problem.exit_code)
    except OSError as problem:
        if problem.errno not in FULL:
            raise
        # What is buffered for stdout would fail again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        where = f"{problem.filename}: " if problem.filename else ""
        print(f"scheduler: {where}{problem.strerror or problem}. The output may not be complete.", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
