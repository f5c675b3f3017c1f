"""The whole matrix of steps, kinds, options, optimizers and protocols against Keras: `make equality` (hours).

`python -m tests.equality [NAME=VALUE,VALUE ...]` takes a part: `steps=7,12 kind=vanilla`; `--pairs` takes few points in
which every two values meet. Points are divided among as
many processes as there are processors; what is further from Keras than allowed is printed, and ends in exit code 1.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from typing import Any

from tests.integration.engine.matrix import CHOICES, CLOSE, EPOCHS, WITHOUT, distance
from tests.pairs import pairwise

#: A process is replaced after so many points, since programs that were compiled are never given back whole.
POINTS = 20


def points(arguments: list[str]) -> Iterator[dict[str, Any]]:
    """Combine all values, or those that arguments name."""
    if "--pairs" in arguments:
        yield from pairwise(CHOICES, WITHOUT)
        return
    named = dict(argument.split("=") for argument in arguments)
    if unknown := set(named) - set(CHOICES):
        sys.exit(f"No choice {sorted(unknown)[0]!r}. There are: {', '.join(CHOICES)}.")
    chosen = {
        name: [value for value in values if name not in named or str(value) in named[name].split(",")]
        for name, values in CHOICES.items()
    }
    for values in product(*chosen.values()):
        point = dict(zip(chosen, values, strict=True))
        if not any(pair <= set(point.items()) for pair in WITHOUT):
            yield point


def measured(point: dict[str, Any]) -> tuple[str, float]:
    """Measure a point; one that cannot be trained is infinitely far."""
    name = " ".join(map(str, point.values()))
    try:
        return name, distance(epochs=EPOCHS[point["steps"]], **point)
    except Exception as problem:
        return f"{name}: {problem!r}"[:500], float("inf")


def main() -> int:
    """Print what is too far, and how many points there are."""
    given = list(points(sys.argv[1:]))
    wrong, furthest = 0, 0.0
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"), max_tasks_per_child=POINTS) as pool:
        for number, (name, far) in enumerate(pool.map(measured, given), start=1):
            furthest = max(furthest, far)
            if not far <= CLOSE:
                wrong += 1
                print(f"{far:.1e}  {name}", flush=True)
            if number % 50 == 0:
                print(f"{number} of {len(given)} points, the furthest {furthest:.1e}", file=sys.stderr, flush=True)
    print(f"{len(given)} points, {wrong} too far from Keras; the furthest {furthest:.1e}, {CLOSE:g} allowed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
