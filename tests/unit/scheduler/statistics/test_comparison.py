"""The comparison of an experiment: its tables and its words."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.statistics.comparison import compare
from scheduler.statistics.outcomes import Outcome, Standing
from tests.scores import experiment

RNG = np.random.default_rng(3)
WORSE = RNG.normal(100, 10, 30)
BETTER = RNG.normal(80, 10, 30)


class TestVerdicts:
    def test_a_clear_difference_is_better(self) -> None:
        """Of two clearly different configurations, the one with the lower scores wins."""
        pair = compare(experiment({"a": WORSE, "b": BETTER})).pairs.iloc[0]
        assert (pair["outcome"], pair["verdict"], pair["winner"]) == (Outcome.BETTER_B, "better", "b")
        assert pair["difference"] == pytest.approx(BETTER.mean() - WORSE.mean())
        assert pair["low"] < pair["difference"] < pair["high"] < 0

    def test_the_order_of_the_labels_decides_only_the_sign(self) -> None:
        """Listed the other way round, the same configuration wins."""
        pair = compare(experiment({"b": BETTER, "a": WORSE})).pairs.iloc[0]
        assert (pair["outcome"], pair["verdict"], pair["winner"]) == (Outcome.BETTER_A, "better", "b")
        assert pair["difference"] > 0

    def test_a_small_difference_is_called_small(self) -> None:
        """Many repeats of nearly equal configurations bound their difference, and the bound is reported."""
        scores = RNG.normal(100, 10, (2, 400))
        pair = compare(experiment({"a": scores[0], "b": scores[1]}), margin=5.0).pairs.iloc[0]
        assert pair["outcome"] is Outcome.NO_DIFFERENCE
        assert pair["verdict"] == f"no difference larger than {pair['bound']:.2f}"
        assert pair["bound"] == pytest.approx(max(abs(pair["low_all"]), abs(pair["high_all"])))
        assert pair["bound"] <= 5
        assert pair["winner"] is None
        assert pair["more"] == 0

    def test_an_undecided_pair_says_how_many_more(self) -> None:
        """Few repeats of similar configurations leave the question open and say what would settle it."""
        pair = compare(experiment({"a": WORSE[:10], "b": WORSE[10:20]})).pairs.iloc[0]
        assert pair["outcome"] is Outcome.UNDECIDED
        assert pair["verdict"] == f"undecided: about {pair['more']:.0f} more repeats would settle it"
        assert 1 <= pair["more"] < 200

    def test_without_a_margin_equal_means_take_longer(self) -> None:
        """Equal means are settled sooner where a small difference does not matter."""
        scores = experiment({"a": np.tile([90.0, 110.0], 10), "b": np.tile([110.0, 90.0], 10)})
        exact, rough = (compare(scores, margin=margin).pairs["more"].iloc[0] for margin in (0.0, 8.0))
        assert exact > 2 * rough

    def test_a_constant_gap_is_left_to_the_ranks(self) -> None:
        """Where each seed is better by the same amount, rounding is not taken for spread."""
        pair = compare(experiment({"a": WORSE, "b": WORSE - 6})).pairs.iloc[0]
        assert (pair["test"], pair["winner"]) == ("Wilcoxon", "b")
        same = compare(experiment({"a": WORSE, "b": WORSE.copy()})).pairs.iloc[0]
        assert (same["outcome"], same["verdict"]) == (Outcome.NO_DIFFERENCE, "no difference larger than 0.00")

    def test_the_more_pairs_the_harder_each(self) -> None:
        """The same two configurations have a larger adjusted p in a larger family."""
        scores = {"a": WORSE, "b": BETTER}
        alone = compare(experiment(scores)).pairs.iloc[0]
        family = compare(experiment(scores | {"c": WORSE[::-1] + 1, "d": BETTER[::-1] + 2})).pairs.iloc[0]
        assert family["p"] == pytest.approx(alone["p"])
        assert family["p_adjusted"] > alone["p_adjusted"]
        assert family["high_all"] - family["low_all"] > alone["high_all"] - alone["low_all"]

    def test_no_spread_is_left_to_the_ranks(self) -> None:
        """Constant scores have no t; equal constants are alike, different ones are distinguished by rank."""
        pairs = compare(experiment({"a": [7.0] * 8, "b": [7.0] * 8, "c": [8.0] * 8})).pairs
        assert list(pairs["outcome"]) == [Outcome.NO_DIFFERENCE, Outcome.BETTER_A, Outcome.BETTER_A]
        assert list(pairs["winner"]) == [None, "a", "b"]


class TestChoiceOfTest:
    def test_unrelated_scores_are_not_paired(self) -> None:
        """Shared seeds alone do not make a paired test."""
        pair = compare(experiment({"a": WORSE, "b": BETTER})).pairs.iloc[0]
        assert pair["test"] == "Welch's t"
        assert pair["why"] == "scores with the same seed are not significantly correlated"

    def test_scores_that_go_together_are_paired(self) -> None:
        """Where the seed decides most of the score, the paired t finds what Welch's would not."""
        scores = {"a": WORSE, "b": WORSE - 2 + RNG.normal(0, 1, 30)}
        pair = compare(experiment(scores)).pairs.iloc[0]
        assert (pair["test"], pair["verdict"]) == ("paired t", "better")
        unshared = compare(experiment(scores, shared_seeds=False)).pairs.iloc[0]
        assert unshared["test"] == "Welch's t"
        assert unshared["why"] == "repeats do not share seeds"
        assert not unshared["outcome"].better

    def test_uneven_numbers_are_left_to_the_ranks(self) -> None:
        """With less than half the repeats on one side, as in a half finished experiment, ranks decide."""
        pair = compare(experiment({"a": WORSE, "b": BETTER[:9]})).pairs.iloc[0]
        assert pair["test"] == "Mann-Whitney"
        assert pair["why"].startswith("one side has less than half the repeats of the other; ")


