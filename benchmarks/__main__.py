"""Run all benchmarks one after the other, or those named: `python -m benchmarks [NAME ...] [--OPTION [VALUE] ...]`."""

from __future__ import annotations

import subprocess
import sys

NAMES = (
    "size",
    "storage",
    "delivery",
    "leases",
    "chaos",
    "starts",
    "engine",
    "panel",
    "m3",
    "sweep",
    "peers",
    "honesty",
    "topup",
    "beyond",
    "coverage",
    "ensembles",
    "report",
    "large",
    "splits",
    "serve",
    "forecasters",
    "series",
    "catalogue",
)


def main() -> None:
    """Run each benchmark in its own process, so that none warms up another."""
    words = sys.argv[1:]
    first = next((place for place, word in enumerate(words) if word.startswith("--")), len(words))
    chosen, options = words[:first] or NAMES, words[first:]
    for name in chosen:
        if name not in NAMES:
            sys.exit(f"No benchmark {name!r}. Allowed: {', '.join(NAMES)}.")
    missed = []
    for name in chosen:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *options], check=False).returncode:
            missed.append(name)
    if missed:
        sys.exit(f"\nThese benchmarks failed or missed their goal: {', '.join(missed)}.")


if __name__ == "__main__":
    main()
