"""Error rate and power of the verdicts, and the accuracy of "about N more repeats".

Scores are simulated; nothing is trained. Baselines: the promised 5%, the power of the noncentral t distribution, and
the number of repeats needed in the end. `--full` simulates five times as many experiments; `--many` only those of
1,000 configurations.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from scheduler.statistics.decision import decide, gather_evidence, typical_margin
from scheduler.statistics.multiple.corrections import holm
from scheduler.statistics.pairs import Moments, pair_indices, welch
from scheduler.statistics.ranking import leader_of_many
from scheduler.statistics.sequential import plan, replay

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, ...]], Floats]

ALPHA = 0.05
MOST = 200
#: every shape has a standard deviation of 1
SHAPES: dict[str, Draw] = {
    "normal": lambda rng, size: rng.standard_normal(size),
    "exponential": lambda rng, size: rng.exponential(size=size),
    "lognormal": lambda rng, size: rng.lognormal(size=size) / np.sqrt((np.e - 1) * np.e),
    "t3": lambda rng, size: rng.standard_t(3, size=size) / np.sqrt(3),
}
CONFIGURATIONS = (2, 5, 10)
#: so many that only the best is compared with the others
MANY = 1000
REPEATS = (10, 30, 100)


def false_rate(scores: Floats, *, shared_seeds: bool = True) -> float:
    """Return the share of experiments, `(experiments, repeats, configurations)`, with any `better`."""
    evidence = gather_evidence(scores, shared_seeds=shared_seeds, ranks=False)
    decision = decide(evidence, alpha=ALPHA, margin=typical_margin(evidence.moments))
    return float(decision.better.any(axis=-1).mean())


def false_rate_of_many(
    rng: np.random.Generator, shape: str, experiments: int, repeats: int, configurations: int
) -> float:
    """Return the share with any `better`, of so many equal configurations that only the best is compared."""
    found = 0
    for _ in range(experiments):
        scores = draw(rng, shape, 1, repeats, configurations)[0]
        evidence = gather_evidence(scores, shared_seeds=True, ranks=False, against=leader_of_many(scores))
        found += bool(decide(evidence, alpha=ALPHA, margin=typical_margin(evidence.moments)).better.any())
    return found / experiments


def false_rate_topped_up(scores: Floats, first: int) -> float:
    """Return the share with any `better` at any look from `first` repeats on, if no pair stops early."""
    design = plan(first, scores.shape[-2], alpha=ALPHA)
    reached = np.ones((len(design.sizes), scores.shape[-1]), dtype=np.bool_)
    return float(replay(scores, design, shared_seeds=True, reached=reached).decision.better.any(axis=-1).mean())


def power(scores: Floats) -> float:
    """Return the share of the true differences, those between the last configuration and the others, that are found."""
    b = pair_indices(scores.shape[-1])[1]
    evidence = gather_evidence(scores, shared_seeds=True, ranks=False)
    decision = decide(evidence, alpha=ALPHA, margin=typical_margin(evidence.moments))
    return float((decision.better & evidence.b_leads)[..., b == scores.shape[-1] - 1].mean())


def power_in_theory(repeats: int, difference: float = 1.0, alpha: float = ALPHA) -> float:
    """Return the power of Student's t for two groups of normal scores (noncentral t)."""
    df, shift = 2 * (repeats - 1), difference * np.sqrt(repeats / 2)
    edge = stats.t.isf(alpha / 2, df)
    return float(stats.nct.sf(edge, df, shift) + stats.nct.cdf(-edge, df, shift))


def power_of_reference(scores: Floats) -> float:
    """Return the same as `power`, from SciPy's Welch test and Holm's original steps, one experiment at a time."""
    a, b = pair_indices(scores.shape[-1])
    tests = stats.ttest_ind(scores[..., a], scores[..., b], axis=-2, equal_var=False).pvalue
    found = 0
    for p in tests:
        for step, place in enumerate(np.argsort(p)):
            if p[place] > ALPHA / (len(p) - step):
                break
            found += b[place] == scores.shape[-1] - 1
    return found / len(tests) / (scores.shape[-1] - 1)


