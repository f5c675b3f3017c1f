"""What is said of inputs in other units, and of medians outside of their intervals."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.future.remarks import on_inputs, on_medians
from scheduler.statistics.intervals.conformal import Basis, Intervals
from store.records import Series

BEFORE = 15 + 10 * np.sin(np.arange(48) / 4)


@pytest.mark.parametrize(
    ("ahead", "far"),
    [(BEFORE[:12], False), (BEFORE[:12] * 1.4, False), (BEFORE[:12] + 273.15, True), (BEFORE[:12] / 1000, True)],
)
def test_inputs_in_other_units_are_named(ahead: np.ndarray, far: bool) -> None:
    """With both ranges; what is forecast has no values ahead."""
    values = np.stack([np.append(BEFORE, np.full(12, np.nan)), np.append(BEFORE, ahead)], axis=1)
    series = Series(name="s", columns=("load", "temperature"), values=values, content_hash="s")
    said = list(on_inputs(series, 48))
    assert len(said) == far
    assert all(one.startswith("temperature is from ") and "and was from 5" in one for one in said)


def test_zeros_say_nothing_of_units() -> None:
    """A holiday that has not been yet is no other unit."""
    values = np.stack([np.append(BEFORE, np.full(2, np.nan)), np.append(np.zeros(48), [0.0, 1.0])], axis=1)
    for ahead in (values, np.vstack([values[:48], values[49:]])):
        assert list(on_inputs(Series(name="s", columns=("load", "holiday"), values=ahead, content_hash="s"), 48)) == []


def test_medians_outside_of_their_intervals_are_counted() -> None:
    """Of the narrowest level, among the steps that are shown."""
    shape = (2, 4, 1)
    low = np.full(shape, -2.0)
    low[0, 1:] = 1.0  # above the median at steps 2 to 4
    found = Intervals(
        levels=(80.0, 95.0),
        low=low,
        high=np.full(shape, 3.0),
        residuals=np.full((4, 1), 30),
        basis=((next(iter(Basis)),) * 4,) * 2,
    )
    (said,) = on_medians(("y",), np.zeros((4, 1)), found, 3)
    assert said.startswith("the median lies outside of its interval in 2 of 3 steps")
    assert list(on_medians(("y",), np.zeros((4, 1)), found, 1)) == []
    assert list(on_medians(("y",), np.zeros((4, 1)), None, 3)) == []
