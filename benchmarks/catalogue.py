"""Where the time goes when the tutorials' tables (diagnostics, tuning, regularization, updating) run from a cold start.

Goal on two cores with nothing else to do: under 12 s, and 22 s of processor time. Baseline: the plain Keras loop, `fit`
for one epoch at a time and two `predict` for each point of a trajectory, timed over a few epochs in the same run and
extrapolated to all of them.
`python -m benchmarks.catalogue WORKERS` sets the number of local workers.
"""

from __future__ import annotations

import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from scheduler.grid.grid import Grid
from store.schema.configuration import Configuration, Update

GRIDS = sorted(
    path
    for pattern in ("diagnostic_*", "tune_*", "regularize_*", "update")
    for path in Path("grids").glob(f"{pattern}.yaml")
)
#: the most seconds of the clock and of processors
GOAL, BUSY = 12.0, 22.0
#: epochs of the plain loop that are timed, after as many that are not
EPOCHS = 12

LINE = re.compile(r"^(?P<time>\S+ \S+) INFO \S+: (?P<text>.*)$")
SECONDS = re.compile(r"(\d+\.\d+) s")
STEPS = {"the engine was loaded": ("fork",), "a program": ("trace", "compile"), "a pack": ("pack", "store")}


@dataclass(frozen=True, kw_only=True)
class Worker:
    """What one worker logged: seconds by step, programs and packs, and the times of its first and last line."""

    seconds: dict[str, float]
    programs: int
    packs: int
    ready: float
    last: float

    @classmethod
    def read(cls, path: Path) -> Worker:
        """Read a log."""
        seconds = dict.fromkeys(("fork", "trace", "compile", "pack", "store"), 0.0)
        counts = dict.fromkeys(STEPS, 0)
        times = []
        for found in filter(None, map(LINE.match, path.read_text().splitlines())):
            begin = next((begin for begin in STEPS if found["text"].startswith(begin)), None)
            if begin is None:
                continue
            times.append(datetime.strptime(found["time"], "%Y-%m-%d %H:%M:%S,%f").astimezone().timestamp())
            counts[begin] += 1
            for step, value in zip(STEPS[begin], SECONDS.findall(found["text"]), strict=True):
                seconds[step] += float(value)
        seconds["run"] = seconds.pop("pack") - seconds["trace"] - seconds["compile"]
        return cls(
            seconds=seconds, programs=counts["a program"], packs=counts["a pack"], ready=times[0], last=times[-1]
        )


def catalogue(folder: Path, workers: int) -> tuple[float, float, list[Worker]]:
    """Run all tables from a cold start; return when that began, how long it took, and what the workers logged.

    They are forked by a process that has imported TensorFlow, for all of them, before the first pack.
    """
    command = [sys.executable, "-m", "scheduler", "run", *map(str, GRIDS), "--workers", str(workers)]
    command += ["--store", f"sqlite:///{folder / 'results.db'}"]
    began, started = time.time(), time.perf_counter()
    done = subprocess.run(
        command, env={**os.environ, "WORKER_LOGS": str(folder / "logs")}, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(done.stderr)
    return began, took, [Worker.read(path) for path in sorted((folder / "logs").glob("worker-*.log"))]


def configurations() -> Iterator[tuple[Configuration, int]]:
    """Yield every configuration with its number of repeats."""
    for path in GRIDS:
        grid = Grid.load(path)
        yield from ((point.configuration, grid.repeats) for point in grid.points)


def plain_seconds() -> float:
    """Return the seconds of the plain loop for all repeats, extrapolated from an epoch at each batch size."""
    total = 0.0
    for configuration, repeats in configurations():
        training, protocol = configuration.training, configuration.protocol
        epochs = training.epochs
        if isinstance(protocol, Update):
            epochs += (configuration.test - 1) * protocol.update_epochs
        followed = not isinstance(protocol, Update) and getattr(protocol, "evaluate_every", 0) == 1
        total += repeats * epochs * plain_epoch(training.batch_size, followed=followed)
    return total


@cache
def plain_epoch(batch: int, *, followed: bool) -> float:
    """Time one epoch of the plain loop: the median of a few, in seconds.

    Args:
        batch: the batch size.
        followed: whether the training and test rows are forecast after the epoch, as for a trajectory.
    """
    import numpy as np

    from worker.engine.backend import keras

    rows, tests = 20, 12
    rng = np.random.default_rng(1)
    seen, wanted = rng.uniform(-1, 1, (rows + tests, 1, 1)), rng.uniform(-1, 1, rows + tests)
    layers = [keras.layers.Input(batch_shape=(batch, 1, 1)), keras.layers.LSTM(1, stateful=True), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.compile(loss="mse", optimizer="adam")
    times = []
    for _ in range(2 * EPOCHS):
        started = time.perf_counter()
        model.fit(seen[:rows], wanted[:rows], batch_size=batch, epochs=1, shuffle=False, verbose=0)
        model.layers[0].reset_states()
        for part in (seen[:rows], seen[rows:]) if followed else ():
            model.predict(part, batch_size=batch, verbose=0)
            model.layers[0].reset_states()
        times.append(time.perf_counter() - started)
    return statistics.median(times[EPOCHS:])


def main() -> int:
    """Print the figures; 1 if a goal is missed."""
    workers = int(sys.argv[1]) if len(sys.argv) > 1 else os.cpu_count() or 1
    repeats = sum(count for _, count in configurations())
    print(f"{len(GRIDS)} tables, {repeats} repeats, {workers} workers, load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory() as folder:
        began, took, logged = catalogue(Path(folder), workers)
    print(f"all tables from a cold start: {took:.1f} s; goal under {GOAL:.0f} s")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = used.ru_utime + used.ru_stime
    print(f"CPU time: {busy:.1f} s, at best {busy / workers:.1f} s of {workers} cores; goal under {BUSY:.0f} s")
    programs = sum(worker.programs for worker in logged)
    print(f"programs compiled: {programs}, in {sum(worker.packs for worker in logged)} packs")
    print("\nseconds     " + "".join(f"{f'worker {number + 1}':>10}" for number in range(len(logged))))
    for step in ("fork", "trace", "compile", "run", "store"):
        print(f"{step:<12}" + "".join(f"{worker.seconds[step]:>10.1f}" for worker in logged))
    ready, last = min(worker.ready for worker in logged), max(worker.last for worker in logged)
    print(f"{'nothing':<12}" + "".join(f"{last - worker.last:>10.1f}" for worker in logged) + "   at the end, idle")
    print(f"before the first pack {ready - began:.1f} s, after the last {took - (last - began):.1f} s")
    plain = plain_seconds()
    each = {(batch, followed): plain_epoch(batch, followed=followed) * 1000 for batch, followed in KINDS}
    shown = ", ".join(f"{ms:.0f} ms (batches of {batch}{', followed' * on})" for (batch, on), ms in each.items())
    print(f"\nthe plain Keras loop, an epoch and repeat: {shown}")
    print(f"extrapolated to all: {plain / 3600:.1f} hours, {plain / took:,.0f} times as long")
    return int(took > GOAL or busy > BUSY)


#: what is shown of the plain loop: the batch size, and whether each epoch is followed by forecasts
KINDS = ((4, True), (4, False), (1, True), (1, False))


if __name__ == "__main__":
    sys.exit(main())
