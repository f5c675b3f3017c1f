"""A choice on the test rows is repeated without each of them."""

from __future__ import annotations

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
