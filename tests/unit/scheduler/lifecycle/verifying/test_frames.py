"""Stored frames against computed ones."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from scheduler.lifecycle.verifying.conclusions import KEYS
from scheduler.lifecycle.verifying.frames import differing, same
from store.database.tables import baseline_rows, comparison_rows

COMPUTED = pd.DataFrame({"a": ["x", "y"], "n": [1.0, math.nan], "of": ["p", None], "all": [[1.0, math.inf], [2.0]]})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, []),
        ({"n": [1.0 + 1e-12, None]}, []),
        ({"all": [[1.0, None], [2.0]]}, []),
        ({"n": [1.5, None]}, ["n of x is stored as 1.5, and is 1.0"]),
        ({"of": ["p", "q"]}, ["of of y is stored as q, and is None"]),
        ({"all": [[1.0], [2.0]], "n": [2.0, None]}, ["n of x is stored as 2.0, and is 1.0; so is 1 other"]),
        ({"a": ["x", "z"]}, ["y is not stored; so is 1 other"]),
    ],
)
def test_differences_are_named_by_row_and_column(change: dict[str, list[object]], said: list[str]) -> None:
    """What is missing, infinite or no number is stored as nothing; the first difference stands for all."""
    assert differing(COMPUTED.assign(**change), COMPUTED, ["a"], close=1e-9) == said


def test_rows_that_are_missing_altogether() -> None:
    """Two empty frames are equal."""
    assert differing(COMPUTED[:0], COMPUTED[:0], ["a"], close=0) == []
    assert differing(COMPUTED[:0], COMPUTED, ["a"], close=0) == ["0 rows are stored, and 2 computed"]


def test_truth_is_no_number() -> None:
    """A flag is compared as one."""
    assert same(True, True, 0)
    assert not same(True, False, 0.5)


def test_rows_are_told_apart_as_they_are_stored() -> None:
    """A pair is compared on its splits and beyond them: none of both rows may pass for the other."""
    for table, name in ((comparison_rows, "comparisons"), (baseline_rows, "baselines")):
        assert {*KEYS[name][0], "experiment_id"} == {column.name for column in table.primary_key}
