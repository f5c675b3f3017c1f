"""How scores are distributed over splits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scheduler.report.splits.distribution import SplitReport, split_report

SERIES = {f"{name}{window}": name for name in "abc" for window in (1, 2)}


def made(scores: dict[str, list[float]], series: dict[str, str], baseline: list[float]) -> SplitReport:
    rows = [(label, split, mean) for label, means in scores.items() for split, mean in zip(series, means, strict=True)]
    means = pd.DataFrame(rows, columns=["configuration", "split", "mean"])
    theta = pd.DataFrame({"baseline": "Theta", "split": list(series), "score": baseline})
    return split_report(means, theta, series, None, "")


def test_windows_are_averaged_within_series():
    found = made({"x": [1, 3, 4, 6, 7, 9]}, SERIES, [2.0] * 6)
    row = found.distribution.set_index("name").loc["x"]
    assert (row["count"], row["mean"], row["p50"]) == (3, 5, 5)
    assert found.words == "3 series"


def test_a_baseline_that_lacks_a_window_has_no_score_of_the_series():
    """It is last, however low its mean is, and it is said of how many series that is."""
    found = made({"x": [5, 5, 5, 5, 5, 5]}, SERIES, [1, np.nan, 2, 4, np.nan, np.nan])
    row = found.distribution.iloc[-1]
    assert (row["name"], row["count"], row["mean"]) == ("Theta", 1, 3)
    assert found.kind_of(row.to_dict()) == "baseline, 1 of 3 series"
    assert found.kind_of(found.distribution.iloc[0].to_dict()) == ""


def test_squares_are_averaged_over_windows():
    found = split_report(
        pd.DataFrame({"configuration": "x", "split": list(SERIES), "mean": [3.0, 4.0, 3.0, 4.0, 3.0, 4.0]}),
        pd.DataFrame(columns=["baseline", "split", "score"]),
        SERIES,
        None,
        "",
        squared=True,
    )
    assert found.distribution["mean"].iloc[0] == pytest.approx(np.sqrt(12.5))


def test_windows_of_one_series_are_the_sample():
    found = made({"x": [1, 3, 4]}, {"w1": "a", "w2": "a", "w3": "a"}, [2.0] * 3)
    assert found.words == "3 windows"
    assert found.distribution.set_index("name").loc["x", "count"] == 3


def test_every_split_has_its_best_baseline():
    found = made({"x": [1, 3], "y": [2, np.nan]}, {"a": "a", "b": "b"}, [5.0, np.nan])
    assert found.table[["x", "y"]].to_numpy() == pytest.approx(np.array([[1, 2], [3, np.nan]]), nan_ok=True)
    assert found.table["best baseline"].iloc[0] == "Theta"
    assert pd.isna(found.table["best baseline"].iloc[1])


def test_extremes_are_named_where_there_are_many_splits():
    series = {f"s{place}": f"s{place}" for place in range(30)}
    found = made({"x": list(range(30))}, series, [5.0] * 30)
    best, worst = (rows["split"].tolist() for _, rows in found.extremes.groupby("which", sort=False))
    assert best == ["s0", "s1", "s2", "s3", "s4"]
    assert worst == ["s29", "s28", "s27", "s26", "s25"]
    assert made({"x": [1, 2]}, {"a": "a", "b": "b"}, [5.0, 5.0]).extremes.empty
