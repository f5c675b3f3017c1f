"""`scheduler` with workers that train by the stand-in: `python -m benchmarks.chaos.with_standin run GRID`."""

from __future__ import annotations

import sys

from scheduler import command
from scheduler.lifecycle import local_workers

if __name__ == "__main__":
    standin = [sys.executable, "-m", "tests.standin", "forks"]
    local_workers.worker_command = lambda _, ids, size: [*standin, str(size), *map(str, ids)]
    command.main()
