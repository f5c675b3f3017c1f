"""Processes that are started again whenever they end, as a supervisor does, and their children."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]


class Supervised:
    """One process with its children, in a group of its own."""

    def __init__(self, words: Sequence[str], env: Mapping[str, str], log: Path, *, once: bool = False) -> None:
        """Start it.

        Args:
            words: the command.
            env: beside the environment of this process.
            log: where its output goes.
            once: whether it may end with success, and is then not started again.
        """
        self.words, self._env, self._log, self._once = words, {**os.environ, **env}, log, once
        #: groups of processes that were started before; children may outlive their parent
        self._groups: list[int] = []
        self.start()

    def start(self, *, most_bytes: int | None = None) -> None:
        """Start it, if asked with a bound on the size of the files that it writes, as on a disk that is full."""

        def bound() -> None:
            if most_bytes is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words,
                cwd=self._log.parent,
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=bound,  # noqa: PLW1509 - one call of the system, and no thread runs
            )
        self._groups.append(self.process.pid)

    @property
    def finished(self) -> bool:
        """Whether it has ended for good."""
        return self._once and self.process.poll() == 0

    def keep(self) -> None:
        """Start it again if it has ended; children that have outlived it are left to themselves."""
        if self.process.poll() is not None and not self.finished:
            self._let_go()
            self.start()

    def children(self) -> list[psutil.Process]:
        """Return the processes that train, and those that fork them."""
        with suppress(psutil.NoSuchProcess):
            started = psutil.Process(self.process.pid).children(recursive=True)
            return [one for one in started if one.is_running() and one.status() != "zombie"]
        return []

    def end(self) -> None:
        """Kill it with all its children."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self._let_go()

    def end_all(self) -> None:
        """Kill it, and whatever is left of those before it."""
        for group in self._groups:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)
        self._let_go()

    def _let_go(self) -> None:
        self.process.wait(60)
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