class TestDivergedAndFailed:
    def test_diverging_makes_worse(self) -> None:
        """A configuration that diverges half the time loses, although its other scores are the best."""
        broken = np.where(np.arange(30) % 2 == 0, np.inf, BETTER - 20)
        found = compare(experiment({"a": WORSE, "b": broken + 0}))
        mostly = compare(experiment({"a": WORSE, "b": np.where(np.arange(30) < 27, np.inf, BETTER)}))
        assert found.pairs["test"].iloc[0] == "Mann-Whitney"
        assert found.pairs["winner"].iloc[0] is None
        assert mostly.pairs["winner"].iloc[0] == "a"
        assert mostly.ranking["configuration"].iloc[0] == "a"

    def test_they_are_counted_and_said(self) -> None:
        """Diverged and failed repeats stand in both tables and in the notes."""
        scores = BETTER.copy()
        scores[:2], scores[2:5] = np.inf, np.nan
        found = compare(experiment({"a": WORSE, "b": scores}))
        pair, rank = found.pairs.iloc[0], found.ranking.iloc[0]
        assert (pair["repeats_b"], pair["diverged_b"], pair["failed_b"]) == (25, 2, 3)
        assert (rank["configuration"], rank["finished"], rank["diverged"], rank["failed"]) == ("b", 25, 2, 3)
        assert any(note.startswith("2 of 60 repeats diverged. ") for note in found.notes)
        assert any(note.startswith("3 of 60 repeats failed. ") for note in found.notes)

    def test_a_diverged_repeat_counts_in_the_probability(self) -> None:
        """A diverged repeat loses against every finished one."""
        pair = compare(experiment({"a": [1.0, 2.0, 3.0], "b": [0.0, 0.5, np.inf]})).pairs.iloc[0]
        assert pair["probability"] == pytest.approx(6 / 9)

    def test_a_score_that_is_no_number_counts_as_diverged(self) -> None:
        """A repeat that is done without a finite score is not lost, even if nobody called it diverged."""
        frame = experiment({"a": WORSE, "b": BETTER})
        frame.loc[0, "test_rmse"] = np.nan
        assert compare(frame).ranking.set_index("configuration").loc["a", "diverged"] == 1

    def test_all_diverged(self) -> None:
        """Where nothing finished nothing is claimed, and nobody is told to go on."""
        found = compare(experiment({"a": [np.inf] * 5, "b": [np.inf] * 5}))
        assert found.standing is Standing.NO_SCORE
        assert found.answer == "No repeat has a score: all diverged."
        pair = found.pairs.iloc[0]
        assert (pair["outcome"], pair["verdict"]) == (Outcome.ALL_DIVERGED, "undecided: all repeats diverged")

    def test_one_side_all_diverged(self) -> None:
        """A configuration that always diverges loses against one that finishes."""
        found = compare(experiment({"a": WORSE, "b": [np.inf] * 30}))
        assert found.pairs["winner"].iloc[0] == "a"
        assert found.answer == "a is best: its repeats rank ahead of those of b (p < 0.001 after Holm's correction)."


