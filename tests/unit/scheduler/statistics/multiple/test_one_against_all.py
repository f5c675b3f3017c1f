"""Very many configurations: the best against each of the others has the numbers of all pairs, and the same family."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scheduler.statistics import ranking
from scheduler.statistics.comparison import Comparison, compare
from scheduler.statistics.decision import gather_evidence
from scheduler.statistics.multiple.one_against_all import products_of_pairs
from scheduler.statistics.next_look import top_up
from scheduler.statistics.pairs import pair_indices
from scheduler.statistics.selection_audit import audit
from scheduler.statistics.sequential import Design
from tests.scores import experiment
from tests.unit.scheduler.statistics.test_selection_audit import curves

PATCHED = 3


def scores(seed: int = 0, configurations: int = 8, *, common: float = 0.0, digits: int = 9) -> np.ndarray:
    """Draw scores, `(repeats, configurations)`, whose means rise; some are tied where they are rounded."""
    rng = np.random.default_rng(seed)
    shared = common * rng.normal(size=(12, 1))
    return np.round(rng.normal(size=(12, configurations)) + shared + np.linspace(0, 4, configurations)[::-1], digits)


def frame(values: np.ndarray, *, shared_seeds: bool = True) -> pd.DataFrame:
    return experiment({f"c{place}": column for place, column in enumerate(values.T)}, shared_seeds=shared_seeds)


def spoiled(values: np.ndarray) -> np.ndarray:
    """Let a repeat diverge, one fail, and two be lost."""
    values = values.copy()
    values[0, 1], values[3, 5], values[4:6, 7] = np.inf, np.nan, np.nan
    values[:8, 2] = np.nan
    return values


def both(rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> tuple[Comparison, Comparison]:
    """Compare all pairs, and then only the best with the others."""
    every = compare(rows)
    monkeypatch.setattr(ranking, "MOST_COMPARED", PATCHED)
    return every, compare(rows)


CASES = {
    "plain": scores(),
    "tied": scores(1, digits=0),
    "correlated": scores(2, common=5.0),
    "spoiled": spoiled(scores(3)),
    "spoiled and tied": spoiled(scores(4, digits=0)),
}


@pytest.mark.parametrize("against", [0, 4, 7])
@pytest.mark.parametrize("shared_seeds", [True, False])
@pytest.mark.parametrize("values", CASES.values(), ids=CASES)
def test_the_evidence_is_that_of_all_pairs(values: np.ndarray, against: int, *, shared_seeds: bool) -> None:
    """Whatever is known of a pair is the same, whether or not the other pairs are looked at."""
    every = gather_evidence(values, shared_seeds=shared_seeds)
    few = gather_evidence(values, shared_seeds=shared_seeds, against=against)
    a, b = every.places
    mine = (a == against) | (b == against)
    assert [tuple(one) for one in np.stack(few.places)] == [tuple(place[mine]) for place in (a, b)]
    assert few.unseen == len(a) - mine.sum()
    same = few.paired == every.paired[mine]  # whether to pair is decided among the pairs that are looked at
    assert same.all() or shared_seeds
    names = ("t_p", "rank_p", "p", "win_share", "effect", "correlation", "count_a", "count_b", "b_leads", "by_rank")
    for name in names:
        np.testing.assert_allclose(getattr(few, name)[same], getattr(every, name)[mine][same], rtol=1e-9, err_msg=name)
    np.testing.assert_allclose(few.contrast.difference[same], every.contrast.difference[mine][same], rtol=1e-9)


@pytest.mark.parametrize("values", CASES.values(), ids=CASES)
def test_the_correction_is_for_all_pairs(values: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    """The p-values are those of all pairs, and after the correction none is smaller than Holm's over all of them."""
    every, few = both(frame(values, shared_seeds=False), monkeypatch)
    best = few.ranking["configuration"].iloc[0]
    pairs = every.pairs[(every.pairs["a"] == best) | (every.pairs["b"] == best)].reset_index(drop=True)
    assert len(few.pairs) == 7
    assert list(few.pairs["a"] + few.pairs["b"]) == list(pairs["a"] + pairs["b"])
    np.testing.assert_allclose(few.pairs["p"], pairs["p"], rtol=1e-9)
    assert (few.pairs["p_adjusted"].fillna(1) >= pairs["p_adjusted"].fillna(1) * (1 - 1e-9)).all()
    np.testing.assert_allclose(few.pairs["low_all"], pairs["low_all"], rtol=1e-9)
    order = np.argsort(few.pairs["p"].fillna(1).to_numpy())
    by_hand = np.maximum.accumulate(few.pairs["p"].fillna(1).to_numpy()[order] * (28 - np.arange(7)))
    known = few.pairs["p_adjusted"].notna().to_numpy()[order]
    np.testing.assert_allclose(few.pairs["p_adjusted"].to_numpy()[order][known], np.minimum(by_hand, 1)[known])
    columns = ["rank", "configuration", "mean", "low", "high", "std", "finished", "diverged", "failed", "waiting"]
    pd.testing.assert_frame_equal(few.ranking[columns], every.ranking[columns])


