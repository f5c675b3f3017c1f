"""Requests to stop, as other processes and threads see them while this thread is in compiled code."""

from __future__ import annotations

import mmap
import os
import signal
import threading
from collections.abc import Callable


class SharedFlag:
    """A flag that a process and its forked children share.

    It has no lock, which a killed child could take with it.
    """

    def __init__(self) -> None:
        self._byte = mmap.mmap(-1, 1)

    def set(self) -> None:
        """Set it, for all processes."""
        self._byte[0] = 1

    def is_set(self) -> bool:
        """Return whether it was set."""
        return self._byte[0] == 1


def on_signal(number: signal.Signals, action: Callable[[], object]) -> None:
    """Call `action` from a thread when a signal comes; Python's own handlers wait for the main thread.

    To be called once in a process, from its main thread.
    """
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)

    def wait() -> None:
        while number not in os.read(read, 64):
            pass
        action()

    threading.Thread(target=wait, name="signals", daemon=True).start()
