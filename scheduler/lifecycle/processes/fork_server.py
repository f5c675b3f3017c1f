"""The process that loads the engine once and starts the local workers of a run, as the run sees it."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Self

from scheduler.lifecycle.processes.logs import last_output
from store.fork_protocol import ANSWER, REQUEST, Event


@dataclass(eq=False, slots=True)
class WorkerProcess:
    """A worker that a fork server starts; what can be asked of it are those things that `subprocess.Popen` knows."""

    server: ForkServer
    #: what keeps the worker alive as long as it is open
    pipe: int
    #: None until the worker is started
    pid: int | None = None
    returncode: int | None = None
    #: why the system did not start the process
    refused: OSError | None = None

    def poll(self) -> int | None:
        """Return the exit code, below 0 if a signal ended the process; None while it lives."""
        if self.returncode is None:
            self.server.look()
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Return the exit code as soon as it is there.

        Raises:
            subprocess.TimeoutExpired: the process lives on.
        """
        give_up = time.monotonic() + timeout
        while (code := self.poll()) is None:
            left = give_up - time.monotonic()
            if left <= 0:
                raise subprocess.TimeoutExpired("worker", timeout)
            self.server.wait(left)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, unless the process has ended."""
        if self.pid is not None and self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the process to end; one that is not there yet ends when it is."""
        self.close()
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Close the pipe."""
        if self.pipe >= 0:
            os.close(self.pipe)
            self.pipe = -1


@dataclass(slots=True)
class ForkServer:
    """The server: its process, its log, and the workers it was asked for."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    log: IO[bytes]
    #: workers that are not started yet, in the order of the requests
    asked: deque[WorkerProcess] = field(default_factory=deque)
    #: workers that live, by pid
    living: dict[int, WorkerProcess] = field(default_factory=dict)
    #: the beginning of an answer
    begun: bytes = b""
    #: whether its end has been counted as a loss: all its workers end with it
    counted: bool = False

    @classmethod
    def start(cls, command: Sequence[str], environment: Mapping[str, str], log: IO[bytes]) -> Self:
        """Start the server; it ends when our end of the socket closes."""
        ours, theirs = socket.socketpair()
        with theirs:
            # A library of numpy's would otherwise start threads, with which a process cannot be forked.
            single = {"OPENBLAS_NUM_THREADS": "1", **environment}
            process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=log, stderr=log, env=single)
        return cls(process, ours, log)

    @property
    def ended(self) -> bool:
        """Whether the server has ended."""
        return self.process.returncode is not None

    def start_worker(self, log: IO[bytes]) -> WorkerProcess:
        """Ask for a worker, which writes to the log."""
        read, write = os.pipe()
        worker = WorkerProcess(self, write)
        self.asked.append(worker)
        try:
            with suppress(ConnectionError):  # `look` sees that the server has ended
                socket.send_fds(self.control, [REQUEST], [read, log.fileno()])
        finally:
            os.close(read)
        return worker

    def wait(self, seconds: float) -> None:
        """Wait for an answer."""
        select.select([self.control], [], [], seconds)

    def look(self) -> None:
        """Take in all answers that have come."""
        while not self.ended:
            try:
                told = self.control.recv(4096, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            except ConnectionError:
                told = b""
            if not told:
                self._bury()
            self._take_in(told)

    def _take_in(self, told: bytes) -> None:
        told = self.begun + told
        whole = len(told) - len(told) % ANSWER.size
        self.begun = told[whole:]
        for event, pid, number in ANSWER.iter_unpack(told[:whole]):
            if event == Event.ENDED:
                self.living.pop(pid).returncode = number
                continue
            worker = self.asked.popleft()
            if event == Event.STARTED:
                worker.pid = pid
                self.living[pid] = worker
            else:
                worker.returncode, worker.refused = 1, OSError(number, os.strerror(number))

    def _bury(self) -> None:
        """Note that the server has ended: nobody would tell of its workers' ends, so they end, too."""
        code = self.process.wait()
        for worker in self.living.values():
            worker.kill()
            worker.returncode = -signal.SIGKILL
        for worker in self.asked:
            worker.returncode = code
        self.living.clear()
        self.asked.clear()

    def stop_loading(self) -> None:
        """End the server if no worker lives: it may be loading for seconds yet."""
        self.look()
        if not self.living:
            self.process.kill()

    def last_output(self) -> str:
        """Return the end of what the server wrote."""
        return last_output(self.log)

    def close(self) -> None:
        """End the server."""
        self.process.kill()
        self.process.wait()
        self.control.close()
        self.log.close()
