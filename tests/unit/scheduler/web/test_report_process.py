"""The process that makes reports: what it answers, and that nothing is left of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from scheduler.web import report_process as module
from scheduler.web.report_process import ReportProcess
from store import PipelineError


@pytest.fixture
def process() -> Iterator[ReportProcess]:
    """A process, which is ended with the test."""
    made = ReportProcess()
    yield made
    made.close()


def test_it_answers_from_a_process_of_its_own(process: ReportProcess) -> None:
    """What is printed there is no part of an answer, and an error is raised here, with the lines that led to it."""
    there = process.call(os.getpid)
    assert there != os.getpid()
    assert process.call(print, "words") is None
    with pytest.raises(ValueError, match="invalid literal") as raised:
        process.call(int, "three")
    assert "in _answer" in raised.value.__notes__[0]
    assert process.call(os.getpid) == there
    assert process.call(os.getpgid, 0) == there, "Ctrl-C in a terminal would end it"
    assert process.call(signal.getsignal, signal.SIGINT) == signal.SIG_IGN


def test_a_killed_process_is_replaced_once(process: ReportProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it dies of again is named; the next question has a new process."""
    first = process.call(os.getpid)
    os.kill(first, signal.SIGKILL)
    second = process.call(os.getpid)
    assert second != first
    with pytest.raises(PipelineError, match=r"killed 2 times"):
        process.call(os._exit, 9)
    monkeypatch.setattr(module, "MOST", 1)
    assert process.call(os.getpid) != process.call(os.getpid), "a new one after so many answers"


def test_the_end_waits_for_nothing(process: ReportProcess) -> None:
    """A process in the middle of its work is killed; who waits for it is told, and none is started any more."""
    told: list[BaseException] = []

    def ask() -> None:
        try:
            process.call(time.sleep, 300)
        except PipelineError as problem:
            told.append(problem)

    child = process.call(os.getpid)
    asking = threading.Thread(target=ask)
    asking.start()
    while not process._asking.locked():
        time.sleep(0.001)
    process.close()
    process.close()
    asking.join(20)
    assert [str(one) for one in told] == ["The server ends."]
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    with pytest.raises(PipelineError, match=r"The server ends\."):
        process.call(os.getpid)


def test_it_ends_with_the_server() -> None:
    """However the server ends; its input closes."""
    script = (
        "import os\nfrom scheduler.web.report_process import ReportProcess\n"
        "print(ReportProcess().call(os.getpid), flush=True)\nos._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    with suppress(psutil.NoSuchProcess):  # nobody may be there to take leave of it
        until, child = time.monotonic() + 20, psutil.Process(int(done.stdout))
        while child.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < until
            time.sleep(0.01)
    assert done.stderr == ""
