"""The table of intervals."""

from __future__ import annotations

import numpy as np

from scheduler.statistics.ensembles.table import Members
from scheduler.statistics.intervals.table import COLUMNS, score_intervals

RNG = np.random.default_rng(2)


def members(rows: int, repeats: int = 5) -> Members:
    """Return repeats that forecast 0 but for a little noise."""
    observed = RNG.normal(size=(rows, 1, 1))
    return Members(label=f"{rows} rows", observed=observed, forecast=RNG.normal(0, 0.1, (repeats, rows, 1, 1)))


def test_levels_that_the_rows_carry() -> None:
    """12 rows carry 80%, 24 also 95%, and 3 none; a single repeat has intervals, too, and none at all has not."""
    table = score_intervals([members(12), members(24), members(3), members(12, 1), members(12, 0)])
    assert list(table.columns) == list(COLUMNS)
    assert table[["configuration", "level", "repeats"]].to_numpy().tolist() == [
        ["12 rows", 80, 5],
        ["24 rows", 80, 5],
        ["24 rows", 95, 5],
        ["12 rows", 80, 1],
    ]
    assert (table["low"] < table["coverage"]).all()
    assert (table["width"] > 1).all()


def test_rows_that_just_carry_a_level_check_nothing() -> None:
    """With one left out there are too few: the width is known, and nothing else."""
    table = score_intervals([members(19)], (95,))
    assert table["checked"].tolist() == [0]
    assert np.isfinite(table["width"]).all()
    assert table[["coverage", "low", "high", "interval_score"]].isna().all(axis=None)
