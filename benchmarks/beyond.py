"""Error rate and power of the verdicts over many splits, and the accuracy of "about N more would settle it".

Scores are simulated; nothing is trained. A score is a large effect of its split, an effect of the configuration on that
split, and an effect of the seed. Baselines: the promised 5%, the power of the noncentral t distribution, a plain t-test
and that of Harvey, Leybourne and Newbold for windows of one series, which are correlated, and the number of splits
needed in the end. A number says how many experiments [2,000]; `--write` puts the tables into docs/verdicts.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from scheduler.statistics.decision import decide, gather_evidence, typical_margin
from scheduler.statistics.splits.beyond import Beyond, beyond
from scheduler.statistics.splits.pooling import pooled_values
from scheduler.statistics.splits.scores import SplitScores, scores_over_splits
from scheduler.statistics.splits.windows import error_of_mean, spread_transforms

Floats = NDArray[np.float64]

ALPHA = 0.05
SPLITS = (6, 12, 50)
REPEATS = 8
#: how large the effects of splits are, in standard deviations of the effect of a configuration on a split
LARGE = 20.0
#: splits that are added at most, and a difference between configurations that does not matter, both for `settling`
MOST = 300
PAGE = Path(__file__).parents[1] / "docs" / "verdicts.md"
BEGIN, END = "<!-- tables of benchmarks/beyond.py -->", "<!-- end of the tables -->"


def normal(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Draw effects of configurations on splits, `(configurations, splits)`."""
    return rng.standard_normal(size)


