"""Many short series in one call, each lane with rows of its own: `python -m benchmarks panel [--few]`.

1,000 series of 60 to 130 rows, 10 repeats of each: an LSTM of 8 units over 12 steps, 100 epochs in batches of 16, and
scores at the end. Beside it the same is trained series by series, as packs are whose lanes share their rows, and
extrapolated from some series of all lengths: once as it happens, with a program compiled for each number of batches,
and once with that taken off. The last line is what rows of its own cost a lane where all lanes have the same. `--few`
takes a tenth.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.timing import timed
from store.records import Series
from store.schema.configuration import Configuration

SERIES, REPEATS, SAMPLE = 1000, 10, 12
SHORTEST, LONGEST = 60, 130
#: repeats a second as multiples of those series by series, the second without compiling; the most that own rows cost
GOAL, GOAL_COMPILED, MOST = 2.0, 1.15, 1.1


def series(number: int, rows: int) -> Series:
    """Return a walk with so many rows of 12 lags, a test part of 6 among them."""
    rng = np.random.default_rng(number)
    values = 100 + rng.normal(size=rows + 13).cumsum() + 5 * np.sin(np.arange(rows + 13) * np.pi / 6)
    return Series(name=f"walk {number}", columns=("value",), values=values[:, None], content_hash=str(number))


def configuration(one: Series) -> Configuration:
    """Return the configuration of a series."""
    return Configuration.model_validate(
        {
            "series": {"name": one.name, "targets": one.columns, "inputs": one.columns},
            "test": 6,
            "prepare": {"lags": 12, "lags_as": "timesteps", "pad": True},
            "model": {"units": 8, "stateful": False},
            "training": {"epochs": 100, "batch_size": 16},
            "protocol": {"evaluate_every": 100},
        }
    )


def by_series(chosen: list[Series]) -> float:
    """Train the repeats of one series after those of another; return the seconds."""
    from worker.engine.train import Lane, train

    def work() -> None:
        for one in chosen:
            lanes = [Lane(job_id=seed, configuration=configuration(one), seed=seed) for seed in range(REPEATS)]
            train(lanes, one, progress=lambda done, total: None)

    return timed(work)


def together(chosen: list[Series]) -> float:
    """Train the repeats of all series in one call; return the seconds, with those of preparing the rows."""
    from worker.engine.prepare import prepare
    from worker.engine.train import Lane, train_apart

    def work() -> None:
        lanes, rows = [], []
        for one in chosen:
            asked = configuration(one)
            lanes += [Lane(job_id=seed, configuration=asked, seed=seed) for seed in range(REPEATS)]
            rows += [prepare(asked, one)] * REPEATS
        train_apart(lanes, rows, progress=lambda done, total: None)

    return timed(work)


def main() -> int:
    """Print repeats a second and ratios; 1 if a goal is missed."""
    import worker.engine.backend  # noqa: F401  so that importing TensorFlow is in no figure

    count = SERIES // 10 if "--few" in sys.argv else SERIES
    lengths = np.random.default_rng(0).integers(SHORTEST, LONGEST + 1, count)
    panel = [series(number, int(rows)) for number, rows in enumerate(lengths)]
    cold = together(panel)
    sample = [series(number, int(rows)) for number, rows in enumerate(np.linspace(SHORTEST, LONGEST, SAMPLE))]
    first = by_series(sample)
    warm = sum(min(by_series([one]) for _ in range(2)) for one in sample)
    alone = first / SAMPLE * count, warm / SAMPLE * count
    repeats = count * REPEATS
    print(f"{count} series of {SHORTEST} to {LONGEST} rows x {REPEATS} repeats")
    print(f"together, compiling included: {cold:8.1f} s, {repeats / cold:8.1f} repeats a second")
    for name, seconds in zip(("series by series, extrapolated", "... without compiling"), alone, strict=True):
        print(f"{name}: {seconds:8.1f} s, {repeats / seconds:8.1f} repeats a second, {seconds / cold:5.1f}x as long")
    same = [sample[-1]] * 4
    shared, own = (min(work(same) for _ in range(3)) for work in (_shared, together))
    print(f"rows of its own in each lane, where all have the same: {own / shared:.2f}x the time of shared rows")
    return int(alone[0] / cold < GOAL or alone[1] / cold < GOAL_COMPILED or own / shared > MOST)


def _shared(chosen: list[Series]) -> float:
    """Train as many repeats of one series as `together` does of all; return the seconds."""
    from worker.engine.train import Lane, train

    asked = configuration(chosen[0])
    lanes = [Lane(job_id=seed, configuration=asked, seed=seed) for seed in range(REPEATS * len(chosen))]
    return timed(lambda: train(lanes, chosen[0], progress=lambda done, total: None))


if __name__ == "__main__":
    sys.exit(main())