def test_there_are_two_groups_and_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """Group a is what cannot be distinguished from the best, group b is worse, and a note says what was compared."""
    _, found = both(frame(scores()), monkeypatch)
    best = found.ranking["configuration"].iloc[0]
    worse = set(found.pairs.loc[found.pairs["winner"] == best, ["a", "b"]].to_numpy().ravel()) - {best}
    assert worse
    assert set(found.ranking.loc[found.ranking["group"] == "b", "configuration"]) == worse
    assert set(found.ranking["group"]) == {"a", "b"}
    assert found.ranking["better_than"].tolist() == [len(worse), *[0] * 7]
    assert found.ranking["worse_than"].sum() == len(worse)
    assert found.notes[0].startswith(f"8 configurations: the best, {best}, is compared with each of the others; ")
    assert "the correction is for all 28 pairs" in found.notes[0]


def test_pairs_of_other_splits_belong_to_the_family(monkeypatch: pytest.MonkeyPatch) -> None:
    """A split with few configurations and one with many: the pairs that nobody looks at count in both."""
    rows = frame(scores())
    rows["split"] = np.where(rows["configuration"].isin(["c0", "c1", "c2"]), "few", "many")
    monkeypatch.setattr(ranking, "MOST_COMPARED", PATCHED)
    found = compare(rows)
    p = np.sort(found.pairs["p"])
    assert len(p) == 3 + 4
    expected = np.minimum(np.maximum.accumulate(p * (3 + 10 - np.arange(7))), 1)
    np.testing.assert_allclose(np.sort(found.pairs["p_adjusted"]), expected)


def test_top_up_compares_the_best_at_every_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under looks, p-values are those of all pairs, the correction is for all, and only compared pairs get repeats."""
    design, rows = Design(sizes=(6, 12, 40)), frame(scores(), shared_seeds=False)
    every = top_up(rows, design).comparison.pairs
    monkeypatch.setattr(ranking, "MOST_COMPARED", PATCHED)
    found = top_up(rows, design)
    best = found.comparison.ranking["configuration"].iloc[0]
    mine = every[(every["a"] == best) | (every["b"] == best)].reset_index(drop=True)
    np.testing.assert_allclose(found.comparison.pairs["p"], mine["p"], rtol=1e-9)
    assert (found.comparison.pairs["p_adjusted"] >= mine["p_adjusted"] * (1 - 1e-9)).all()
    undecided = found.comparison.pairs[found.comparison.pairs["outcome"] == "undecided"]
    assert set(found.wanted) == {*undecided["a"], *undecided["b"]}


def test_the_audit_looks_at_the_leader_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flag on the configuration that leads by its best epochs stays."""
    given = {"calm": curves(100, 1), "wild": curves(100, 15), "mild": curves(103, 1), "same": curves(101, 1)}
    every = audit(given).flags
    monkeypatch.setattr(ranking, "MOST_COMPARED", PATCHED)
    flags = audit(given).flags
    assert len(flags)
    assert set(flags["configuration"]) == {"wild"}
    assert set(flags["over"]) <= set(every["over"])


def test_products_of_some_pairs_are_those_of_all():
    """Of one configuration with the others no other product is computed."""
    rows = np.random.default_rng(5).normal(size=(4, 7))
    for against in (None, 2):
        a, b = pair_indices(4, against)
        assert np.allclose(products_of_pairs(rows, a, b), (rows @ rows.T)[a, b])