def settling(scores: Floats, first: int) -> tuple[Floats, Floats]:
    """Estimate after `first` repeats how many more decide each pair, then add repeats one by one until it is decided.

    Args:
        scores: `(experiments, repeats, configurations)`, more repeats than are needed.
        first: repeats at the time of the estimate.

    Returns:
        The estimated and the needed numbers, for the pairs that were undecided then and decided later.
    """
    count = np.arange(1, scores.shape[1] + 1, dtype=np.int64)[:, None]
    mean = np.cumsum(scores, axis=1) / count
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (np.cumsum(scores**2, axis=1) - count * mean**2) / (count - 1)
    late = slice(first - 1, None)
    m = Moments(
        finished=np.broadcast_to(count, mean.shape)[:, late],
        diverged=np.zeros_like(mean, dtype=np.int64)[:, late],
        mean=mean[:, late],
        variance=variance[:, late],
    )
    contrast = welch(m)
    adjusted, size = holm(contrast.p_value()), contrast.df.shape[-1]
    width = np.abs(contrast.difference) + contrast.margin(ALPHA / size)
    settled = (adjusted <= ALPHA) | (width <= typical_margin(m)[..., None])
    took = np.argmax(settled, axis=1).astype(np.float64)
    evidence = gather_evidence(scores[:, :first], shared_seeds=False, ranks=False)
    decision = decide(evidence, alpha=ALPHA, margin=typical_margin(evidence.moments))
    asked = ~settled[:, 0] & settled.any(axis=1)
    return decision.more[asked], took[asked]


def shifted(scores: Floats, difference: float) -> Floats:
    """Lower the last configuration by `difference`."""
    scores[..., -1] -= difference
    return scores


def draw(rng: np.random.Generator, shape: str, experiments: int, repeats: int, configurations: int) -> Floats:
    """Draw equal configurations."""
    return SHAPES[shape](rng, (experiments, repeats, configurations))