class TestAnswer:
    def test_the_best_of_two(self) -> None:
        """The one line names the best, the gap, its interval and how sure that is."""
        found = compare(experiment({"units=1": WORSE, "units=5": BETTER}))
        pair = found.pairs.iloc[0]
        assert found.answer == (
            f"units=5 is best: its mean is {-pair['difference']:.1f} lower than that of units=1 "
            f"(95% interval {-pair['high']:.1f} to {-pair['low']:.1f}; p < 0.001 after Holm's correction)."
        )
        assert found.standing is Standing.BEST

    def test_the_best_of_many_is_held_against_the_next(self) -> None:
        """With more than two, the gap is that to the second in the ranking."""
        found = compare(experiment({"a": WORSE, "b": BETTER, "c": WORSE + 30}))
        assert found.answer.startswith("b is best: ")
        assert "lower than that of the next, a (95%" in found.answer

    def test_a_shared_first_place(self) -> None:
        """Where the lowest mean cannot be distinguished from another, the line says so and what would settle it."""
        found = compare(experiment({"a": BETTER, "b": BETTER[::-1] + 1, "c": WORSE}))
        assert found.answer.startswith("a has the lowest mean")
        assert found.standing is Standing.UNDECIDED
        assert "cannot be distinguished from b: about" in found.answer

    def test_alike(self) -> None:
        """Where the rivals are surely close, the line says how close."""
        scores = RNG.normal(100, 10, (2, 500))
        found = compare(experiment({"a": scores[0], "b": scores[1]}))
        assert found.standing is Standing.NO_DIFFERENCE
        assert "but its difference from b is no larger than " in found.answer or "from a is" in found.answer

    @pytest.mark.parametrize(
        ("scores", "answer"),
        [
            ({}, "There are no configurations to compare."),
            ({"a": [3.0, 4.0]}, "a is the only configuration (mean 3.50), so there is nothing to compare it with."),
            ({"a": [3.0], "b": [4.0]}, "a has the lowest mean, 3.00, but cannot be distinguished from b."),
            ({"a": [np.nan], "b": [np.nan]}, "No repeat has a score: 2 failed."),
        ],
    )
    def test_little_data(self, scores: dict[str, list[float]], answer: str) -> None:
        """The smallest experiments have an answer, too."""
        assert compare(experiment(scores)).answer == answer

    def test_half_finished(self) -> None:
        """Repeats that still wait are no scores; the notes say that the comparison is of what is there."""
        frame = experiment({"a": WORSE, "b": BETTER})
        frame.loc[frame["repeat"] >= 20, ["state", "test_rmse"]] = ["queued", np.nan]
        found = compare(frame)
        assert found.pairs["winner"].iloc[0] == "b"
        assert any(note.startswith("20 of 60 repeats have no result yet. ") for note in found.notes)

    def test_missing_flags(self) -> None:
        """A store that leaves `diverged` empty for waiting repeats is read without complaint."""
        frame = experiment({"a": WORSE, "b": BETTER})
        frame["diverged"] = frame["diverged"].astype(object)
        frame.loc[0, ["state", "diverged", "test_rmse"]] = ["running", None, np.nan]
        assert compare(frame).ranking["waiting"].sum() == 1


class TestRanking:
    def test_best_first_with_letters(self) -> None:
        """The ranking goes from the lowest mean up, and only configurations that are distinguished share no letter."""
        found = compare(experiment({"a": WORSE, "b": BETTER, "c": BETTER[::-1] + 0.5})).ranking
        assert list(found["configuration"]) == ["b", "c", "a"]
        assert list(found["group"]) == ["a", "a", "b"]
        assert list(found["better_than"]) == [1, 1, 0]
        assert list(found["worse_than"]) == [0, 0, 2]

    def test_mean_and_interval(self) -> None:
        """The mean has Student's interval."""
        row = compare(experiment({"a": [1.0, 2.0, 3.0]})).ranking.iloc[0]
        assert (row["mean"], row["std"]) == (2.0, 1.0)
        assert (row["low"], row["high"]) == pytest.approx((2 - 2.484138, 2 + 2.484138), abs=1e-6)
