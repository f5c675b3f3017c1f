"""Local workers: started, supervised, replaced when they die, and ended with the run.

The workers are processes that claim packs from the store themselves. One more process loads the engine for all of them
and forks them. Only this module starts the worker package, as a command.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from scheduler.lifecycle.interrupts import raise_if_interrupted
from scheduler.lifecycle.outages import Outage
from scheduler.lifecycle.processes.fork_server import ForkServer, WorkerProcess
from scheduler.lifecycle.processes.logs import last_output, open_log
from store import Store
from store.commands import command
from store.errors import StoreUnreachable, TrainingError
from store.jobs.owners import worker_name
from store.settings import REPLACE_ME, Settings

logger = logging.getLogger(__name__)

#: losses in a row with nothing saved in between after which the run is given up
MAX_LOSSES = 20
#: seconds between two looks at the workers and the store
PAUSE = 0.15
#: seconds in which workers must hand back their packs
GRACE = 15.0
#: seconds within which the other workers must end after the first found nothing to do; a stopped process never ends
OVERTIME = 10.0


def worker_command(settings: Settings, experiments: Sequence[int], workers: int) -> list[str]:
    """Return the command of what forks `workers` local workers, without the store's address: it may have a password."""
    level = "INFO" if settings.worker_logs else "WARNING"
    command = [sys.executable, "-m", "worker", "--local", "--fork", "--log-level", level, "--workers", str(workers)]
    for experiment in experiments:
        command += ["--experiment", str(experiment)]
    return command


@dataclass(slots=True)
class Child:
    """One local worker: its process, and its log."""

    process: WorkerProcess
    log: IO[bytes]

    @classmethod
    def start(cls, server: ForkServer, settings: Settings) -> Child:
        """Start a worker. It ends when our end of its standard input closes."""
        log = open_log(settings.worker_logs, "worker-")
        return cls(server.start_worker(log), log)

    def last_output(self) -> str:
        """Return the end of what the worker wrote, or of what the process wrote that was to start it."""
        return last_output(self.log) or self.process.server.last_output()

    def close(self) -> None:
        """Close the pipe and the log of a worker that has ended."""
        self.process.close()
        self.log.close()


@dataclass(slots=True)
class LocalWorkers:
    """The local workers of one run."""

    store: Store
    settings: Settings
    experiments: Sequence[int]
    size: int
    children: list[Child] = field(default_factory=list)
    #: what starts them: the last one, and those before it that died
    servers: list[ForkServer] = field(default_factory=list)
    losses: int = 0
    #: whether the store was away: workers that ended meanwhile are not to blame
    excused: bool = False
    #: what a user is told if the run is given up
    advice: str = ""
    #: when the first worker found nothing left to do
    finished: float | None = None
    #: when it was last asked whether anything is left
    looked: float = field(default_factory=time.monotonic)

    def __enter__(self) -> LocalWorkers:
        names = [self.store.experiments.with_id(one).name for one in self.experiments]
        again = " and ".join(command("resume", name, store=self.store.url) for name in names)
        self.advice = f"Finished repeats are kept, and {again} continues."
        try:
            for _ in range(self.size):
                self.children.append(self._start())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Ask the workers to hand back their packs, and kill those that do not."""
        for child in self.children:
            child.process.terminate()
        for server in self.servers:
            server.stop_loading()
        deadline = time.monotonic() + GRACE
        for child in self.children:
            try:
                code = child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                code = -signal.SIGKILL
            if code < 0:
                self._bury(child)
            child.close()
        for server in self.servers:
            server.close()
        self.children, self.servers = [], []

    def _bury(self, child: Child) -> None:
        """Free the jobs of a worker that was killed."""
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(1.0)
        with suppress(StoreUnreachable):  # the leases run out by themselves
            self._release(child)

    def _start(self) -> Child:
        if not self.servers or self.servers[-1].ended:
            self.servers.append(self._start_server())
        return Child.start(self.servers[-1], self.settings)

    def _start_server(self) -> ForkServer:
        log = open_log(self.settings.worker_logs, "fork-server-")
        store = {"DATABASE_URL": self.settings.database_url, "LEASE_SECONDS": str(self.settings.lease)}
        command = worker_command(self.settings, self.experiments, self.size)
        return ForkServer.start(command, {**os.environ, **store}, log)

    def _release(self, child: Child) -> None:
        """Free the jobs of a worker that is dead, without waiting for their leases to run out."""
        if child.process.pid is not None:
            self.store.jobs.release_worker(worker_name(child.process.pid))

    def supervise(self) -> bool:
        """Replace workers that died or have grown large; return whether any is still at work.

        Raises:
            TrainingError: the workers keep dying without a result.
            OSError: the system has no room for a worker.
            StoreUnreachable: the store is away; nothing was done that the next call does not do again.
        """
        for child, code in [(one, code) for one in self.children if (code := one.process.poll()) is not None]:
            if child.process.refused:
                raise child.process.refused
            left = self.store.jobs.unfinished(self.experiments)
            lost = code != REPLACE_ME and (code != 0 or left > 0)  # it was killed, or asked to end
            if lost:
                self._release(child)
            self.children.remove(child)
            if lost and not self.excused and not child.process.server.counted:
                child.process.server.counted = child.process.server.ended
                self._count_loss(child, code)
            if left:
                self.children.append(self._start())
                self.finished = None
            else:
                self.finished = self.finished or time.monotonic()
            child.close()
        self.excused = False
        self._see_to_the_end()
        late = self.finished is not None and time.monotonic() - self.finished > OVERTIME
        return bool(self.children) and not late

    def _see_to_the_end(self) -> None:
        """Note when nothing is left to do, also where the process that tells of the workers' ends is stopped."""
        if self.finished is None and time.monotonic() - self.looked > OVERTIME:
            self.looked = time.monotonic()
            if not self.store.jobs.unfinished(self.experiments):
                self.finished = time.monotonic()

    def _count_loss(self, child: Child, code: int) -> None:
        self.losses += 1
        said = child.last_output()
        logger.warning("a local worker died (%s); another one takes its jobs", _how(code))
        if self.losses >= MAX_LOSSES:
            raise TrainingError(
                f"Local workers keep dying ({_how(code)}; {self.losses} in a row without a result). {self.advice} "
                f"The last worker wrote: {said or 'nothing'}"
            )


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def run_workers(
    store: Store, settings: Settings, experiments: Sequence[int], *, workers: int, look: Callable[[], int]
) -> None:
    """Run local workers until every job of the experiments is done, failed or cancelled.

    Args:
        store: the results store.
        settings: passed on to the workers.
        experiments: ids of the experiments to work on.
        workers: how many processes.
        look: called a few times a second; shows the progress and returns how many jobs have ended.

    Raises:
        StoreVersionError: what waits was made by another version of the numerics.
        TrainingError: the workers keep dying without a result.
        StoreUnreachable: the store was away for longer than `outages.PATIENCE`.
        KeyboardInterrupt: the user pressed Ctrl-C, or SIGTERM came; every pack was handed back.
    """
    store.jobs.check_version(experiments)
    ended, cost, busy = look(), 0.0, True
    with LocalWorkers(store, settings, experiments, workers) as local:
        outage = Outage(local.advice)
        while busy:
            raise_if_interrupted()
            time.sleep(max(PAUSE, 4 * cost))  # a large experiment takes the store a while to count
            started = time.monotonic()
            try:
                busy = local.supervise()
                now = look()
            except StoreUnreachable as problem:
                local.excused = busy = True
                outage.wait(problem)
                continue
            outage.end()
            cost = time.monotonic() - started
            if now > ended:
                ended, local.losses = now, 0
