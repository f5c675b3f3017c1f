"""Printed forecasts: counted by repeats, with the exact interval of their share."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.replication import printed
from scheduler.replication.findings import Ruling
from store.records import ForecastSet

ECHO = np.arange(9) / 10


def forecasts(noise: float, repeats: int = 10) -> ForecastSet:
    """Return repeats that all miss the echo by as much."""
    values = np.tile(ECHO + noise, (repeats, 1))[:, :, None, None]
    return ForecastSet(repeats=np.arange(repeats), observed=ECHO[:, None, None], forecast=values)


def of(way: int, ours: ForecastSet) -> tuple[str, ...]:
    """Return the row of a way to forecast."""
    return list(printed.rows({printed.PRINTED[way].configuration: ours}))[way]


def test_what_is_printed_right_is_counted() -> None:
    """To one decimal; the interval of 10 of 10 is Clopper and Pearson's, 0.025 ** (1 / 10) to 1."""
    assert printed.share(10, 10) == pytest.approx((0.025**0.1, 1.0))
    row = of(0, forecasts(0.04))
    assert row[2:] == (
        "10 of 10 (69% to 100%)",
        "0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8",
        "0.040 (0.040 to 0.040)",
        "holds",
    )


def test_what_is_printed_wrong_is_not() -> None:
    """A finding that forecasts are poor then holds."""
    assert of(0, forecasts(0.06))[-1] == Ruling.FAILS
    assert of(3, forecasts(0.06))[-1] == Ruling.HOLDS
    assert of(3, forecasts(0.0))[-1] == Ruling.FAILS


def test_few_repeats_decide_nothing() -> None:
    """The interval of 2 of 2 contains one half."""
    assert of(0, forecasts(0.0, repeats=2))[-1] == Ruling.UNDECIDED


def test_a_way_that_was_not_run_is_said() -> None:
    """The others are shown all the same."""
    assert [row[2] for row in printed.rows({})] == ["not run"] * 4
