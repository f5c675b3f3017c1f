"""What must hold of every comparison."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scheduler.statistics.comparison import compare
from scheduler.statistics.multiple.corrections import holm
from scheduler.statistics.ranking import group_letters
from tests.scores import experiment

LABELS = ("a", "b", "c", "d")
scores = st.one_of(
    st.floats(0.1, 1000, allow_nan=False).map(lambda value: round(value, 3)),
    st.sampled_from([np.inf, np.nan, 1.0, 2.0]),
)
tables = st.tuples(st.integers(1, 12), st.integers(1, 4)).flatmap(
    lambda size: arrays(np.float64, size, elements=scores)
)


def frame(table: np.ndarray) -> pd.DataFrame:
    """Return the experiment with these scores, one column a configuration."""
    return experiment(dict(zip(LABELS, table.T, strict=False)))


@settings(max_examples=60, deadline=None)
@given(tables, st.integers(0, 9))
def test_the_order_of_the_rows_does_not_matter(table: np.ndarray, order: int) -> None:
    """Rows of a configuration may come in any order."""
    rows = frame(table)
    shuffled = pd.concat(
        [part.sample(frac=1, random_state=order) for _, part in rows.groupby("configuration", sort=False)]
    )
    pd.testing.assert_frame_equal(compare(rows).pairs, compare(shuffled).pairs)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_every_repeat_is_counted(table: np.ndarray) -> None:
    """No repeat is lost: finished, diverged and failed add up, and the answer is one line."""
    found = compare(frame(table))
    ranking = found.ranking
    assert (ranking[["finished", "diverged", "failed", "waiting"]].sum(axis=1) == len(table)).all()
    assert found.answer
    assert "\n" not in found.answer
    assert len(found.pairs) == table.shape[1] * (table.shape[1] - 1) // 2


@settings(max_examples=60, deadline=None)
@given(tables)
def test_turning_the_order_turns_the_signs(table: np.ndarray) -> None:
    """With the configurations in reverse order all differences change sign and the same ones win."""
    forward = compare(frame(table)).pairs
    labels = LABELS[: table.shape[1]][::-1]
    backward = compare(experiment(dict(zip(labels, table.T[::-1], strict=True)))).pairs
    mirrored = backward.set_index(["b", "a"])
    for row in forward.to_dict("records"):
        other = mirrored.loc[(row["a"], row["b"])]
        np.testing.assert_allclose(row["difference"], -other["difference"], atol=1e-9)
        np.testing.assert_allclose(row["p_adjusted"], other["p_adjusted"], rtol=1e-6)
        np.testing.assert_allclose(row["probability"], 1 - other["probability"])
        assert row["winner"] == other["winner"]


@settings(max_examples=60, deadline=None)
@given(tables)
def test_groups_agree_with_the_verdicts(table: np.ndarray) -> None:
    """Two configurations share a letter exactly if neither is better than the other."""
    found = compare(frame(table))
    letters = {row["configuration"]: set(row["group"]) for row in found.ranking.to_dict("records")}
    for pair in found.pairs.to_dict("records"):
        assert bool(letters[pair["a"]] & letters[pair["b"]]) == (pair["winner"] is None)


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 6).flatmap(lambda size: arrays(np.bool_, (size, size))))
def test_letters_of_any_relation(drawn: np.ndarray) -> None:
    """Whatever is told apart, a letter is shared exactly by those that are not."""
    apart = np.triu(drawn, 1)
    apart |= apart.T
    letters = [set(text) for text in group_letters(apart)]
    shared = np.array([[bool(one & other) for other in letters] for one in letters])
    np.testing.assert_array_equal(shared, ~apart)


@given(arrays(np.float64, st.integers(1, 20), elements=st.floats(0, 1)))
def test_holm_keeps_the_order_and_never_lowers(p: np.ndarray) -> None:
    """Adjusted p-values are no smaller, at most 1, and in the same order."""
    adjusted = holm(p)
    assert (adjusted >= p).all()
    assert (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(p)]) >= 0).all()
