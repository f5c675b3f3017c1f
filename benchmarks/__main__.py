"""Run every benchmark, one after the other, or some: `python -m benchmarks [NAME ...] [--OPTION ...]`."""

from __future__ import annotations

import subprocess
import sys

NAMES = ("size", "storage", "delivery", "engine", "sweep", "honesty", "topup", "report", "catalogue")


def main() -> None:
    """Run each in a process of its own, so that none warms up another."""
    options = [word for word in sys.argv[1:] if word.startswith("--")]
    chosen = [word for word in sys.argv[1:] if word not in options] or NAMES
    for name in chosen:
        if name not in NAMES:
            sys.exit(f"No benchmark {name!r}. There are: {', '.join(NAMES)}.")
    missed = []
    for name in chosen:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *options], check=False).returncode:
            missed.append(name)
    if missed:
        sys.exit(f"\nA goal was missed, or something went wrong, in: {', '.join(missed)}.")


if __name__ == "__main__":
    main()
