"""The command line, with every error as one clear line and the right exit code."""

from __future__ import annotations

import atexit
import errno
import gc
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

from scheduler.lifecycle.interrupts import interruptible, raise_if_interrupted, was_answered

#: errors of a full or broken disk
DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


def main() -> None:
    """Run the command line, and end the process."""
    try:
        code = run_command()
    except KeyboardInterrupt:  # once more, while the first one was answered
        code = 130
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is left takes no time, and Python would print where it was
    _leave(code)
    sys.exit(code)


def run_command() -> int:
    """Run the command line, and return its exit code."""
    # Imports make 100,000 objects that stay and reports millions: to look among them for garbage is wasted work.
    gc.set_threshold(300_000, 20, 50)
    atexit.register(gc.freeze)  # and so is collecting it at exit
    _open_streams()
    try:
        with interruptible(signal.SIGINT):
            try:
                return _run()
            except Exception:  # an import may turn Ctrl-C into an error of its own
                raise_if_interrupted()
                raise
    except KeyboardInterrupt:
        _complain(_interrupted())
        return 130


def _leave(code: int) -> None:
    """End at once if a thread still works: Python would wait for it, or crash if it imports a compiled library."""
    if any(one is not threading.main_thread() for one in threading.enumerate()):
        if parallel := sys.modules.get("multiprocessing.util"):
            parallel._run_finalizers()  # or semaphores would stay behind, with a warning
        logging.shutdown()
        with suppress(OSError, ValueError):
            code = flushed(code)
            sys.stderr.flush()
        os._exit(code)


def flushed(code: int) -> int:
    """Write the rest of the output, and return the exit code: that of a failure where it cannot be written."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # its reader has left
        return code or 141
    except OSError as problem:
        _complain(f"{problem.strerror}. The output may be incomplete.")
        return code or 1
    return code


def _open_streams() -> None:
    """Reopen closed standard streams: another file, such as a store, would get their number and what is printed."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w" if number else "r", encoding="utf-8"))  # noqa: SIM115 - stays open


def _run() -> int:
    import click  # inside `interruptible`, so that Ctrl-C during the import ends as it does later

    from scheduler.cli.app import cli
    from store.errors import PipelineError

    logging.basicConfig(level="WARNING", format="scheduler: %(message)s")  # on stderr, as errors are
    # A connection that Ctrl-C caught in a query is thrown away: the pool would print how it failed to clean it.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    try:
        code = cli.main(prog_name="scheduler", standalone_mode=False)
        raise_if_interrupted()
        return 130 if was_answered() else code if isinstance(code, int) else 0
    except click.ClickException as problem:
        context = getattr(problem, "ctx", None)
        command = context.command_path if context else "scheduler"
        _complain(f"{problem.format_message()} See `{command} --help`.")
        return problem.exit_code
    except click.Abort as abort:
        raise KeyboardInterrupt from abort
    except PipelineError as problem:
        _complain(*getattr(problem, "mistakes", [str(problem)]))
        return problem.exit_code
    except OSError as problem:
        if problem.errno not in DISK_ERRORS:
            raise
        # The rest of stdout's buffer would fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        where = f"{problem.filename}: " if problem.filename else ""
        _complain(f"{where}{problem.strerror or problem}. The output may be incomplete.")
        return 1


def _interrupted() -> str:
    """Return what is kept after Ctrl-C, before a command could say it better, and how to continue."""
    from store.commands import command, given

    named = given(sys.argv[1:])
    return (
        f"Interrupted. Everything recorded is kept: {command('list', store=named.get('store', ''))} shows it, "
        f"{command('resume', 'EXPERIMENT', store=named.get('store', ''), broker=named.get('broker'))} continues."
    )


def _complain(*messages: str) -> None:
    """Print errors to stderr, each on a line with the name of the program."""
    for message in messages:
        print(f"scheduler: {message}", file=sys.stderr)
