"""Environments of their own for what benchmarks compare with, made on demand in a cache folder."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "repeats"


def environment(name: str) -> Path:
    """Make the environment of `requirements-NAME.txt`, or find it; return its Python."""
    wanted = HERE / f"requirements-{name}.txt"
    folder = CACHE / f"benchmarks-{name}"
    python, done = folder / "bin" / "python", folder / "installed.txt"
    if not done.exists() or done.read_text() != wanted.read_text():
        print(f"Setting up {folder} ...", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", wanted], check=True)
        done.write_text(wanted.read_text())
    return python
