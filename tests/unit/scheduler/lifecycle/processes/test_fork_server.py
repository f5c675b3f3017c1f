"""The process that forks local workers: what becomes of them, and of those who talk with it, however it or they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil
import pytest

from scheduler.lifecycle.processes.fork_server import ForkServer, WorkerProcess
from store.writable import temporary_file

#: a worker and its log
Started = tuple[WorkerProcess, IO[bytes]]
ROOT = Path(__file__).parents[5]
#: forks workers that do what is given, once what is given before has been done
SERVER = """
import os, signal, sys, threading, time
from worker.delivery.fork_server import serve

serve.__globals__["GPUS"] = ()

def load():
    {load}
    return True

serve(load, [sys.executable, "-c", "print('spawned', flush=True)"])
{work}
"""


@contextmanager
def serving(work: str, load: str = "pass") -> Iterator[Callable[[], Started]]:
    """Start a server, and yield what starts a worker and returns it with its log."""
    logs: list[IO[bytes]] = []
    command = [sys.executable, "-c", SERVER.format(work=work, load=load)]
    server = ForkServer.start(command, {**os.environ, "PYTHONPATH": str(ROOT)}, temporary_file())
    workers: list[WorkerProcess] = []

    def start() -> Started:
        logs.append(temporary_file())
        workers.append(server.start_worker(logs[-1]))
        return workers[-1], logs[-1]

    try:
        yield start
    finally:
        for worker in workers:
            worker.kill()
            worker.close()
        server.close()
        for log in logs:
            log.close()


def written(log: IO[bytes]) -> str:
    """Return what a worker wrote."""
    log.seek(0)
    return log.read().decode()


def test_workers_have_logs_pids_and_exit_codes_of_their_own() -> None:
    """Two at the same time; the engine was loaded once, before them, and neither started a thread."""
    with serving("print(os.getpid(), sys.loaded, flush=True); os._exit(7)", "sys.loaded = os.getpid()") as start:
        both = [start(), start()]
        assert [worker.wait(60) for worker, _ in both] == [7, 7]
        words = [written(log).split() for _, log in both]
        assert [int(pid) for pid, _ in words] == [worker.pid for worker, _ in both]
        assert {loaded for _, loaded in words} == {str(both[0][0].server.process.pid)}


def test_one_that_is_killed_is_told_of_by_its_signal() -> None:
    """As `subprocess` tells it; what the others do is not disturbed."""
    with serving("time.sleep(300)") as start:
        killed, other = start()[0], start()[0]
        while killed.poll() is None and killed.pid is None:
            time.sleep(0.01)
        killed.kill()
        assert killed.wait(60) == -signal.SIGKILL
        assert other.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(0.01)


def test_a_worker_ends_with_the_pipe() -> None:
    """Which the run closes by ending, however it ends."""
    with serving("os.read(0, 1); os._exit(3)") as start:
        worker, _ = start()
        worker.close()
        assert worker.wait(60) == 3


def test_the_end_of_the_server_is_the_end_of_its_workers() -> None:
    """Nobody would tell of theirs; those that were not started yet take its exit code."""
    with serving("time.sleep(300)") as start:
        worker, _ = start()
        while worker.poll() is None and worker.pid is None:
            time.sleep(0.01)
        os.kill(worker.server.process.pid, signal.SIGSTOP)
        late, _ = start()
        worker.server.process.kill()
        assert worker.wait(60) == late.wait(60) == -signal.SIGKILL
        assert worker.pid is not None
        eventually_gone(worker.pid)
        assert worker.server.ended


def test_what_fails_to_load_is_told() -> None:
    """By the exit code, and in the log of the server."""
    with serving("", "raise ImportError('no engine')") as start:
        worker, log = start()
        assert worker.wait(60) == 1
        assert "no engine" in worker.server.last_output()
        assert written(log) == ""


def test_the_server_ends_with_the_run() -> None:
    """Its end of the socket closes."""
    with serving("") as start:
        server = start()[0].server
        server.control.shutdown(0)
        server.control.close()
        assert server.process.wait(60) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_to_the_group_are_left_to_the_run(number: signal.Signals) -> None:
    """Also while the engine is loaded: nothing is written, and workers come all the same."""
    with serving("os._exit(5)", f"os.kill(os.getpid(), {int(number)})") as start:
        worker, _ = start()
        assert worker.wait(60) == 5
        assert worker.server.last_output() == ""


def test_workers_are_told_to_end() -> None:
    """By the signal that the server itself leaves to the run; each can hand back what it has first."""
    work = "signal.signal(15, lambda *_: os._exit(9)); print('ready', flush=True); time.sleep(300)"
    with serving(work) as start:
        worker, log = start()
        while worker.poll() is None and not written(log):
            time.sleep(0.01)
        for pid in (worker.server.process.pid, worker.pid):
            os.kill(pid or 0, signal.SIGTERM)
        assert worker.wait(60) == 9


@pytest.mark.parametrize(
    "load", ["threading.Thread(target=time.sleep, args=(300,), daemon=True).start()", "return False"]
)
def test_where_a_fork_is_not_safe_workers_are_started_anew(load: str) -> None:
    """With another thread, which a fork would leave behind, or where the engine says so, as with a GPU."""
    with serving("print('forked', flush=True)", load) as start:
        worker, log = start()
        assert worker.wait(60) == 0
        assert written(log) == "spawned\n"


def test_loading_is_not_waited_for() -> None:
    """A run that ends meanwhile ends at once."""
    with serving("", "time.sleep(300)") as start:
        worker, _ = start()
        worker.terminate()
        worker.server.stop_loading()
        assert worker.wait(60) == -signal.SIGKILL


def test_a_system_that_has_no_room() -> None:
    """It is said which error that is."""
    with serving("", "def full(): raise BlockingIOError(11, 'no room')\n    os.fork = full") as start:
        worker, _ = start()
        assert worker.wait(60) == 1
        assert isinstance(worker.refused, OSError)
        assert worker.refused.errno == 11
        assert worker.server.process.poll() is None


def eventually_gone(pid: int) -> None:
    """Wait for the end of a process."""
    give_up = time.monotonic() + 60
    with suppress(psutil.NoSuchProcess):
        while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < give_up
            time.sleep(0.01)
