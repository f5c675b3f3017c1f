"""Ctrl-C that is never lost.

Python raises `KeyboardInterrupt` wherever the program happens to be. In a callback from C, such as those of the import
system and of compiled libraries, the exception is dropped and the program goes on. So the signal is also remembered,
and code that waits checks it with `raise_if_interrupted`; Python's report of what it dropped is not printed.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from traceback import walk_tb
from typing import Any


class _Flag:
    """A flag without a lock: a handler would wait for ever for one that the code which it interrupts holds."""

    up = False

    def set(self) -> None:
        self.up = True

    def clear(self) -> None:
        self.up = False

    def is_set(self) -> bool:
        return self.up


_interrupted = _Flag()
#: what was interrupted is left out, and the rest of the command goes on
_answered = _Flag()


class Interrupted(KeyboardInterrupt):
    """Ctrl-C was pressed, or the process was told to end.

    A class of its own, because CPython ends a process in which a plain `KeyboardInterrupt` left some `exec` by the
    signal itself, whatever the exit code was to be.
    """


def raise_if_interrupted() -> None:
    """Raise `Interrupted` if a signal came, also if the exception that it raised was lost.

    Raises:
        Interrupted: one of the signals came.
    """
    if _interrupted.is_set():
        raise Interrupted


def answer_interrupt(problem: KeyboardInterrupt) -> None:
    """Note that what was interrupted is left out: the command goes on, and ends with the exit code of Ctrl-C.

    Raises:
        KeyboardInterrupt: `problem` itself, if it left a module half imported: what goes on would meet it.
    """
    below = [frame.f_code for frame, _ in walk_tb(problem.__traceback__)][1:]
    if any(code.co_name == "<module>" or code.co_filename.startswith("<frozen importlib") for code in below):
        raise problem
    _interrupted.clear()
    _answered.set()


def was_answered() -> bool:
    """Return whether a part of the command was left out because of Ctrl-C."""
    return _answered.is_set()


@contextmanager
def interruptible(*signals: signal.Signals) -> Iterator[None]:
    """Raise `Interrupted` at any of the signals, within this block.

    Signals that the process was started to ignore stay ignored, and those of a program that Python is only a part of
    are left to it. Outside the main thread, where Python sets no handlers, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[signal.Signals, Any] = {}
    report = sys.unraisablehook
    try:
        sys.unraisablehook = partial(_report_others, report)
        for one in signals:
            handler = signal.getsignal(one)
            if handler not in (signal.SIG_IGN, None):
                before[one] = handler
                signal.signal(one, _interrupt)
        yield
    finally:
        sys.unraisablehook = report
        for one, handler in before.items():
            signal.signal(one, handler)
        if _interrupt not in before.values():  # else what was lost here is for those around us
            _interrupted.clear()
            _answered.clear()


def _report_others(report: Callable[[Any], Any], dropped: Any) -> None:
    """Report an exception that Python drops, unless it is one of ours, which is remembered."""
    if not isinstance(dropped.exc_value, Interrupted):
        report(dropped)


def _interrupt(*_: object) -> None:
    _interrupted.set()
    raise Interrupted
