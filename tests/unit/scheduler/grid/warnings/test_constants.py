"""Constant inputs and test parts are named, and what is advised ends the warning."""

from __future__ import annotations

import numpy as np

from tests.unit.scheduler.grid.warnings.reading import NOISE, warnings_of

BOTH = {"targets": ["y"], "inputs": ["y", "x"]}


def test_a_constant_input_and_the_way_out() -> None:
    """Leaving it out."""
    table = {"y": NOISE, "x": np.full(48, 5.0)}
    (line,) = warnings_of(table, series=BOTH)
    assert "the input x is constant (5) before the test rows" in line
    assert "leave x out of series.inputs" in line
    assert warnings_of(table, series={"targets": ["y"], "inputs": ["y"]}) == ()


def test_an_input_that_changes_once() -> None:
    """It is nearly constant."""
    x = np.full(48, 5.0)
    x[7] = 6.0
    (line,) = warnings_of({"y": NOISE, "x": x}, series=BOTH)
    assert "the input x is nearly constant before the test rows (5 in 41 of 42 values)" in line


def test_a_straight_line_is_constant_once_differenced() -> None:
    """Without differencing it is not."""
    (line,) = warnings_of(np.arange(48.0))
    assert "the input y, differenced by 1, is constant (1)" in line
    assert "set prepare.difference to 0" in line
    assert warnings_of(np.arange(48.0), prepare={"difference": 0}) == ()


def test_a_test_part_of_one_value_and_the_way_out() -> None:
    """A larger test."""
    values = NOISE.copy()
    values[-6:] = 2.0
    (line,) = warnings_of(values)
    assert "the test part of y is one constant (2 in 6 values)" in line
    assert warnings_of(values, test=8) == ()
    assert warnings_of(values, test=1) == ()
