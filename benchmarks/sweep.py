"""Sizes from 1 to 256 units against Keras' `fit`, as it is and with `jit_compile=True`: `python -m benchmarks.sweep`.

Each figure is the time to train one of 30 repeats for one epoch once everything is compiled; the ratios tell how much
longer Keras takes in the same run. The last columns are the number of lanes that `pack: auto` chooses for the 30
repeats, the fastest number of those tried, and how much longer the chosen one takes. Packed training also forecasts a
batch after every epoch, as for a trajectory; Keras only trains.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from time import perf_counter

import numpy as np

from store.schema.configuration import Configuration
from worker.engine.prepare import Rows

#: A figure is the minimum of RUNS runs of about LONG seconds each.
LONG, RUNS = 0.3, 3
#: Runs longer than this, in seconds, are not repeated.
ENOUGH = 5.0
LANES = (1, 2, 4, 8, 16, 32, 64)
#: The chosen number of lanes may be slower than the best one by this factor.
SLACK = 1.2
REPEATS = 30


@dataclass(frozen=True, slots=True)
class Size:
    """One model and the rows it is trained on."""

    units: int
    rows: int
    timesteps: int
    features: int
    batch: int

    @property
    def configuration(self) -> Configuration:
        """The configuration of such a model."""
        return Configuration.model_validate(
            {
                "series": {"name": "random", "targets": ("value",), "inputs": ("value",)},
                "model": {"units": self.units, "stateful": False},
                "training": {"batch_size": self.batch},
            }
        )


SIZES = (
    Size(1, 20, 1, 1, 1),
    Size(1, 20, 1, 1, 4),
    Size(5, 20, 1, 1, 4),
    Size(1, 2_000, 1, 1, 32),
    Size(10, 200, 6, 1, 8),
    Size(10, 200, 12, 4, 16),
    Size(50, 20, 3, 1, 1),
    Size(50, 200, 3, 1, 32),
    Size(50, 2_000, 12, 8, 72),
    Size(50, 20_000, 1, 8, 72),
    Size(64, 2_000, 48, 1, 256),
    Size(128, 2_000, 24, 32, 64),
    Size(200, 2_000, 14, 1, 16),
    Size(64, 20_000, 24, 17, 256),
    Size(256, 20, 48, 32, 1),
    Size(256, 2_000, 24, 17, 256),
)


def seconds(epochs: Callable[[int], None], timer: Callable[[], float] = perf_counter) -> float:
    """Return the least time of an epoch, given how to train some; the first call is not counted."""
    epochs(1)
    count, taken = 1, _timed(epochs, 1, timer)
    while taken < LONG:
        count = max(2 * count, int(count * LONG / max(taken, 1e-6)))
        taken = _timed(epochs, count, timer)
    more = RUNS - 1 if taken < ENOUGH else 0
    return min([taken, *(_timed(epochs, count, timer) for _ in range(more))]) / count


def _timed(epochs: Callable[[int], None], count: int, timer: Callable[[], float]) -> float:
    started = timer()
    epochs(count)
    return timer() - started


def rows(size: Size) -> Rows:
    """Return random rows that fill all batches."""
    kept = size.rows - size.rows % size.batch
    rng = np.random.default_rng(1)
    inputs = rng.uniform(-1, 1, (kept, size.timesteps, size.features)).astype(np.float32)
    targets = rng.uniform(-1, 1, (kept, 1, 1))
    return Rows(
        inputs=inputs,
        targets=targets.astype(np.float32),
        observed=targets,
        base=0 * targets,
        terms=np.zeros((kept, 0, 1, 1), np.float32),
        later=np.zeros((kept, 0, 0), np.float32),
        stretch=np.zeros(kept, np.intp),
    )


def keras(size: Size, *, compiled: bool) -> float:
    """Return the seconds of an epoch of `fit`."""
    from worker.engine import models
    from worker.engine.template import plain_model

    given = rows(size)
    shape = models.Shape(batch=size.batch, timesteps=size.timesteps, features=size.features, horizon=1, targets=1)
    model = plain_model(size.configuration, shape, 0)
    model.compile(loss="mse", optimizer="adam", jit_compile=compiled)

    def epochs(count: int) -> None:
        model.fit(given.inputs, given.targets[:, 0], epochs=count, batch_size=size.batch, shuffle=False, verbose=0)

    return seconds(epochs)


def packed(size: Size, lanes: int, *, scored: bool = True, timer: Callable[[], float] = perf_counter) -> float:
    """Return the seconds of an epoch per repeat, training `REPEATS` of them with `lanes` side by side."""
    from worker.engine.batches import asked, batches
    from worker.engine.layouts import Layout
    from worker.engine.program import CAPACITY, Program

    given = rows(size)
    layout = Layout(
        lanes=lanes,
        train=(size.batch, len(given) // size.batch),
        asked=(size.batch, 1),
        parts=1,
        timesteps=size.timesteps,
        features=size.features,
        horizon=1,
        steps=1,
        targets=1,
        padded=False,
    )
    program = Program(size.configuration, layout)
    carry = program.start([size.configuration] * lanes, range(lanes))
    train, questions = batches(given, *layout.train), asked([given[: size.batch]], size.batch)
    spread = np.ones((1, 1, 1, 1), np.float32)

    def epochs(count: int) -> None:
        after = carry
        if not scored:
            after, points = program.advance(after, train, questions, spread, epoch=0, stops=[count], score=False)
            points.curves.numpy()
            return
        for first in range(0, count, CAPACITY):
            stops = range(first + 1, min(first + CAPACITY, count) + 1)
            after, points = program.advance(after, train, questions, spread, epoch=first, stops=stops)
            points.curves.numpy()

    return seconds(epochs, timer) * ceil(REPEATS / lanes) / REPEATS


def main() -> int:
    """Print a line for each size; return 1 if Keras is faster, or another number of lanes by more than SLACK."""
    from worker.engine.layouts import lanes as choose

    missed = 0
    print("milliseconds per epoch and repeat")
    head = ("units", "rows", "steps", "features", "batch", "Keras", "with jit", "packed", "x Keras", "x jit")
    print("".join(f"{name:>9}" for name in (*head, "lanes", "best", "slower")), flush=True)
    for size in SIZES:
        chosen = choose(size.configuration, size.timesteps, size.features)
        plain, jit = keras(size, compiled=False), keras(size, compiled=True)
        tried = {
            lanes: packed(size, lanes)
            for lanes in (chosen, *(width for width in LANES if width != chosen and width <= 2 * chosen))
        }
        best, mine = min(tried, key=tried.__getitem__), tried[chosen]
        missed += min(plain, jit) < mine or mine > SLACK * tried[best]
        shape = (size.units, size.rows, size.timesteps, size.features, size.batch)
        times = "".join(f"{1e3 * value:>9.4g}" for value in (plain, jit, mine))
        ratios = f"{plain / mine:>9.1f}{jit / mine:>9.1f}{chosen:>9}{best:>9}{mine / tried[best]:>9.2f}"
        print("".join(f"{value:>9}" for value in shape) + times + ratios, flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
