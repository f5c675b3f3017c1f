"""A process that makes reports for the server, and the server's end of its pipes.

It is no pool of `concurrent.futures`: the exit handler of those meets a thread that is closing its pipes when a process
was killed, and waits for ever for an answer that was cut off. Here a killed process closes its pipes, and that is all.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

from store.errors import PipelineError

Answer = TypeVar("Answer")

#: answers that a process gives before another one replaces it
MOST = 200
#: by how much it gives way to the workers: with more, a report would not be made while they train
NICENESS = 5
#: how often a question is asked if the process dies of it
TRIES = 2


class ServerEnds(PipelineError):
    """The process was ended for good while it made what was asked for."""


class ReportProcess:
    """Calls functions in a process of its own, one after the other."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._answers = 0
        self._closed = False
        #: held while a process is started or ended, so that none is started after the last end
        self._lock = threading.Lock()
        #: held by the thread that waits for an answer
        self._asking = threading.Lock()

    def call(self, function: Callable[..., Answer], *args: object) -> Answer:
        """Call a function there, and wait for what it returns.

        Raises:
            ServerEnds: it was ended for good.
            PipelineError: it was killed each time.
            Exception: what the function raises.
        """
        asked = pickle.dumps((function, args))
        with self._asking:
            good, answer = self._answer(asked)
        if good:
            return answer  # type: ignore[no-any-return]
        raise answer

    def _answer(self, asked: bytes) -> tuple[bool, Any]:
        for _ in range(TRIES):
            try:
                return self._ask(asked)
            except (EOFError, OSError, pickle.UnpicklingError):  # somebody killed it
                self._end()
        if self._closed:
            raise ServerEnds("The server ends.")
        raise PipelineError(
            f"The process that makes reports was killed {TRIES} times at this one, perhaps for the memory that it took."
        )

    def _ask(self, asked: bytes) -> tuple[bool, Any]:
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("The process has no pipes.")
        pickle.dump(asked, process.stdin)
        process.stdin.flush()
        answered = pickle.loads(pickle.load(process.stdout))
        self._answers += 1
        return answered  # type: ignore[no-any-return]

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the process, started anew if there is none or it has made enough."""
        if self._answers >= MOST:
            self._end()
        with self._lock:
            if self._closed:
                raise EOFError
            if self._process is None:
                command = [sys.executable, "-m", __name__, str(os.getpid())]
                # in a group of its own: Ctrl-C in a terminal is the server's to answer
                self._process = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0
                )
                self._answers = 0
            return self._process

    def _end(self) -> None:
        """End the process and close its pipes; the next question starts another one."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def close(self) -> None:
        """End the process for good, whatever it is making; whoever waits for it gets an error."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()
        with self._asking:  # whoever waits has met the end of the pipes
            self._end()


def main() -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    threading.Thread(target=_end_with, args=(int(sys.argv[1]),), name="parent", daemon=True).start()
    while True:
        try:
            function, args = pickle.loads(pickle.load(sys.stdin.buffer))
        except EOFError:
            os._exit(0)  # at once, with whatever threads libraries have
        pickle.dump(_answer(function, args), answers)
        answers.flush()


def _answer(function: Callable[..., object], args: tuple[object, ...]) -> bytes:
    """Return what a function returns or raises, pickled."""
    try:
        return pickle.dumps((True, function(*args)))
    except Exception as problem:
        told = traceback.format_exc()
        try:
            problem.add_note(told)
            answer = pickle.dumps((False, problem))
            pickle.loads(answer)
        except Exception:  # there are exceptions that cannot be made from what pickle keeps of them
            return pickle.dumps((False, RuntimeError(f"{type(problem).__name__}: {problem}\n{told}")))
        return answer


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main()
