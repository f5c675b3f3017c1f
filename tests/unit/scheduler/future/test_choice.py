"""A choice on the test rows is repeated without each of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scheduler.future.choice import by_validation, chosen_on_test, nested_error
from store import ForecastSet, TrajectorySet


def errors(*rows: list[float]) -> ForecastSet:
    """Return the forecasts of repeats with these errors of each test row."""
    forecast = np.array(rows)[:, :, None, None]
    return ForecastSet(repeats=np.arange(len(rows)), observed=np.zeros(forecast.shape[1:]), forecast=forecast)


def test_the_error_of_the_choice_is_that_of_rows_that_did_not_choose() -> None:
    """Row 0 makes a the best; without it, b would be chosen, which is worse there."""
    found = nested_error({"a": errors([1.0, 3.0, 3.0]), "b": errors([5.0, 2.0, 2.0])})
    assert found == pytest.approx((np.sqrt(19 / 3), np.sqrt((25 + 9 + 9) / 3)))


def test_rows_that_share_a_target_do_not_choose() -> None:
    """Over two steps, each row is forecast by what is best on the rows two or more away; as found row by row."""
    drawn = np.random.default_rng(3).normal(size=(3, 2, 6, 2, 1))
    made = {
        str(number): ForecastSet(repeats=np.arange(2), observed=np.zeros((6, 2, 1)), forecast=one)
        for number, one in enumerate(drawn)
    }
    squares = (drawn**2).mean(axis=(3, 4))
    away = [[other for other in range(6) if abs(other - row) >= 2] for row in range(6)]
    best = [min(squares, key=lambda one, kept=kept: np.sqrt(one[:, kept].mean(axis=1)).mean()) for kept in away]
    nested = np.stack([one[:, row] for row, one in enumerate(best)], axis=1)
    found = nested_error(made)
    assert found is not None
    assert found[1] == pytest.approx(np.sqrt(nested.mean(axis=1)).mean())
    short = {
        label: replace(one, observed=one.observed[:3], forecast=one.forecast[:, :3]) for label, one in made.items()
    }
    assert nested_error(short) is None


def test_one_configuration_or_one_row_repeats_no_choice() -> None:
    """And it is said that its error is too low."""
    assert nested_error({"a": errors([1.0, 2.0])}) is None
    assert nested_error({"a": errors([1.0]), "b": errors([2.0])}) is None
    assert "too low" in chosen_on_test({"a": errors([1.0])}, 1)


def test_validation_rows_choose_the_least_last_error() -> None:
    """Of the repeats that did not diverge."""
    made = {}
    for label, last in (("a", [3.0, np.nan]), ("b", [2.0, 2.5])):
        curve = np.array([[9.0, one] for one in last])
        epochs, repeats = np.array([1, 2]), np.arange(2)
        made[label] = TrajectorySet(repeats=repeats, epochs=epochs, train=curve, test=curve, validation=curve)
    assert by_validation(made) == {"b": 2.25, "a": 3.0}
