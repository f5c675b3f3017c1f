"""Ensembles and intervals over all splits of a configuration, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scheduler.statistics.ensembles.table import COLUMNS
from scheduler.statistics.intervals.coverage import clopper_pearson
from scheduler.statistics.intervals.table import COLUMNS as INTERVALS
from scheduler.statistics.over_splits.together import pool_ensembles, pool_intervals
from store.experiments.cells import Cell
from store.forecast_scores import SCORES


def cell(series: str, window: int) -> Cell:
    """Return a configuration on a split."""
    split = f"{series}, window {window} of 2"
    return Cell(label=f"a @ {split}", point="a", split=split, all_splits="all", series_hash=series, series=series)


CELLS = {one.label: one for one in (cell("x", 1), cell("x", 2), cell("y", 1), cell("y", 2))}


def ensembles(values: dict[str, float]) -> pd.DataFrame:
    """Return a median for each split, with the same number for every score."""
    rows = [
        {"configuration": label, "combination": "median", "repeats": 3, **dict.fromkeys(SCORES, value), "low": 0.0}
        for label, value in values.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def test_scores_are_pooled_over_windows_and_averaged_over_series() -> None:
    """As those of repeats are; an interval of the score is not put together."""
    found = pool_ensembles(ensembles(dict(zip(CELLS, (1.0, 3.0, 5.0, 7.0), strict=True))), CELLS)
    assert found["configuration"].tolist() == ["a"]
    assert found["mae"].item() == pytest.approx((2 + 6) / 2)
    assert found["rmse"].item() == pytest.approx((np.sqrt(5) + np.sqrt(37)) / 2)
    assert found["low"].isna().all()


def test_a_configuration_that_lacks_a_split_has_none() -> None:
    """A mean over others would be of other rows."""
    assert pool_ensembles(ensembles(dict(zip(list(CELLS)[:3], (1.0, 2.0, 3.0), strict=True))), CELLS).empty


def test_values_in_intervals_are_counted_over_windows_and_series() -> None:
    """Widths are in the units of a series."""
    rows = [
        dict.fromkeys(INTERVALS, 2.0)
        | {"configuration": label, "level": 80.0, "checked": 10, "coverage": share, "walked": 5, "walk_forward": 0.8}
        | {"rows": 10, "basis": "conformal", "repeats": 3}
        for label, share in zip(CELLS, (0.7, 0.8, 0.9, 1.0), strict=True)
    ]
    (found,) = pool_intervals(pd.DataFrame(rows), CELLS).to_dict("records")
    assert (found["checked"], found["coverage"], found["walked"]) == (40, pytest.approx(0.85), 20)
    assert found["low"] < 0.85 < found["high"]
    assert np.isnan(found["width"])
    one = {label: cell for label, cell in CELLS.items() if cell.series == "x"}
    (alone,) = pool_intervals(pd.DataFrame(rows[:2]), one).to_dict("records")
    assert alone["width"] == pytest.approx(2.0)


def test_values_of_one_row_count_as_one() -> None:
    """Three steps of ten rows in two windows are 20 values that tell how sure the coverage is, and not 60."""
    rows = [
        dict.fromkeys(INTERVALS, 2.0)
        | {"configuration": label, "level": 80.0, "checked": 30, "coverage": 0.8, "rows": 10, "basis": "conformal"}
        for label in list(CELLS)[:2]
    ]
    one = {label: cell for label, cell in CELLS.items() if cell.series == "x"}
    (found,) = pool_intervals(pd.DataFrame(rows), one).to_dict("records")
    assert (found["low"], found["high"]) == pytest.approx(clopper_pearson(16, 20))


def test_a_score_that_no_window_has_is_missing() -> None:
    """As where all rows of a window are needed for a level, and none is left to be checked."""
    nothing = {"checked": 0, "coverage": np.nan, "interval_score": np.nan, "walked": 0, "walk_forward": np.nan}
    rows = [
        dict.fromkeys(INTERVALS, 2.0)
        | {"configuration": label, "level": 80.0, "rows": 4, "basis": "conformal"}
        | nothing
        for label in list(CELLS)[:2]
    ]
    one = {label: cell for label, cell in CELLS.items() if cell.series == "x"}
    (found,) = pool_intervals(pd.DataFrame(rows), one).to_dict("records")
    assert np.isnan(found["interval_score"])
    assert np.isnan(found["low"])
    assert found["width"] == pytest.approx(2.0)
