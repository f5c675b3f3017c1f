"""What topping up finds and saves, and how good "about N more repeats" is between its looks.

Scores are simulated, nothing is trained. Baselines: the noncentral t distribution for fixed numbers of repeats, and the
number of repeats that it took in the end. `--full` runs five times as many experiments.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.honesty import ALPHA, MOST, SHAPES, Floats, draw, power_in_theory, ratio, shifted, show
from scheduler.statistics.sequential import Design, Replay, plan, replay


def settling_topped_up(scores: Floats, design: Design, asked: int) -> tuple[Floats, Floats]:
    """Ask at a look of a design how many more repeats will settle each pair, then go on from look to look.

    Args:
        scores: `(experiments, repeats, configurations)`.
        design: the looks.
        asked: the look at which is asked, from 0.

    Returns:
        The numbers said and the numbers it took, for the pairs that were undecided; infinity where the last look did
        not settle them.
    """
    seen = [_until(scores, design, look).decision for look in range(asked, len(design.sizes))]
    settled = np.stack([decision.better | decision.equivalent for decision in seen])
    extra = np.array(design.sizes[asked:], dtype=np.float64) - design.sizes[asked]
    took = np.where(settled.any(axis=0), extra[np.argmax(settled, axis=0)], np.inf)
    return seen[0].more[~settled[0]], took[~settled[0]]


def _until(scores: Floats, design: Design, look: int) -> Replay:
    reached = np.zeros((len(design.sizes), scores.shape[-1]), dtype=np.bool_)
    reached[: look + 1] = True
    return replay(scores, design, shared_seeds=True, reached=reached)


def topping_up(scores: Floats, first: int) -> tuple[float, float]:
    """Top two configurations up until they are settled, the second one being the better.

    Returns:
        The share of experiments that say so, and the mean number of repeats of a configuration.
    """
    design = plan(first, scores.shape[-2], alpha=ALPHA)
    seen = [_until(scores, design, look) for look in range(len(design.sizes))]
    settled = np.concatenate([now.decision.better | now.decision.equivalent for now in seen], axis=-1)
    settled[:, -1] = True
    ended = np.argmax(settled, axis=-1)
    better = np.concatenate([now.decision.better & now.evidence.b_leads for now in seen], axis=-1)
    found = better[np.arange(len(ended)), ended]
    return float(found.mean()), float(np.array(design.sizes)[ended].mean())


def show_topping_up(rng: np.random.Generator, runs: int) -> None:
    """Print what top-up finds and what it spends."""
    rows: list[tuple[object, ...]] = []
    for shape in SHAPES:
        for difference in (0.3, 0.5, 0.7, 1.0):
            scores = shifted(draw(rng, shape, runs // 10, MOST, 2), difference)
            found, spent = topping_up(scores, 10)
            as_many = next((n for n in range(2, MOST + 1) if power_in_theory(n, difference) >= min(found, 0.999)), MOST)
            rows.append((shape, difference, found, f"{spent:.0f}", power_in_theory(round(spent), difference), as_many))
    heads = ("scores", "true difference", "found", "mean repeats", "found by as many, fixed", "fixed, for as much")
    show(
        f"Two configurations topped up from 10 repeats until settled, {MOST} at most (fixed: noncentral t)", heads, rows
    )


def show_settling(rng: np.random.Generator, runs: int) -> None:
    """Print how many more repeats were said to settle a pair, and how many it took."""
    rows: list[tuple[object, ...]] = []
    for shape in ("normal", "exponential"):
        for first in (10, 30):
            design = plan(first, MOST, alpha=ALPHA)
            for asked in (0, 1, 2):
                for difference in (0.0, 0.2, 0.3, 0.5, 0.7):
                    scores = shifted(draw(rng, shape, runs // 10, MOST, 2), difference)
                    said, took = settling_topped_up(scores, design, asked)
                    rows.append((shape, design.sizes[asked], difference, *ratio(said, took)))
    heads = ("scores", "asked at", "true difference", "pairs", "said", "took", "median of said / took")
    show(f"About N more repeats, topped up to {MOST}", heads, rows)


def main() -> None:
    """Print both tables."""
    runs = 20_000 if "--full" in sys.argv else 4_000
    rng = np.random.default_rng(20)
    show_topping_up(rng, runs)
    show_settling(rng, runs)


if __name__ == "__main__":
    main()
