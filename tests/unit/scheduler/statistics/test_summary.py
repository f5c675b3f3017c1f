"""Summaries: pandas' describe(), digit for digit, with diverged repeats counted apart."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.statistics.summary import summarise

QUARTILES = {"25%": "p25", "50%": "p50", "75%": "p75"}

rows = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["done", "failed", "queued"]),
        st.booleans(),
        st.floats(0, 1e6, allow_nan=False),
    ),
    min_size=1,
    max_size=60,
)


def frame(given_rows):
    """Build what the store gives of these rows."""
    made = pd.DataFrame(given_rows, columns=["configuration", "state", "diverged", "test_rmse"])
    made.loc[made["state"] != "done", ["test_rmse"]] = np.nan
    return made


@settings(max_examples=50, deadline=None)
@given(rows)
def test_a_summary_is_describe_of_the_scores(given_rows):
    """Not one digit differs from `pandas.DataFrame.describe()`."""
    results = frame(given_rows)
    summary = summarise(results).set_index("configuration")
    good = results[(results["state"] == "done") & ~results["diverged"]]
    for label in summary.index:
        scores = good.loc[good["configuration"] == label, ["test_rmse"]]
        expected = scores.astype("float64").describe()["test_rmse"].rename(QUARTILES)
        for name, value in expected.items():
            found = summary.loc[label, name]
            assert found == value or (np.isnan(found) and np.isnan(value)), (label, name)


@settings(max_examples=50, deadline=None)
@given(rows, st.randoms())
def test_a_summary_ignores_the_order_in_which_repeats_came_in(given_rows, random):
    """Workers finish in any order; quartiles and counts do not know it."""
    shuffled = random.sample(given_rows, len(given_rows))
    one, other = (summarise(frame(some)).set_index("configuration").sort_index() for some in (given_rows, shuffled))
    pd.testing.assert_frame_equal(one[["count", "p50", "diverged"]], other[["count", "p50", "diverged"]])


def test_a_summary_of_many_repeats_is_describe_too():
    """Sums of many numbers are taken in the same order, also where repeats are missing in between."""
    rng = np.random.default_rng(5)
    given_rows = [
        (label, "failed" if rng.random() < 0.1 else "done", False, rng.lognormal(5, 2))
        for label, count in (("a", 7), ("b", 8), ("c", 129), ("d", 1000), ("e", 1000))
        for _ in range(count)
    ]
    results = frame(given_rows)
    summary = summarise(results).set_index("configuration")
    for label, scores in results.dropna().groupby("configuration"):
        expected = scores[["test_rmse"]].describe()["test_rmse"].rename(QUARTILES)
        assert summary.loc[label, list(expected.index)].tolist() == expected.tolist()


def test_diverged_repeats_are_counted_and_have_no_share_in_the_mean():
    """A repeat that diverged is a result, not a number."""
    results = frame([("a", "done", False, 1.0), ("a", "done", True, 1e30), ("a", "done", False, 3.0)])
    (row,) = summarise(results).to_dict("records")
    assert (row["count"], row["mean"], row["diverged"]) == (2, 2.0, 1)
