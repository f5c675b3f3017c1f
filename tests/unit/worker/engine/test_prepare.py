"""Preparation: rows, scaling and the way back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from store.preparation.transforms import errors
from store.records import Series
from store.schema.configuration import Configuration
from worker.engine.arrays import Float64s
from worker.engine.prepare import prepare

VALUES = arrays.arrays(
    np.float64, (24, 2), elements=st.integers(-(10**6), 10**6).map(lambda thousandths: thousandths / 1000)
)
FRAMINGS = st.fixed_dictionaries(
    {
        "difference": st.one_of(st.integers(0, 3), st.sampled_from([(1, 2), (1, 1)])),
        "lags": st.integers(1, 3),
        "lags_as": st.sampled_from(["features", "timesteps"]),
        "horizon": st.integers(1, 3),
        "target_at": st.sampled_from(["next", "last", "previous"]),
        "scale": st.sampled_from([None, (-1.0, 1.0), (0.0, 1.0), "standard", "robust"]),
    }
)


def series(values: Float64s) -> Series:
    """Return a series of two columns."""
    return Series(name="x", columns=("a", "b"), values=values, content_hash="x")


def configuration(**framing: Any) -> Configuration:
    """Return a configuration that forecasts both columns from both, with 5 test rows."""
    columns = {"name": "x", "targets": ("a", "b"), "inputs": ("b", "a")}
    return Configuration.model_validate(
        {"series": columns, "test": 5, "prepare": framing, "training": {"batch_size": 1}}
    )


class TestShampooRows:
    """The rows of the diagnostic protocol."""

    SALES = np.array([266.0, 145.9, 183.1, 119.3, 180.3, 168.5, 231.8, 224.5, 192.8, 122.9])

    def one(self, **parts: Any) -> Any:
        """Prepare the first ten months with three test rows."""
        single = Series(name="x", columns=("a",), values=self.SALES[:, None], content_hash="x")
        columns = {"name": "x", "targets": ("a",), "inputs": ("a",)}
        given = {"series": columns, "test": 3, "prepare": {"trim": 1} | parts, "training": {"batch_size": 2}}
        return prepare(Configuration.model_validate(given), single)

    def test_inputs_are_scaled_previous_differences(self) -> None:
        """Eight rows of differences, the first five scaled to [-1, 1], of which the first is trimmed."""
        prepared = self.one()
        before = np.diff(self.SALES)[:-1]
        low, high = before[:5].min(), before[:5].max()
        expected = (before[1:5] - low) / (high - low) * 2 - 1
        np.testing.assert_allclose(prepared.train.inputs[:, 0, 0], expected, atol=1e-6)
        np.testing.assert_array_equal(prepared.test.observed[:, 0, 0], self.SALES[7:])
        np.testing.assert_array_equal(prepared.test.base[:, 0, 0], self.SALES[6:9])

    def test_lags_as_time_steps_are_in_order_of_time(self) -> None:
        """The last step of a row is the latest."""
        prepared = self.one(lags=3, lags_as="timesteps", difference=0, scale=None, trim=0)
        np.testing.assert_allclose(prepared.train.inputs[0, :, 0], self.SALES[:3], rtol=1e-6)
        assert prepared.train.targets[0, 0, 0] == pytest.approx(self.SALES[3], rel=1e-6)


class TestProperties:
    """What holds of every series and framing."""

    @settings(max_examples=60, deadline=None)
    @given(VALUES, FRAMINGS)
    def test_scaling_and_differencing_undo_themselves(self, values: Float64s, framing: dict[str, Any]) -> None:
        """Scaled targets, inverted, are what was observed, over any horizon."""
        prepared = prepare(configuration(**framing), series(values))
        for rows in (prepared.train, prepared.test):
            size = 1e-5 * (1 + np.abs(values).max())
            np.testing.assert_allclose(prepared.invert(rows.targets, rows), rows.observed, atol=size)

    @settings(max_examples=60, deadline=None)
    @given(VALUES, FRAMINGS, st.floats(-1e6, 1e6, width=32))
    def test_the_test_part_touches_no_training_row(
        self, values: Float64s, framing: dict[str, Any], other: float
    ) -> None:
        """Other values at the times of the test targets leave the training rows and the scaling as they were."""
        chosen = configuration(**framing)
        before = prepare(chosen, series(values))
        changed = values.copy()
        asked = before.cut.target_times(before.cut.test.start).start
        changed[max(asked, before.cut.input_times(before.cut.train.stop - 1)[-1] + 1) :] = other
        after = prepare(chosen, series(changed))
        np.testing.assert_array_equal(before.train.inputs, after.train.inputs)
        np.testing.assert_array_equal(before.train.targets, after.train.targets)
        np.testing.assert_array_equal(before.scaler.low, after.scaler.low)

    @settings(max_examples=60, deadline=None)
    @given(VALUES, FRAMINGS)
    def test_rows_known_at_a_step_are_past(self, values: Float64s, framing: dict[str, Any]) -> None:
        """What an update trains on ends before the first target of the row that is forecast next."""
        prepared = prepare(configuration(**framing), series(values))
        for step in range(len(prepared.test)):
            known = prepared.cut.train.start + len(prepared.known(step)) - 1
            asked = prepared.cut.target_times(prepared.cut.test.start + step).start
            assert prepared.cut.target_times(known).stop <= asked

    @settings(max_examples=30, deadline=None)
    @given(VALUES, FRAMINGS, st.floats(-1, 1))
    def test_errors_are_linear_in_the_scaled_ones(self, values: Float64s, framing: dict[str, Any], off: float) -> None:
        """The spread turns a scaled error into what inversion makes of it."""
        prepared = prepare(configuration(**framing), series(values))
        rows = prepared.test
        moved = prepared.invert(rows.targets + np.float32(off), rows) - prepared.invert(rows.targets, rows)
        expected = (np.float32(off) * prepared.spread).sum(axis=1)
        np.testing.assert_allclose(
            moved, np.broadcast_to(expected, moved.shape), atol=1e-4 * (1 + np.abs(values).max())
        )


POSITIVE = arrays.arrays(np.float64, (24, 2), elements=st.integers(1, 10**6).map(lambda number: number / 1000))
TRANSFORMED = st.builds(
    lambda framing, word: framing | {"transform": word, "scale": framing["scale"] or "standard"},
    FRAMINGS,
    st.sampled_from(["log", "log1p", "sqrt", "box_cox"]),
)


class TestTransforms:
    """Transforms before differencing and scaling."""

    @settings(max_examples=15, deadline=None)
    @given(POSITIVE, TRANSFORMED)
    def test_all_of_it_is_undone(self, values: Float64s, framing: dict[str, Any]) -> None:
        """The targets, inverted, are what was observed, over any horizon, as far as 32 bits hold them."""
        prepared = prepare(configuration(**framing), series(values))
        for rows in (prepared.train, prepared.test):
            exact = rows.targets.astype(np.float64) - 2.0**-20 * np.abs(rows.targets), rows.targets
            lower, found = (prepared.invert(targets, rows) for targets in exact)
            size = 1e-4 * (1 + np.abs(values).max()) + 100 * np.abs(found - lower)
            assert (np.abs(found - rows.observed) <= size).all()

    @settings(max_examples=15, deadline=None)
    @given(POSITIVE, TRANSFORMED, st.floats(1.0, 1e6))
    def test_no_test_row_changes_what_is_fitted(self, values: Float64s, framing: dict[str, Any], other: float) -> None:
        """Neither power nor scale."""
        before = prepare(configuration(**framing), series(values))
        changed = values.copy()
        asked = before.cut.target_times(before.cut.test.start).start
        changed[max(asked, before.cut.input_times(before.cut.train.stop - 1)[-1] + 1) :] = other
        after = prepare(configuration(**framing), series(changed))
        assert before.transforms == after.transforms
        np.testing.assert_array_equal(before.scaler.factor, after.scaler.factor)
        np.testing.assert_array_equal(before.train.inputs, after.train.inputs)

    @settings(max_examples=15, deadline=None)
    @given(POSITIVE, TRANSFORMED, st.sampled_from(["direct", "recursive"]), st.integers(2, 12))
    def test_training_rows_have_nothing_of_what_was_missing(
        self, values: Float64s, framing: dict[str, Any], strategy: str, place: int
    ) -> None:
        """Whatever is filled in for it, with any differences and at any step of a horizon."""
        plain = configuration(**(framing | {"strategy": strategy, "lags": 1, "target_at": "next"}))
        chosen = plain.model_copy(
            update={"series": plain.series.model_copy(update={"left_out": ((place, place + 1),)})}
        )
        filled = values.copy()
        filled[place] *= 1.5
        one, other = (prepare(chosen, series(some)) for some in (values, filled))
        for part in ("inputs", "targets", "observed", "base", "later"):
            np.testing.assert_array_equal(getattr(one.train, part), getattr(other.train, part))

    @pytest.mark.parametrize("word", ["log", "log1p", "sqrt", "box_cox"])
    @pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
    def test_errors_of_the_program_are_those_of_forecasts(self, word: str, size: float) -> None:
        """What the program makes of scaled errors, in 32 bits, is what inversion says of forecasts."""
        values = np.exp(np.random.default_rng(4).normal(size=(24, 2)) / 4) * size
        prepared = prepare(
            configuration(transform={"a": word}, difference=[1, 2], horizon=3, scale="robust"), series(values)
        )
        rows = prepared.test
        off = (np.random.default_rng(5).normal(size=rows.targets.shape) / 10).astype(np.float32)
        moved = (off[:, None] * prepared.spread).sum(axis=2)
        of_a, of_b = (
            errors(one, moved[..., n], rows.terms[..., n].swapaxes(0, 1), np) for n, one in enumerate((word, "none"))
        )
        expected = prepared.invert(rows.targets.astype(np.float64) + off, rows) - rows.observed
        np.testing.assert_allclose(np.stack([of_a, of_b], -1) * prepared.unit, expected, rtol=1e-4, atol=1e-5 * size)


class TestConstantColumns:
    """A column that is constant before the test rows gives no scale."""

    LINE = np.arange(24) * 0.1
    STEP = np.where(np.arange(24) < 20, 7.5, 8.5)

    def one(self, values: Float64s) -> Any:
        """Prepare a column with itself as the input, differenced by 1."""
        return prepare(configuration(difference=1, scale=(-1.0, 1.0)), series(np.stack([values, values], axis=1)))

    @pytest.mark.parametrize("factor", [1.0, 1e-25, 1e25])
    @pytest.mark.parametrize("values", [LINE, STEP, np.full(24, 7.5)], ids=["line", "step", "constant"])
    def test_forecasts_are_the_constant_in_any_unit(self, values: Float64s, factor: float) -> None:
        """Differences that are rounding noise, as those of a straight line, count as constant."""
        prepared = self.one(factor * values)
        assert (prepared.rows.inputs == -1).all()
        drawn = np.random.default_rng(0).normal(size=prepared.test.targets.shape).astype(np.float32)
        forecast = prepared.invert(drawn, prepared.test)
        usual = values[1] - values[0]
        np.testing.assert_allclose(forecast, prepared.test.base + factor * usual, rtol=1e-12)

    def test_curves_count_what_scaled_errors_do_not_show(self) -> None:
        """A jump in the test rows is an error of every forecast."""
        prepared = self.one(self.STEP)
        assert prepared.missed(prepared.train) == 0.0
        assert prepared.missed(prepared.test) == pytest.approx(np.sqrt(1 / 5))

    def test_a_small_spread_around_a_large_value_is_no_rounding(self) -> None:
        """Ten digits of it are there."""
        assert not self.one(1e6 + np.random.default_rng(0).normal(size=24)).scaler.constant.any()
