"""`python -m benchmarks` runs each benchmark in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.command import ROOT

SCRIPT = "import sys; from benchmarks.__main__ import main; sys.executable = sys.argv.pop(); main()"


def test_sigterm_ends_the_benchmark_that_runs(tmp_path: Path) -> None:
    """What a benchmark has started, such as servers, is ended by it."""
    child = tmp_path / "child"
    child.write_text(
        f"#!/bin/sh\ntrap 'kill $!; touch {tmp_path}/ended; exit 3' TERM\necho started\nsleep 60 >/dev/null &\nwait\n"
    )
    child.chmod(0o700)
    command = [sys.executable, "-c", SCRIPT, "chaos", "leases", str(child)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        while process.stdout.readline() != "started\n":
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 143
    assert (tmp_path / "ended").exists()


@pytest.mark.parametrize(("words", "says"), [([], "Run all benchmarks"), (["m3"], "The M3 competition in one run")])
def test_help_runs_nothing(words: list[str], says: str) -> None:
    """It says what would be run."""
    command = [sys.executable, "-m", "benchmarks", *words, "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert says in told.stdout
    assert told.stderr == ""
