"""The fork server of a run: it loads the engine once, and forks the local workers, which so need not load it.

It talks with the run over the socket that is its standard input (`store.fork_protocol`), and ends with it. Where a fork
would not be safe, it starts each worker anew.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from store.fork_protocol import ANSWER, Event

#: the files of GPUs, whose drivers do not survive a fork
GPUS = ("nvidia[0-9]*", "kfd", "dxg")


def serve(load: Callable[[], bool], command: Sequence[str]) -> None:
    """Load what all workers need, and start workers on request until the run closes its end of the socket.

    Returns in each forked worker, with its pipe and its log as standard streams, and never in the server.

    Args:
        load: imports what workers need; returns whether they may be forked after that.
        command: starts a worker that cannot be forked.
    """
    for one in (signal.SIGINT, signal.SIGTERM):  # they reach every process of the group; the run acts on them
        signal.signal(one, signal.SIG_IGN)
    forks = _may_fork() and load() and _is_single_threaded()
    gc.freeze()  # else looking for unreachable objects would write to, and so copy, all memory that workers share
    server = _Server(None if forks else command)
    while server.turn():
        pass
    server.become_worker()


def _may_fork() -> bool:
    """Return whether a fork of a process with TensorFlow is safe here; system libraries of macOS do not survive it."""
    return sys.platform != "darwin" and not any(True for name in GPUS for _ in Path("/dev").glob(name))


def _is_single_threaded() -> bool:
    """Return whether this thread is the only one, as Python and the system see it: others would not be forked."""
    tasks = Path("/proc/self/task")
    return threading.active_count() == 1 and (not tasks.exists() or len(list(tasks.iterdir())) == 1)


class _Server:
    """Starts workers and tells of their ends."""

    def __init__(self, command: Sequence[str] | None) -> None:
        """Listen to standard input and to the ends of workers.

        Args:
            command: starts a worker; None if workers are forked.
        """
        self._command = command
        self._control = socket.socket(fileno=0)
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        #: the pipe and the log of a request
        self._streams: tuple[int, int] = (-1, -1)

    def turn(self) -> bool:
        """Wait for the next request or the next end of a worker, and see to it; return False in a forked worker."""
        ready, _, _ = select.select([self._control.fileno(), self._woken], [], [])
        if self._woken in ready:
            os.read(self._woken, 4096)
            self._report_ended()
        return self._control.fileno() not in ready or self._see_to_request()

    def _report_ended(self) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self._answer(Event.ENDED, ended[0], os.waitstatus_to_exitcode(ended[1]))

    def _see_to_request(self) -> bool:
        try:
            asked, files, _, _ = socket.recv_fds(self._control, 1, 2)
        except ConnectionError:
            asked, files = b"", []
        if not asked:
            os._exit(0)
        self._streams = (files[0], files[1])
        try:
            pid = os.fork() if self._command is None else self._spawn(self._command)
        except OSError as problem:
            self._answer(Event.REFUSED, 0, problem.errno or 0)
        else:
            if pid == 0:
                return False
            self._answer(Event.STARTED, pid, 0)
        for one in files:
            os.close(one)
        return True

    def _spawn(self, command: Sequence[str]) -> int:
        pipe, log = self._streams
        streams = [(os.POSIX_SPAWN_DUP2, pipe, 0), (os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)]
        return os.posix_spawn(command[0], [*command], os.environ, file_actions=streams, setsigdef=[signal.SIGTERM])

    def _answer(self, event: Event, pid: int, number: int) -> None:
        try:
            self._control.sendall(ANSWER.pack(event, pid, number))
        except OSError:  # the run is gone
            os._exit(0)

    def become_worker(self) -> None:
        """Let go of what is the server's, and take the streams of the request."""
        signal.set_wakeup_fd(-1)
        for one in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(one, signal.SIG_DFL)
        self._control.detach()  # its number becomes the pipe's
        pipe, log = self._streams
        for number, stream in enumerate((pipe, log, log)):
            os.dup2(stream, number)
        for own in (pipe, log, self._woken, self._wake):
            os.close(own)
