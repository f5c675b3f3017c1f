"""Sentinels and slips of a decimal mark are far outside; long tails, trends and seasonal peaks are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from scheduler.grid.warnings.outliers import far_outside
from tests.unit.scheduler.grid.warnings.reading import NOISE, warnings_of, warnings_of_file

Floats = NDArray[np.float64]
ROWS = np.arange(60)
DRAWN = np.random.default_rng(1)
LEVELS: dict[str, Floats] = {
    "level": 300 + 3 * DRAWN.normal(size=60),
    "trend": 600 + 6.5 * ROWS + 10 * DRAWN.normal(size=60),
    "season": 500 + 100 * np.sin(ROWS / 2) + 10 * DRAWN.normal(size=60),
    "sales": np.exp(6 + 0.3 * DRAWN.normal(size=60)),
}
#: what many series are like that have no value far outside
ORDINARY: dict[str, Callable[[np.random.Generator], Floats]] = {
    "noise": lambda draw: draw.normal(size=100),
    "random walk": lambda draw: draw.normal(size=100).cumsum(),
    "lognormal": lambda draw: np.exp(draw.normal(size=100)),
    "wide lognormal": lambda draw: np.exp(2 * draw.normal(size=100)),
    "heavy tails": lambda draw: draw.standard_t(3, size=100),
    "growth": lambda draw: np.exp(0.1 * np.arange(100) + 0.1 * draw.normal(size=100)),
    "peaks in December": lambda draw: (100 + 10 * draw.normal(size=60)) * np.where(np.arange(60) % 12 == 11, 8, 1),
    "promotions": lambda draw: draw.poisson(60, size=300) * np.where(draw.random(300) < 0.05, 4.0, 1.0),
    "a month of holidays": lambda draw: draw.poisson(60, size=365) * np.where(np.arange(365) > 350, 5.0, 1.0),
    "counts": lambda draw: draw.poisson(2, size=100).astype(float),
    "flags": lambda draw: (draw.random(100) < 0.05).astype(float),
    "shift of level": lambda draw: np.where(np.arange(100) < 50, 100, 200) + draw.normal(size=100),
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("sentinel", [-99.99, -999.0, 9999.0, 99999.0])
def test_one_and_several_sentinels_are_found(level: str, sentinel: float) -> None:
    """Also where they are a third of all values."""
    for rows in ([17], [3, 17, 44], list(range(20, 40))):
        values = LEVELS[level].copy()
        values[rows] = sentinel
        assert far_outside(values) == rows


@pytest.mark.parametrize("level", ["level", "trend"])
def test_slips_of_the_decimal_mark_are_found(level: str) -> None:
    """A value of 1.003 among 900s, a factor of ten."""
    for factor in (0.001, 10):
        values = LEVELS[level].copy()
        values[[9, 30]] *= factor
        assert far_outside(values) == [9, 30]


def test_many_slips_of_the_decimal_mark_are_found() -> None:
    """They are further away than promotions are."""
    values = 900 + 3 * np.random.default_rng(0).normal(size=100)
    values[5:50:10] /= 1000
    assert far_outside(values) == [5, 15, 25, 35, 45]


@pytest.mark.parametrize("kind", ORDINARY)
def test_ordinary_series_raise_no_alarm(kind: str) -> None:
    """At most 1 of 100 series drawn."""
    alarms = sum(bool(far_outside(ORDINARY[kind](np.random.default_rng(seed)))) for seed in range(100))
    assert alarms <= 1


def test_values_that_are_too_few_or_the_same() -> None:
    """Nothing is outside of nothing."""
    assert [far_outside(np.array(few)) for few in ([1.0, 900.0], [5.0] * 20, [5.0] * 19 + [6.0])] == [[], [], []]


@pytest.mark.parametrize("scale", [1e-310, 1e-25, 1e25, 1e149])
def test_any_unit(scale: float) -> None:
    """What is far outside does not depend on the scale."""
    assert far_outside(np.array([1, 2, 3, 1.5, 2.5, 1.7, 100.0]) * scale) == [6]


def test_the_line_names_value_row_and_rest_and_filling_it_in_helps() -> None:
    """The advice is one."""
    values = 300 + NOISE
    wrong = values.copy()
    wrong[17] = -99.99
    (line,) = warnings_of(wrong)
    assert "1 value of y is far outside the rest (29" in line
    assert "-99.99 in row 18; correct it, or fill in what is missing" in line
    assert warnings_of(values) == ()


def test_reading_it_as_a_missing_value_helps(tmp_path: Path) -> None:
    """The fields that the warning names make a file of it that has none."""
    values = [*(300 + NOISE[:17]), -99.99, *(300 + NOISE[18:])]
    days = pd.date_range("2022-06-01", periods=48)
    lines = ["day,y", *(f"{day:%Y-%m-%d},{value}" for day, value in zip(days, values, strict=True))]
    (line,) = warnings_of_file(tmp_path, lines, "time: day, value: y")
    assert line.endswith("of a file by series.na: [-99.99] and series.missing: previous")
    assert warnings_of_file(tmp_path, lines, "time: day, value: y, na: [-99.99], missing: previous") == ()
