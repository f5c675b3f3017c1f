"""What verdicts promise, measured on simulated scores; `python -m benchmarks honesty` prints the full tables."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import honesty, topup
from scheduler.statistics.sequential import plan

EXPERIMENTS = 1200


def most(experiments: int) -> float:
    """Return the highest rate that a true 5% shows in 999 of 1000 simulations."""
    return 0.05 + 3.1 * float(np.sqrt(0.05 * 0.95 / experiments))


@pytest.mark.parametrize("shape", honesty.SHAPES)
@pytest.mark.parametrize("configurations", honesty.CONFIGURATIONS)
class TestFalseVerdicts:
    @pytest.mark.parametrize("repeats", honesty.REPEATS)
    def test_looked_at_once(self, shape: str, configurations: int, repeats: int) -> None:
        """Equal configurations are told apart in at most 5% of experiments."""
        rng = np.random.default_rng([configurations, repeats, *shape.encode()])
        scores = honesty.draw(rng, shape, EXPERIMENTS, repeats, configurations)
        assert honesty.false_rate(scores) <= most(EXPERIMENTS)

    @pytest.mark.parametrize("first", honesty.REPEATS)
    def test_topped_up(self, shape: str, configurations: int, first: int) -> None:
        """The same holds however often the scores are looked at on the way to 200 repeats."""
        experiments = EXPERIMENTS // 4
        rng = np.random.default_rng([configurations, first, *shape.encode(), 1])
        scores = honesty.draw(rng, shape, experiments, honesty.MOST, configurations)
        assert honesty.false_rate_topped_up(scores, first) <= most(experiments)


@pytest.mark.parametrize("repeats", [10, 20, 30, 100])
class TestPower:
    def test_normal(self, repeats: int) -> None:
        """A difference of one standard deviation is found as often as the noncentral t says, within 5 points."""
        scores = honesty.draw(np.random.default_rng(repeats), "normal", 4000, repeats, 2)
        found = honesty.power(honesty.shifted(scores, 1.0))
        assert found == pytest.approx(honesty.power_in_theory(repeats), abs=0.05)

    @pytest.mark.parametrize("shape", ["exponential", "lognormal", "t3"])
    def test_other_shapes(self, repeats: int, shape: str) -> None:
        """With skewed or heavy-tailed scores it is found no less often than that, within 5 points."""
        scores = honesty.draw(np.random.default_rng(repeats), shape, 4000, repeats, 2)
        assert honesty.power(honesty.shifted(scores, 1.0)) >= honesty.power_in_theory(repeats) - 0.05

    def test_families(self, repeats: int) -> None:
        """In a family of 5 it is found as often as scipy's Welch test and Holm's steps, written plainly, find it."""
        scores = honesty.shifted(honesty.draw(np.random.default_rng(repeats), "normal", 300, repeats, 5), 1.0)
        assert honesty.power(scores) == pytest.approx(honesty.power_of_reference(scores), abs=0.02)


@pytest.mark.parametrize("first", [10, 30])
@pytest.mark.parametrize("difference", [0.0, 0.2, 0.3, 0.5, 0.7])
def test_about_n_more_repeats(first: int, difference: float) -> None:
    """The reported number of further repeats is right within a factor of 1.5 in the median."""
    rng = np.random.default_rng([first, int(10 * difference)])
    scores = honesty.shifted(honesty.draw(rng, "normal", 600, 800, 2), difference)
    said, took = honesty.settling(scores, first)
    assert 1 / 1.5 <= np.median(said / took) <= 1.5


@pytest.mark.parametrize("first", [10, 30])
@pytest.mark.parametrize("difference", [0.0, 0.3, 0.5, 0.7])
def test_about_n_more_repeats_after_a_look_of_top_up(first: int, difference: float) -> None:
    """The same holds where repeats were topped up once, and scores are looked at as planned from then on."""
    rng = np.random.default_rng([first, int(10 * difference), 1])
    scores = honesty.shifted(honesty.draw(rng, "normal", 1000, honesty.MOST, 2), difference)
    said, took = topup.settling_topped_up(scores, plan(first, honesty.MOST), asked=1)
    assert 1 / 1.5 <= np.median(said / took) <= 1.5


def test_top_up_finds_a_difference_with_fewer_repeats() -> None:
    """A difference of one standard deviation is found nearly always, with fewer repeats than the last look has."""
    scores = honesty.shifted(honesty.draw(np.random.default_rng(6), "normal", 500, honesty.MOST, 2), 1.0)
    found, spent = topup.topping_up(scores, 10)
    assert found > 0.9
    assert spent < honesty.MOST / 4


@pytest.mark.parametrize("shape", honesty.SHAPES)
def test_the_best_of_a_thousand_is_no_better_by_chance(shape: str) -> None:
    """Of 1,000 equal configurations with 10 repeats, the best is told apart in at most 5% of experiments.

    A correction for the 999 comparisons alone would tell it apart in three of four.
    """
    rng = np.random.default_rng([1000, *shape.encode()])
    assert honesty.false_rate_of_many(rng, shape, 60, 10, honesty.MANY) <= most(60)
