"""More repeats where it is undecided, under planned looks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from scheduler.statistics.comparison import compare
from scheduler.statistics.next_look import top_up
from scheduler.statistics.sequential import Design, boundaries, error_at_look, level_at_look, plan
from tests.scores import experiment

RNG = np.random.default_rng(11)
DESIGN = Design(sizes=(10, 20, 40))
SCORES = RNG.normal(0, 1, (40, 3)) + np.array([0.0, 0.0, 9.0])
LABELS = ("a", "b", "c")


def so_far(*repeats: int) -> dict[str, np.ndarray]:
    """Return the first repeats of each configuration; c is clearly the worst, a and b are equal."""
    return {label: SCORES[:n, place] for place, (label, n) in enumerate(zip(LABELS, repeats, strict=False))}


class TestDesign:
    def test_sizes(self) -> None:
        """Looks are half as many repeats again apart, and the last is at the most."""
        assert plan(10, 200).sizes == (10, 15, 23, 35, 53, 80, 120, 200)
        assert plan(30, 30).sizes == (30,)

    @pytest.mark.parametrize(("first", "most"), [(1, 10), (20, 10)])
    def test_impossible(self, first: int, most: int) -> None:
        """A look needs two repeats and must not come after the last one."""
        with pytest.raises(ValueError, match="2 <= first <= most"):
            plan(first, most)

    def test_boundaries_are_the_published_ones(self) -> None:
        """Five even looks at 5% have the Lan-DeMets bounds that textbooks print for Pocock-type spending."""
        sizes = (20, 40, 60, 80, 100)
        bounds = [-special.ndtri(level_at_look(0.05, look, sizes) / 2) for look in range(5)]
        assert bounds == pytest.approx([2.438, 2.427, 2.410, 2.397, 2.386], abs=1e-3)

    def test_one_look_is_the_plain_test(self) -> None:
        """With a single look nothing is corrected."""
        assert level_at_look(0.05, 0, (30,)) == pytest.approx(0.05)
        assert error_at_look(np.array([0.03]), 0, (30,)) == pytest.approx([0.03], rel=1e-3)

    @pytest.mark.parametrize("look", range(3))
    def test_errors_and_levels_undo_each_other(self, look: int) -> None:
        """A p-value right on the boundary of an error has that error."""
        for error in (0.2, 0.05, 1e-3, 1e-8):
            level = level_at_look(error, look, DESIGN.sizes)
            assert error_at_look(np.array([level]), look, DESIGN.sizes) == pytest.approx([error], rel=1e-2)

    def test_boundaries_grow_with_the_error(self) -> None:
        """What crosses at a small error crosses at any larger one: only so is the smallest error a p-value."""
        assert (np.diff(boundaries(plan(10, 200).sizes), axis=1) > 0).all()

    def test_brownian_motion_crosses_as_often_as_allowed(self) -> None:
        """The error that comes out of all looks is uniform enough at 5% and 1%."""
        sizes = np.array(plan(10, 100).sizes)
        walk = np.cumsum(RNG.normal(size=(100_000, len(sizes))) * np.sqrt(np.diff(sizes, prepend=0)), axis=1)
        p = 2 * special.ndtr(-np.abs(walk / np.sqrt(sizes)))
        error = np.min([error_at_look(p[:, look], look, tuple(sizes)) for look in range(len(sizes))], axis=0)
        assert np.mean(error <= 0.05) == pytest.approx(0.05, abs=0.003)
        assert np.mean(error <= 0.01) == pytest.approx(0.01, abs=0.0015)


class TestTopUp:
    def test_only_undecided_pairs_get_more(self) -> None:
        """The two that are equal go on to the next look; the third is settled."""
        found = top_up(experiment(so_far(10, 10, 10)), DESIGN)
        assert found.wanted == {"a": 20, "b": 20}
        assert not found.decided
        assert found.reason == "1 of 3 pairs is undecided: 2 configurations need more repeats, up to 20."

    def test_what_was_settled_stays_settled(self) -> None:
        """A pair decided at the first look keeps its verdict although one side has gone on."""
        first = top_up(experiment(so_far(10, 10, 10)), DESIGN).comparison.pairs
        later = top_up(experiment(so_far(20, 20, 10)), DESIGN).comparison.pairs
        for place in (1, 2):
            assert later["verdict"].iloc[place] == first["verdict"].iloc[place] == "better"
            assert later["difference"].iloc[place] == first["difference"].iloc[place]

    def test_repeats_between_looks_are_not_looked_at(self) -> None:
        """Half of the way to the next look nothing is decided anew, and the rest is still wanted."""
        first = top_up(experiment(so_far(10, 10, 10)), DESIGN)
        between = top_up(experiment(so_far(15, 13, 10)), DESIGN)
        assert between.wanted == {"a": 20, "b": 20}
        assert list(between.comparison.pairs["p"]) == list(first.comparison.pairs["p"])

    def test_the_last_look(self) -> None:
        """After the last look nothing more is asked for, and the reason says that it was the last."""
        found = top_up(experiment(so_far(40, 40, 10)), DESIGN, margin=0.0)
        assert found.wanted == {}
        assert found.reason == "1 of 3 pairs is undecided after the last look, at 40 repeats."

    def test_after_the_last_look_no_repeats_are_promised(self) -> None:
        """None will be added, so none would settle it; the interval of the pair allows for the looks, too."""
        found = top_up(experiment(so_far(40, 40, 10)), DESIGN, margin=0.0).comparison
        pair = found.pairs.iloc[0]
        assert pair["verdict"] == "undecided: the last planned look is over"
        assert np.isnan(pair["more"])
        assert "more repeats" not in found.answer
        once = compare(experiment(so_far(40, 40, 10)), margin=0.0).pairs.iloc[0]
        assert pair["high"] - pair["low"] > once["high"] - once["low"]

    def test_all_decided(self) -> None:
        """Where every pair is decided nothing is asked for."""
        found = top_up(experiment({"a": SCORES[:10, 0], "c": SCORES[:10, 2]}), DESIGN)
        assert found.decided
        assert (found.wanted, found.reason) == ({}, "Every pair is decided.")

    def test_waiting_for_what_was_asked(self) -> None:
        """Repeats that are queued are not asked for again."""
        frame = experiment(so_far(20, 20, 10))
        frame.loc[frame["repeat"] >= 10, ["state", "test_rmse"]] = ["queued", np.nan]
        found = top_up(frame, DESIGN)
        assert found.wanted == {}
        assert found.reason.endswith("repeats for the next look have not finished yet.")

    def test_failed_repeats_do_not_hold_up_a_look(self) -> None:
        """A look is due when its repeats are done or failed."""
        scores = so_far(10, 10)
        scores["a"] = np.where(np.arange(10) < 2, np.nan, scores["a"])
        assert top_up(experiment(scores), DESIGN).wanted == {"a": 20, "b": 20}

    @pytest.mark.parametrize(("a", "b"), [(np.nan, 1.0), (np.inf, np.inf)])
    def test_hopeless_pairs_are_left_alone(self, a: float, b: float) -> None:
        """Configurations that always fail, or always diverge on both sides, are not trained again and again."""
        scores = {"a": np.full(10, a), "b": np.full(10, b) + np.arange(10)}
        found = top_up(experiment(scores), DESIGN)
        assert found.wanted == {}
        assert found.reason == "1 of 1 pair is undecided and will stay so: all their repeats failed or diverged."

    def test_looks_cost_something(self) -> None:
        """The same repeats have a larger p under repeated looks than at a single one, and the notes say why."""
        scores = experiment({"a": SCORES[:20, 0], "b": SCORES[:20, 1] - 0.8})
        once = top_up(scores, Design(sizes=(20,))).comparison
        again = top_up(scores, DESIGN).comparison
        assert again.pairs["p"].iloc[0] > once.pairs["p"].iloc[0]
        assert any(note.startswith("2 of 3 planned looks taken, at 10 and 20 repeats (") for note in again.notes)

    def test_until_decided(self) -> None:
        """Asked again after each round, it comes to an end, and in time."""
        rng = np.random.default_rng(12)
        scores = rng.normal(0, 1, (200, 4)) + np.array([0, 0.1, 0.6, 2.0])
        have = dict.fromkeys("wxyz", 10)
        for _ in range(20):
            frame = experiment({label: scores[:n, place] for place, (label, n) in enumerate(have.items())})
            found = top_up(frame, plan(10, 200))
            if not found.wanted:
                break
            have |= found.wanted
        assert not found.wanted
        assert have["z"] < 60
        assert max(have.values()) <= 200
