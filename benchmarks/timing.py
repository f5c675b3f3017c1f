"""How benchmarks take the time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

#: prints the seconds, the CPU time and the megabytes of a command, which is its only child
MEASURED = """
import resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3)
"""


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def run_measured(
    words: Sequence[str], settings: Mapping[str, str], folder: Path | str | None = None
) -> tuple[float, float, float]:
    """Run a command of `scheduler` in a folder, and return its seconds, those of its CPU time and its megabytes."""
    found = subprocess.run(
        [sys.executable, "-c", MEASURED, sys.executable, "-m", "scheduler", *words],
        env={**os.environ, "PYTHONPATH": str(Path.cwd()), **settings},
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    code, seconds, busy, megabytes = found.stdout.split()
    if code != "0":
        sys.exit(f"scheduler {' '.join(words)} failed with exit code {code}: {found.stderr}")
    return float(seconds), float(busy), float(megabytes)
