"""Running the command line as a user does: another process, its streams and its exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from store import PipelineError, open_store

ROOT = Path(__file__).parents[2]
QUICK = """
name: quick
series: shampoo
test: 12
prepare: {difference: 1, lags: 1, scale: [-1, 1], trim: 2}
model: {kind: vanilla, units: 1, stateful: true}
training: {epochs: 5, batch_size: 4}
repeats: 3
seed: 7
grid:
  model.units: [1, 2]
"""


def scheduler(*args: str | Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `scheduler` in a folder with only the given pipeline settings in its environment."""
    clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BROKER_URL"}}
    return subprocess.run(
        [sys.executable, "-m", "scheduler", *map(str, args)],
        cwd=cwd,
        env={**clean, "COLUMNS": "200", **env},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def reset_interrupt_handler() -> None:
    """Restore Ctrl-C in a process that a test starts; in the background, as in CI, it would be ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_until_training(url: str, seconds: float = 120.0) -> None:
    """Wait until a worker trains a job of the store's first experiment; there may be no store yet."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(PipelineError), open_store(url) as store:
            if store.experiments.status(1).running:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing is trained after {seconds:g} seconds")


def write(folder: Path, text: str = QUICK, name: str = "quick.yaml") -> Path:
    """Write a grid file."""
    path = folder / name
    path.write_text(text)
    return path
