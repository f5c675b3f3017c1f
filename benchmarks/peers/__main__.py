"""The engine against JAX, side by side in one run: `python -m benchmarks peers [--cpu] [--small]`.

JAX runs in an environment of its own, made on demand in a cache folder from `requirements-peers.txt`; `peer_jax.py` is
what a user who is good at it would write. Each figure is the time to train one repeat of 30 for one epoch, compiled and
warm, JAX' the best of 1, 8 and 30 lanes; the engine trains in as many lanes as `pack: auto` takes. In the diagnostics
both score the training and the test rows after every epoch. `--cpu` counts processor time instead of the clock's, for
machines that others use at the same time, and on one core, since threads that wait for each other take time of
processors, too, and workers that share a machine have one each; `--small` leaves out the sizes of more than 64 units or
2,000 rows, and `--only=3,20,1,1,4:5,20,1,1,4` takes these (units, rows, steps, features, batch) and no diagnostics.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import IO, Any

from benchmarks.environments import environment
from benchmarks.sweep import REPEATS, SIZES, Size, packed

HERE = Path(__file__).parent
LANES = (1, 8, REPEATS)
FURTHER = (Size(3, 20, 1, 1, 4), Size(20, 100, 12, 1, 16), Size(32, 500, 24, 4, 32))
#: How many times as fast as JAX the engine has to be; of the rest, `FLOOR`.
GOALS = {Size(1, 20, 1, 1, 1): 1.2, Size(1, 20, 1, 1, 4): 1.2, Size(1, 2_000, 1, 1, 32): 1.2}
GOALS |= {Size(3, 20, 1, 1, 4): 2.5, Size(5, 20, 1, 1, 4): 2.5}
FLOOR = 1.0
#: Of the diagnostics, by units.
DIAGNOSTICS = {1: 1.6, 3: 3.0, 5: 2.3}
Ask = Any


@contextmanager
def peer(clock: str) -> Iterator[Ask]:
    """Start the peer, and yield a function that asks it for its best seconds."""
    command = [environment("peers"), HERE / "peer_jax.py"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        sent, answers = _pipes(process)

        def ask(kind: str, size: Size) -> float:
            return min(_asked(sent, answers, kind=kind, lanes=lanes, clock=clock, size=size) for lanes in LANES)

        yield ask
        sent.close()


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin
    assert process.stdout
    return process.stdin, process.stdout


def _asked(sent: IO[str], answers: IO[str], *, kind: str, lanes: int, clock: str, size: Size) -> float:
    shape = {name: getattr(size, name) for name in ("units", "rows", "timesteps", "features", "batch")}
    sent.write(json.dumps({"kind": kind, "lanes": lanes, "clock": clock, **shape}) + "\n")
    sent.flush()
    return float(answers.readline())


def sizes(*, small: bool) -> list[Size]:
    """List the sizes, those that take least first."""
    rising = sorted((*SIZES, *FURTHER), key=lambda size: size.rows * size.timesteps * size.units**2)
    return [size for size in rising if not small or (size.units <= 64 and size.rows <= 2_000)]


def main() -> int:
    """Print a line for each size; 1 if a goal is missed anywhere."""
    from benchmarks.engine import packed as diagnosed
    from worker.engine.layouts import lanes as choose

    clock = "cpu" if "--cpu" in sys.argv else "wall"
    timer = process_time if clock == "cpu" else perf_counter
    if clock == "cpu":
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # the peer inherits it
    named = [argument.removeprefix("--only=") for argument in sys.argv if argument.startswith("--only=")]
    only = [Size(*map(int, size.split(","))) for argument in named for size in argument.split(":")]
    missed = 0
    with peer(clock) as ask:
        print(f"microseconds per epoch and repeat, by {clock} time")
        head = ("units", "rows", "steps", "features", "batch", "lanes", "JAX", "engine", "ratio", "goal")
        print("".join(f"{name:>10}" for name in head), flush=True)

        def line(words: tuple[object, ...], theirs: float, ours: float, goal: float) -> bool:
            figures = "".join(f"{1e6 * value:>10.4g}" for value in (theirs, ours))
            print("".join(f"{word:>10}" for word in words) + figures + f"{theirs / ours:>10.2f}{goal:>10}", flush=True)
            return theirs / ours < goal

        for units, goal in () if only else DIAGNOSTICS.items():
            theirs = ask("diagnostics", Size(units, 20, 1, 1, 4))
            missed += line((units, "20+12", 1, 1, 4, "auto"), theirs, diagnosed(units, timer)[0] / 1e6, goal)
        for size in only or sizes(small="--small" in sys.argv):
            lanes = choose(size.configuration, size.timesteps, size.features)
            ours = packed(size, lanes, scored=False, timer=timer)
            words = (size.units, size.rows, size.timesteps, size.features, size.batch, lanes)
            missed += line(words, ask("training", size), ours, GOALS.get(size, FLOOR))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
