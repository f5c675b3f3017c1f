"""Run all benchmarks one after the other, or those named: `python -m benchmarks [NAME ...] [--OPTION [VALUE] ...]`."""

from __future__ import annotations

import ast
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

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
    if {"-h", "--help"} & {*options}:
        print("\n\n".join(map(_what, words[:first])) or f"{__doc__}\n\nNames: {', '.join(NAMES)}")
        return
    missed = []
    for name in chosen:
        print(f"\n== {name}", flush=True)
        if _run(name, options):
            missed.append(name)
    if missed:
        sys.exit(f"\nThese benchmarks failed or missed their goal: {', '.join(missed)}.")


def _what(name: str) -> str:
    """Return what a benchmark says of itself, without running or importing it."""
    path = Path(__file__).with_name(name)
    source = path / "__main__.py" if path.is_dir() else path.with_suffix(".py")
    return f"== {name}\n{ast.get_docstring(ast.parse(source.read_text()))}"


def _run(name: str, options: Sequence[str]) -> int:
    """Run one benchmark, and return its exit code; SIGTERM ends it, and then this process."""
    started: list[subprocess.Popen[bytes]] = []
    told: list[int] = []

    def end(number: int, _: object) -> None:
        told.append(number)
        for child in started:
            child.terminate()

    before = signal.signal(signal.SIGTERM, end)
    try:
        with subprocess.Popen([sys.executable, "-m", f"benchmarks.{name}", *options]) as child:
            started.append(child)
            if told:  # before there was a child that the signal could be handed on to
                child.terminate()
            code = child.wait()
    finally:
        signal.signal(signal.SIGTERM, before)
    if told:
        sys.exit(128 + told[0])
    return code


if __name__ == "__main__":
    main()