def heavy(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Draw them with heavy tails: Student's t with 3 degrees of freedom."""
    return rng.standard_t(3, size) / np.sqrt(3)


def uneven(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Draw them with a spread that differs much from split to split (lognormal)."""
    return rng.standard_normal(size) * rng.lognormal(size=(1, size[1]))


def lopsided(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Draw them with spreads that differ by configuration, and skewed splits."""
    return rng.standard_normal(size) * np.linspace(0.5, 2.0, size[0])[:, None] * rng.exponential(size=(1, size[1]))


#: how configurations differ from split to split
SHAPES: dict[str, Callable[[np.random.Generator, tuple[int, int]], Floats]] = {
    "normal": normal,
    "heavy-tailed": heavy,
    "heteroscedastic": uneven,
    "and by configuration": lopsided,
}


def correlated(rng: np.random.Generator, size: tuple[int, ...], correlation: float) -> Floats:
    """Draw normal numbers whose neighbours along the last axis correlate (autoregressive, stationary)."""
    found = rng.standard_normal(size)
    for place in range(1, size[-1]):
        found[..., place] *= np.sqrt(1 - correlation**2)
        found[..., place] += correlation * found[..., place - 1]
    return found


def of_series(
    rng: np.random.Generator, shape: str, configurations: int, splits: int, gap: float = 0.0, common: float = 0.0
) -> SplitScores:
    """Draw an experiment over series, in which the last configuration is lower by `gap` standard deviations.

    Args:
        rng: draws.
        shape: one of `SHAPES`.
        configurations: how many.
        splits: how many.
        gap: the true difference.
        common: the standard deviation of what a seed does to one configuration on all splits alike.
    """
    joint = SHAPES[shape](rng, (configurations, splits))
    joint[-1] -= gap
    return scores_over_splits(_with_seeds(rng, joint, rng.exponential(LARGE, splits), common=common))


def of_windows(
    rng: np.random.Generator, configurations: int, windows: int, correlation: float, gap: float = 0.0
) -> SplitScores:
    """Draw an experiment over the windows of one series."""
    joint = correlated(rng, (configurations, windows), correlation)
    joint[-1] -= gap
    values = _with_seeds(rng, joint, np.cumsum(rng.normal(0, LARGE, windows)), noise=0.0)
    return scores_over_splits(values, series=["one"] * windows, windows=range(windows))


def _with_seeds(
    rng: np.random.Generator, joint: Floats, splits: Floats, noise: float = 0.3, common: float = 0.0
) -> Floats:
    """Add the effects of splits and of seeds: on a split, on everything, and on one configuration on all splits."""
    seeds = rng.normal(0, noise, (*joint.shape, REPEATS)) + rng.normal(0, noise, (1, 1, REPEATS))
    return joint[..., None] + splits[:, None] + seeds + rng.normal(0, common, (len(joint), 1, REPEATS))


def rate(runs: int, draw: Callable[[], SplitScores], counts: Callable[[Beyond], float] | None = None) -> float:
    """Return how often any pair, or a share of the pairs, is found `better` beyond the splits."""
    count = counts or (lambda found: float(found.decision.better.any()))
    return float(np.mean([count(beyond(draw(), alpha=ALPHA)) for _ in range(runs)]))


def rate_on_these(runs: int, rng: np.random.Generator, shape: str, configurations: int, splits: int) -> float:
    """Return how often any of equal configurations is `better` on these splits: seeds are the only noise."""
    found = 0
    for _ in range(runs):
        joint = np.repeat(SHAPES[shape](rng, (1, splits)), configurations, axis=0)
        scores = scores_over_splits(_with_seeds(rng, joint, rng.exponential(LARGE, splits)))
        values, orders = pooled_values(scores)
        e = gather_evidence(values, shared_seeds=True, ranks=False, orders=orders)
        found += bool(decide(e, alpha=ALPHA, margin=typical_margin(e.moments)).better.any())
    return found / runs


def found_last(found: Beyond) -> float:
    """Return the share of the pairs with the last configuration in which it is better."""
    b = found.evidence.places[1]
    mine = b == len(found.labels) - 1
    return float((found.decision.better & found.evidence.b_leads)[mine].mean())


def power_in_theory(splits: int, gap: float) -> float:
    """Return the power of the paired t-test for normal differences (noncentral t)."""
    df, shift = splits - 1, gap * np.sqrt(splits)
    edge = stats.t.isf(ALPHA / 2, df)
    return float(stats.nct.sf(edge, df, shift) + stats.nct.cdf(-edge, df, shift))


def rates_of_window_tests(rng: np.random.Generator, runs: int, windows: int, correlation: float) -> tuple[float, ...]:
    """Return the false rates of a plain t, of the correction of Harvey, Leybourne and Newbold, and of the test here."""
    numbers = correlated(rng, (runs, windows), correlation)
    mean = numbers.mean(axis=1)
    apart = numbers - mean[:, None]
    variance = (apart**2).mean(axis=1)
    lagged = variance + 2 * (apart[:, 1:] * apart[:, :-1]).sum(axis=1) / windows
    lagged = np.where(lagged > 0, lagged, variance)
    shrunk = (windows - 3 + 2 / windows) / windows
    error, df = error_of_mean(spread_transforms(numbers.T), windows)
    tests = (
        (np.sqrt(variance / (windows - 1)), windows - 1),
        (np.sqrt(lagged / windows / shrunk), windows - 1),
        (error, df),
    )
    return tuple(float((2 * special.stdtr(df, -np.abs(mean) / error) <= ALPHA).mean()) for error, df in tests)


def settling(rng: np.random.Generator, runs: int, first: int, gap: float, *, windows: bool) -> tuple[float, ...]:
    """Return the medians of the estimated and the needed number of further splits, and of their ratio.

    Args:
        rng: draws the differences.
        runs: how many experiments.
        first: splits at the time of the estimate.
        gap: the true difference in standard deviations.
        windows: whether the splits are windows of one series, which correlate by 0.25.
    """
    said, took = [], []
    for _ in range(runs):
        whole = of_windows(rng, 2, MOST, 0.25, gap) if windows else of_series(rng, "normal", 2, MOST, gap)
        now = beyond(_first(whole, first), alpha=ALPHA, margin=1.0)
        if _settled(now):
            continue
        for count in np.unique(np.geomspace(first + 1, MOST, 60).astype(int)):
            if _settled(beyond(_first(whole, int(count)), alpha=ALPHA, margin=1.0)):
                said.append(float(now.decision.more[0]))
                took.append(float(count - first))
                break
    ratio = np.array(said) / np.array(took)
    return len(said), float(np.median(said)), float(np.median(took)), float(np.median(ratio))


def _settled(found: Beyond) -> bool:
    return bool((found.decision.better | found.decision.equivalent).any())


def _first(scores: SplitScores, count: int) -> SplitScores:
    return scores_over_splits(scores.values[:, :count], series=scores.series[:count], windows=scores.windows[:count])


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return one table in Markdown; shares are written in percent."""
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(_cell, row))} |" for row in rows)])


def _plain(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _cell(cell: object) -> str:
    return f"{cell:.1%}" if isinstance(cell, float) else str(cell)


def tables(runs: int) -> str:
    """Return all tables with their headings."""
    rng = np.random.default_rng(14)
    error = 1.96 * np.sqrt(ALPHA * (1 - ALPHA) / runs)
    wrong = ("effects", "configurations", *(f"{n} series" for n in SPLITS))
    kept = ("configurations", *(f"{n} splits" for n in SPLITS))
    lasting = ("windows", "correlation", "plain t", "HLN", "used", "2 configurations", "5 configurations")
    power = ("splits", "difference", "theory", *SHAPES, "windows, correlation 0", "windows, 0.5")
    settled = ("splits", "estimated at", "difference", "experiments", "estimated", "needed", "ratio")
    parts = (
        (
            f"Any false *better* beyond the splits, equal configurations ({runs:,} simulated experiments for each "
            f"number, simulation error {error:.1%}):",
            table(wrong, list(_false_over_series(rng, runs))),
        ),
        (
            "Any false *better* on these splits, with seeds as the noise (it does not depend on what splits are like):",
            table(kept, [(k, *(rate_on_these(runs, rng, "normal", k, n) for n in SPLITS)) for k in (2, 5)]),
        ),
        (
            "Any false *better* over windows of one series, by the correlation of neighbours: a plain t-test, the "
            "correction of Harvey, Leybourne and Newbold (HLN) for one lag and the test that is used, of one pair; "
            "then the verdicts:",
            table(lasting, list(_false_over_windows(rng, runs))),
        ),
        (
            "A true difference is found (2 configurations; in standard deviations of the effect of a configuration on "
            "a split; theory: noncentral t for normal effects):",
            table(power, list(_power_rows(rng, runs))),
        ),
        (
            '"About N more", estimated and needed (medians over the undecided; windows correlate by 0.25):',
            table(settled, list(_settling_rows(rng, max(runs // 10, 20)))),
        ),
    )
    return "\n\n".join(f"{heading}\n\n{rows}" for heading, rows in parts)


def _false_over_series(rng: np.random.Generator, runs: int) -> Iterator[tuple[object, ...]]:
    for shape in SHAPES:
        for k in (2, 5):
            yield shape, k, *(rate(runs, partial(of_series, rng, shape, k, n)) for n in SPLITS)


def _false_over_windows(rng: np.random.Generator, runs: int) -> Iterator[tuple[object, ...]]:
    for n in SPLITS:
        for correlation in (0.0, 0.25, 0.5):
            tests = rates_of_window_tests(rng, 50_000, n, correlation)
            verdicts = (rate(runs, partial(of_windows, rng, k, n, correlation)) for k in (2, 5))
            yield n, str(correlation), *tests, *verdicts


def _power_rows(rng: np.random.Generator, runs: int) -> Iterator[tuple[object, ...]]:
    for n, gap in ((6, 2.0), (12, 1.0), (12, 2.0), (50, 0.5), (50, 1.0)):
        series = (rate(runs, partial(of_series, rng, shape, 2, n, gap), found_last) for shape in SHAPES)
        windows = (rate(runs, partial(of_windows, rng, 2, n, c, gap), found_last) for c in (0.0, 0.5))
        yield n, str(gap), power_in_theory(n, gap / np.sqrt(2)), *series, *windows


def _settling_rows(rng: np.random.Generator, runs: int) -> Iterator[tuple[object, ...]]:
    for windows in (False, True):
        for first, gap in ((8, 0.5), (8, 1.0), (20, 0.5)):
            numbers = settling(rng, runs, first, gap, windows=windows)
            yield "windows" if windows else "series", first, str(gap), *map(_plain, numbers)


def main() -> None:
    """Print all tables, or write them into the page."""
    found = tables(next((int(word) for word in sys.argv[1:] if word.isdigit()), 2_000))
    print(found)
    if "--write" in sys.argv:
        text = PAGE.read_text()
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n\n{found}\n\n{END}{after}")


if __name__ == "__main__":
    main()
