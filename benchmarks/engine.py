"""The engine against the plain Keras loop: `python -m benchmarks.engine`.

The protocol is the diagnostic one: shampoo, batch 4, train and test RMSE after every epoch. The plain loop is Keras'
`fit` and two `predict`s an epoch, as people write it. Each figure is the minimum of several runs; a ratio compares
figures of the same run of this script.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from scheduler.series.source import BUNDLED
from store.records import Series
from store.schema.configuration import Configuration

REPEATS, EPOCHS, RUNS = 30, 2000, 7
PLAIN_EPOCHS, PLAIN_RUNS = 10, 3
GOAL = 20_000


def shampoo() -> Series:
    """Read the bundled series."""
    path = BUNDLED / "shampoo.csv"
    values = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=1)
    return Series(name="shampoo", columns=("Sales",), values=values[:, None], content_hash="shampoo")


def configuration(units: int, epochs: int) -> Configuration:
    """Return a configuration of the diagnostic tables."""
    return Configuration.model_validate(
        {
            "series": {"name": "shampoo", "targets": ("Sales",), "inputs": ("Sales",)},
            "prepare": {"trim": 2},
            "model": {"units": units},
            "training": {"epochs": epochs},
        }
    )


def packed(units: int, timer: Callable[[], float] = perf_counter) -> tuple[float, float]:
    """Return the microseconds per epoch and repeat, and the seconds from a cold start to the first epoch."""
    from worker.engine.train import Lane, train

    def seconds(epochs: int) -> float:
        chosen = configuration(units, epochs)
        lanes = [Lane(job_id=number, configuration=chosen, seed=number) for number in range(REPEATS)]
        started = timer()
        train(lanes, shampoo(), progress=lambda done, total: None)
        return timer() - started

    first = seconds(1)
    idle = min(seconds(1) for _ in range(3))
    least = min(seconds(EPOCHS + 1) for _ in range(RUNS)) - idle
    return 1e6 * least / EPOCHS / REPEATS, first - idle


def plain(units: int) -> float:
    """Return the microseconds per epoch of the plain loop, for one repeat."""
    from worker.engine import models
    from worker.engine.prepare import prepare
    from worker.engine.template import plain_model

    chosen = configuration(units, 1)
    prepared = prepare(chosen, shampoo())
    model = plain_model(chosen, models.Shape(batch=4, timesteps=1, features=1, horizon=1, targets=1), 0)
    model.compile(loss="mean_squared_error", optimizer="adam")

    def reset() -> None:
        for layer in models.recurrent(model):
            layer.reset_state()

    def epoch() -> None:
        rows = prepared.train
        model.fit(rows.inputs, rows.targets[:, 0], epochs=1, batch_size=4, shuffle=False, verbose=0)
        reset()
        for part in (rows, prepared.test):
            np.sqrt(np.mean((model.predict(part.inputs, batch_size=4, verbose=0) - part.targets[:, 0]) ** 2))
            reset()

    for _ in range(3):
        epoch()

    def seconds() -> float:
        started = perf_counter()
        for _ in range(PLAIN_EPOCHS):
            epoch()
        return perf_counter() - started

    return 1e6 * min(seconds() for _ in range(PLAIN_RUNS)) / PLAIN_EPOCHS


class Compilations(logging.Handler):
    """Keeps the seconds that the engine logs for tracing and compiling its last program."""

    def __init__(self) -> None:
        super().__init__()
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the seconds in a message."""
        found: list[Any] = re.findall(r"([\d.]+) s", record.getMessage())
        self.last = " + ".join(f"{float(seconds):.2f}" for seconds in found)


def main() -> int:
    """Print a line for each number of units; 1 if the first misses the goal."""
    logger, compilations = logging.getLogger("worker.engine.program"), Compilations()
    logger.setLevel(logging.INFO)
    logger.addHandler(compilations)
    print(f"{REPEATS} repeats, batch 4; microseconds per epoch and repeat")
    print(f"{'units':>5} {'Keras':>9} {'packed':>8} {'ratio':>8}  {'trace + compile (s)':>20}  first epoch (s)")
    ratios = []
    for units in (1, 3, 5):
        slow = plain(units)
        fast, first = packed(units)
        ratios.append(slow / fast)
        print(f"{units:>5} {slow:>9.0f} {fast:>8.2f} {slow / fast:>7.0f}x  {compilations.last:>20}  {first:.2f}")
    return 0 if ratios[0] >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
