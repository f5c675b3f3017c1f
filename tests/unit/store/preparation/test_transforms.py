"""Transforms equal those of SciPy and scikit-learn, and their inverses undo them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special, stats
from sklearn.preprocessing import PowerTransformer

from store.preparation.scaling import Scaler
from store.preparation.transforms import Transform, errors, outside

VALUES = np.exp(np.random.default_rng(1).normal(size=80) / 3) * 40
WORDS = ("none", "log", "log1p", "sqrt", "box_cox")
PLAIN: dict[str, Any] = {"none": np.asarray, "log": np.log, "log1p": np.log1p, "sqrt": np.sqrt}


@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("word", WORDS)
def test_the_inverse_undoes_it(word: str, unit: float) -> None:
    """In any unit, to ten digits."""
    values = VALUES * unit
    transform = Transform.fit(word, values, scaled=True)
    np.testing.assert_allclose(transform.undo(transform.apply(values)), values, rtol=1e-10, atol=1e-15 * (unit < 1))


@pytest.mark.parametrize("word", [word for word in WORDS if word != "box_cox"])
def test_the_plain_ones(word: str) -> None:
    np.testing.assert_array_equal(Transform.fit(word, VALUES, scaled=True).apply(VALUES), PLAIN[word](VALUES))


def test_box_cox_is_scipys() -> None:
    """Without a scale the values are those of the textbook."""
    expected, power = stats.boxcox(VALUES)
    transform = Transform.fit("box_cox", VALUES, scaled=False)
    assert transform.power == pytest.approx(power, abs=1e-6)
    np.testing.assert_allclose(transform.apply(VALUES), expected, rtol=1e-6)
    np.testing.assert_allclose(transform.undo(expected), special.inv_boxcox(expected, transform.power), rtol=1e-12)


@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e9])
def test_box_cox_standardized_is_scikit_learns(unit: float) -> None:
    """The scale takes away what the unit of the values does."""
    transform = Transform.fit("box_cox", VALUES * unit, scaled=True)
    rows = transform.apply(VALUES * unit)[:, None]
    found = Scaler.fit(rows, ["standard"], np.abs(rows).max(axis=0)).apply(rows)
    np.testing.assert_allclose(found, PowerTransformer("box-cox").fit_transform(VALUES[:, None]), atol=1e-5)


def test_a_constant_has_a_power() -> None:
    """No likelihood says which, and none is needed."""
    transform = Transform.fit("box_cox", np.full(9, 7.5), scaled=True)
    assert transform.undo(transform.apply(np.array([7.5, 8.0]))) == pytest.approx([7.5, 8.0])


def test_a_small_spread_around_a_large_value_keeps_its_digits() -> None:
    """The power is bounded, and values are counted in their mean."""
    values = 1e9 + np.random.default_rng(2).normal(size=60) * 1e4
    transform = Transform.fit("box_cox", values, scaled=True)
    assert abs(transform.power) <= 5
    np.testing.assert_allclose(transform.undo(transform.apply(values)), values, rtol=1e-14)


@pytest.mark.parametrize(
    ("word", "inside", "out"),
    [("log", 1e-300, 0.0), ("log1p", -0.999, -1.0), ("sqrt", 0.0, -1e-9), ("box_cox", 1.0, 0.0)],
)
def test_domains(word: str, inside: float, out: float) -> None:
    assert outside(word, np.array([inside, out])).tolist() == [False, True]
    assert not outside("none", np.array([inside, out])).any()


@pytest.mark.parametrize(
    ("transform", "forecast", "value"),
    [
        (Transform(word="sqrt"), -3.0, 0.0),
        (Transform(word="box_cox", power=0.5), -3.0, 0.0),
        (Transform(word="box_cox", power=-0.5), 3.0, np.inf),
        (Transform(word="log"), 1e3, np.inf),
        (Transform(word="log1p"), -1e3, -1.0),
    ],
)
def test_forecasts_that_no_value_has(transform: Transform, forecast: float, value: float) -> None:
    """The nearest value, or infinity; what is not a number stays so."""
    np.testing.assert_array_equal(transform.undo(np.array([forecast, np.nan])), [value, np.nan])
    moved = np.array([forecast]) - transform.apply(np.array([2.0]))
    with np.errstate(all="ignore"):
        found = errors(transform.word, moved, transform.terms(np.array([2.0]), 1.0), np)
    np.testing.assert_allclose(found, [value - 2.0])


@pytest.mark.parametrize("power", [None, 1e-8, -2.0, 3.0])
@pytest.mark.parametrize("word", WORDS)
def test_errors_without_forecasts(word: str, power: float | None) -> None:
    """In 32 bits they have the digits that a difference of forecasts would lose."""
    if power is not None and word != "box_cox":
        return
    transform = Transform.fit(word, VALUES, scaled=True)
    transform = transform if power is None else Transform(word=word, power=power, center=40.0)
    moved: NDArray[np.float64] = np.random.default_rng(3).normal(size=80) * np.ptp(transform.apply(VALUES)) * 1e-4
    expected = transform.undo(transform.apply(VALUES) + moved) - VALUES
    terms = transform.terms(VALUES, 4.0).astype(np.float32)
    given = moved if word != "none" else moved / 4
    np.testing.assert_allclose(errors(word, given.astype(np.float32), terms, np) * 4, expected, rtol=2e-6)
