"""How often intervals beyond the end hold what came: `python -m benchmarks coverage [SERIES]`.

40 series of each of three processes whose future is known: a linear trend, a sine of 12 steps, an AR(1) process. All
series are lanes of one call of the engine, with what a study and its forecast train of each: 5 repeats with 40 test
rows, whose errors intervals of step 1 are made of; 5 that forecast 12 steps from each of these rows by their own
forecasts, for step 12; and 5 on all rows, whose median forecast the intervals are about. Goal: for steps 1 and 12 the
intervals of 80 and 95% hold as many of the values as the binomial distribution allows (the central 99%, since there
are 12 counts).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from scheduler.future.recipe import on_all_rows
from scheduler.statistics.ensembles.combine import median
from scheduler.statistics.intervals.conformal import conformal
from store.records import Result, Series
from store.schema.configuration import Configuration

Floats = NDArray[np.float64]
SERIES, OBSERVATIONS, AHEAD, TEST = 40, 160, 12, 40
REPEATS, STEPS, LEVELS = 5, (1, 12), (80.0, 95.0)
#: the share of counts that chance alone gives
CHANCE = 0.99


def trend(rng: np.random.Generator) -> Floats:
    """A line with noise."""
    time = np.arange(OBSERVATIONS + AHEAD)
    return np.asarray(50 + rng.uniform(0.2, 1) * time + rng.normal(0, 2, len(time)))


def sine(rng: np.random.Generator) -> Floats:
    """A season of 12 steps with noise."""
    time = np.arange(OBSERVATIONS + AHEAD)
    return np.asarray(100 + 10 * np.sin((time + rng.uniform(0, 12)) * np.pi / 6) + rng.normal(0, 2, len(time)))


def autoregressive(rng: np.random.Generator) -> Floats:
    """An AR(1) process of coefficient 0.7."""
    values = rng.normal(0, 1, OBSERVATIONS + AHEAD)
    values[0] /= np.sqrt(1 - 0.7**2)
    for place in range(1, len(values)):
        values[place] += 0.7 * values[place - 1]
    return np.asarray(20 + values)


#: how they are drawn, and how they are prepared
PROCESSES: dict[str, tuple[Callable[[np.random.Generator], Floats], dict[str, Any]]] = {
    "linear trend": (trend, {"difference": 1, "lags": 4}),
    "seasonal sine": (sine, {"lags": 12}),
    "AR(1)": (autoregressive, {"lags": 2}),
}


def configuration(name: str, prepare: dict[str, Any]) -> Configuration:
    """Return the study of one series."""
    return Configuration.model_validate(
        {
            "series": {"name": name, "targets": ("value",), "inputs": ("value",)},
            "test": TEST,
            "prepare": prepare,
            "model": {"units": 4, "stateful": False},
            "training": {"epochs": 60, "batch_size": 8, "optimizer": {"name": "adam", "learning_rate": 0.01}},
            "protocol": {"evaluate_every": 60},
        }
    )


def trained(asked: Configuration, series: Sequence[Series]) -> list[tuple[Floats, Floats]]:
    """Train the repeats of all series, and return of each what was observed and the median forecast."""
    from worker.engine.prepare import prepare
    from worker.engine.train import Lane, train_apart

    lanes = [Lane(job_id=seed, configuration=asked, seed=seed) for _ in series for seed in range(REPEATS)]
    rows = [each for one in series for each in [prepare(asked, one)] * REPEATS]
    results = train_apart(lanes, rows, progress=lambda done, total: None)
    return [_middle(results[place : place + REPEATS]) for place in range(0, len(results), REPEATS)]


def _middle(results: Iterable[Result]) -> tuple[Floats, Floats]:
    found = [one.forecasts for one in results if one.forecasts is not None]
    return found[0].observed, median(np.stack([one.forecast for one in found]))


def held(name: str, values: Sequence[Floats], prepare: dict[str, Any]) -> NDArray[np.bool_]:
    """Forecast series beyond their ends, and return whether each interval holds what comes, (series, steps, levels)."""
    own = configuration(name, prepare)
    known = [one[:OBSERVATIONS, None] for one in values]
    series = [Series(name=name, columns=("value",), values=one, content_hash=str(k)) for k, one in enumerate(known)]
    direct = trained(own, series)
    later = trained(on_all_rows(own, steps=AHEAD, origins=TEST), series)
    ahead = trained(on_all_rows(own, steps=AHEAD), series)
    found = []
    for one, of_study, of_steps, (_, said) in zip(values, direct, later, ahead, strict=True):
        errors = of_steps[0] - of_steps[1]
        errors[:, :1] = of_study[0] - of_study[1]
        low, high = conformal(errors, LEVELS, horizon=1).around(said[0])
        came = one[OBSERVATIONS:, None]
        found.append(((low <= came) & (came <= high))[:, [step - 1 for step in STEPS], 0].T)
    return np.array(found)


def main() -> int:
    """Print a table of counts; 1 if one is beyond chance."""
    count = next((int(word) for word in sys.argv[1:] if word.isdigit()), SERIES)
    allowed = {level: stats.binom.interval(CHANCE, count, level / 100) for level in LEVELS}
    print(f"of {count} series", *(f"{level:g}%: {a:.0f} to {b:.0f} by chance" for level, (a, b) in allowed.items()))
    print("| series |", " | ".join(f"step {step}, {level:g}%" for step in STEPS for level in LEVELS), "|")
    missed = False
    for place, (name, (draw, prepare)) in enumerate(PROCESSES.items()):
        rng = np.random.default_rng([13, place])
        found = held(name, [draw(rng) for _ in range(count)], prepare)
        counts = np.sum(found, axis=0)
        print(f"| {name} |", " | ".join(f"{number} of {count}" for number in counts.ravel()), "|", flush=True)
        missed |= any(
            not allowed[level][0] <= number <= allowed[level][1]
            for row in counts
            for level, number in zip(LEVELS, row, strict=True)
        )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
