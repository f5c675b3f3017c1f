"""Run every benchmark, one after the other, or those that are named: `python -m benchmarks [NAME ...]`."""

from __future__ import annotations

import subprocess
import sys

NAMES = ("size", "storage", "delivery", "engine", "honesty", "report", "catalogue")


def main() -> None:
    """Run each in a process of its own, so that none warms up another."""
    chosen = sys.argv[1:] or NAMES
    for name in chosen:
        if name not in NAMES:
            sys.exit(f"No benchmark {name!r}. There are: {', '.join(NAMES)}.")
    for name in chosen:
        print(f"\n== {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)


if __name__ == "__main__":
    main()