def show(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print one table in Markdown."""
    print(f"\n{title}\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for row in rows:
        print(f"| {' | '.join(f'{cell:.3f}' if isinstance(cell, float) else str(cell) for cell in row)} |", flush=True)


def show_false_verdicts(rng: np.random.Generator, runs: int) -> None:
    """Print how often equal configurations are distinguished."""
    heads = (
        "scores",
        "configurations",
        *(f"{n} repeats" for n in REPEATS),
        *(f"{n} topped up to {MOST}" for n in REPEATS),
    )
    rows = [
        (
            shape,
            k,
            *(false_rate(draw(rng, shape, runs, n, k)) for n in REPEATS),
            *(false_rate_topped_up(draw(rng, shape, runs // 2, MOST, k), n) for n in REPEATS),
        )
        for shape in SHAPES
        for k in CONFIGURATIONS
    ]
    error = 1.96 * np.sqrt(ALPHA * (1 - ALPHA) / np.array([runs, runs // 2]))
    show(
        f"Any false `better` (promised: 0.05; simulation error: +-{error[0]:.3f}, topped up +-{error[1]:.3f})",
        heads,
        rows,
    )


def show_false_verdicts_of_many(rng: np.random.Generator, runs: int) -> None:
    """Print the same of so many configurations that only the best is compared with the others."""
    error = 1.96 * np.sqrt(ALPHA * (1 - ALPHA) / runs)
    heads = ("scores", "configurations", *(f"{n} repeats" for n in REPEATS))
    rows = [(shape, MANY, *(false_rate_of_many(rng, shape, runs, n, MANY) for n in REPEATS)) for shape in SHAPES]
    what = "Any false `better` where only the best is compared with the others"
    show(f"{what} (simulation error: +-{error:.3f})", heads, rows)


def show_hard_cases(rng: np.random.Generator, runs: int) -> None:
    """Print the same under harder conditions, and for the last one the rate of Mann-Whitney, which was not chosen."""
    rows = []
    for shape, values in SHAPES.items():
        centre = values(rng, (1_000_000,)).mean()
        for n in (10, 30):
            together = np.sqrt(0.5) * (draw(rng, shape, runs, n, 5) + values(rng, (runs, n, 1)))
            spread = (draw(rng, shape, runs, n, 2) - centre) * np.array([1.0, 3.0])
            ranks = stats.mannwhitneyu(spread[..., 0], spread[..., 1], axis=1, method="asymptotic").pvalue
            rates = (
                false_rate(together),
                false_rate(_spoiled(rng, shape, (runs // 8, n, 5), share=0.1, by=np.inf)),
                false_rate(_spoiled(rng, shape, (runs // 8, n, 5), share=0.2, by=np.nan)),
                false_rate(_uneven(rng, shape, (runs // 8, 30, 2), keep=n // 3)),
                false_rate(spread),
            )
            rows.append((shape, n, *rates, float((ranks <= ALPHA).mean())))
    heads = ("scores", "repeats", "5, seeds correlate 0.5", "5, a tenth diverged", "5, a fifth failed")
    show("Harder cases", (*heads, "2, 30 repeats against n/3", "2, spread 1 : 3", "the same with Mann-Whitney"), rows)


def _spoiled(rng: np.random.Generator, shape: str, size: tuple[int, int, int], *, share: float, by: float) -> Floats:
    scores = draw(rng, shape, *size)
    scores[rng.random(size) < share] = by
    return scores


def _uneven(rng: np.random.Generator, shape: str, size: tuple[int, int, int], *, keep: int) -> Floats:
    scores = draw(rng, shape, *size)
    scores[:, keep:, -1] = np.nan
    return scores


def show_power(rng: np.random.Generator, runs: int) -> None:
    """Print how often a true difference of one standard deviation is found."""
    rows: list[tuple[object, ...]] = []
    for n in (10, 15, 20, 30, 100):
        found = (power(shifted(draw(rng, shape, runs, n, 2), 1.0)) for shape in SHAPES)
        rows.append((2, n, power_in_theory(n), *found))
    for k in (5, 10):
        for n in (10, 20, 30):
            scores = shifted(draw(rng, "normal", runs // 4, n, k), 1.0)
            others = (power(shifted(draw(rng, shape, runs // 4, n, k), 1.0)) for shape in list(SHAPES)[1:])
            rows.append((k, n, power_of_reference(scores), power(scores), *others))
    note = "theory for 2: noncentral t; for more, SciPy's Welch test and plain Holm on the same normal draws"
    show(f"Power at one standard deviation ({note})", ("configurations", "repeats", "theory", *SHAPES), rows)


def show_settling(rng: np.random.Generator, runs: int) -> None:
    """Print how many more repeats were estimated to decide a pair, and how many were needed."""
    rows: list[tuple[object, ...]] = []
    for shape in ("normal", "exponential"):
        for first in (10, 30):
            for difference in (0.0, 0.2, 0.3, 0.5, 0.7):
                said, took = settling(shifted(draw(rng, shape, runs // 4, 1200, 2), difference), first)
                rows.append((shape, 2, first, difference, *ratio(said, took)))
            said, took = settling(_ladder(rng, shape, runs // 20), first)
            rows.append((shape, 5, first, "0 to 0.8", *ratio(said, took)))
    show(
        "About N more repeats (of the pairs that were undecided)",
        (
            "scores",
            "configurations",
            "estimated at",
            "true difference",
            "pairs",
            "estimated",
            "needed",
            "median of estimated / needed",
        ),
        rows,
    )


def _ladder(rng: np.random.Generator, shape: str, experiments: int) -> Floats:
    return draw(rng, shape, experiments, 1200, 5) - np.linspace(0, 0.8, 5)


def ratio(said: Floats, took: Floats) -> tuple[object, ...]:
    """Return the number of pairs, the medians of the estimated and needed numbers, and the median of their ratio."""
    return len(said), f"{np.median(said):.0f}", f"{np.median(took):.0f}", float(np.median(said / took))


def main() -> None:
    """Print all tables."""
    runs = 20_000 if "--full" in sys.argv else 4_000
    show_false_verdicts_of_many(np.random.default_rng(1000), runs // 20)
    if "--many" in sys.argv:
        return
    rng = np.random.default_rng(20)
    show_false_verdicts(rng, runs)
    show_hard_cases(rng, runs)
    show_power(rng, runs)
    show_settling(rng, runs)


if __name__ == "__main__":
    main()
