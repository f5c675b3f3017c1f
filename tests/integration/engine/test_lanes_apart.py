"""Lanes that hold rows of their own: other series, other numbers of rows, gaps where their state is reset."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from store.records import Result, Series
from store.schema.configuration import Configuration
from tests.integration.engine.reference import CLOSE, KerasRepeat, Reference, configured, differences
from tests.integration.engine.test_engine_bits import bits
from worker.engine import models
from worker.engine.backend import tf
from worker.engine.prepare import Rows, prepare
from worker.engine.train import Lane, train, train_apart

#: of 3 or 4, and of 5 to 8 training batches, which is two programs
LENGTHS = (18, 21, 23, 29, 34, 40)


@cache
def series(observations: int) -> Series:
    """Return a walk of so many observations, which is another one for each number of them."""
    values = 100 + 10 * np.random.default_rng(observations).normal(size=observations).cumsum()
    return Series(name="walk", columns=("value",), values=values[:, None], content_hash=f"walk {observations}")


@cache
def alone(observations: int, seed: int) -> bytes:
    """Return the bits of a repeat that is trained alone."""
    return bits(apart(one(), [(observations, seed)])[0])


def one(**parts: Any) -> Configuration:
    """Return a configuration of such series, with few epochs."""
    training = {"epochs": 6, "batch_size": 4} | parts.pop("training", {})
    given = {"test": 4, "model": {"units": 1}, **parts}
    return configured(series(18), training=training, **given)


def apart(configuration: Configuration, lanes: list[tuple[int, int]]) -> list[Result]:
    """Train lanes, each with its number of observations and its seed."""
    made = [Lane(job_id=number, configuration=configuration, seed=seed) for number, (_, seed) in enumerate(lanes)]
    rows = [prepare(configuration, series(observations)) for observations, _ in lanes]
    return train_apart(made, rows, progress=lambda done, total: None)


CASES: dict[str, dict[str, Any]] = {
    "clipped adam of logarithms": {
        "model": {},
        "prepare": {"transform": "log", "horizon": 2, "strategy": "recursive"},
        "training": {"optimizer": {"name": "adam", "clipnorm": 0.5}},
    },
    "update": {"model": {}, "training": {"batch_size": 2}, "protocol": {"kind": "update", "update_epochs": 2}},
    "refit": {"model": {}, "training": {"batch_size": 2}, "protocol": {"kind": "refit"}},
    "transfer": {"model": {}, "test": 0, "training": {"batch_size": 3}, "protocol": {"kind": "batch_transfer"}},
}


class TestLanes:
    """What lanes hold is their own affair."""

    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.sampled_from(LENGTHS), st.integers(50, 52)), min_size=1, max_size=40))
    @example([(18, 50), *[(40, 51)] * 3, (18, 51), (21, 50)])
    def test_no_bit_depends_on_the_lanes_beside(self, lanes: list[tuple[int, int]]) -> None:
        """Any mix of series and lanes, more than a program has too: each repeat is as it is alone."""
        for lane, result in zip(lanes, apart(one(), lanes), strict=True):
            assert bits(result) == alone(*lane)

    def test_epochs_are_a_lane_s_own(self) -> None:
        """A repeat of 3 epochs is the beginning of that of 6 on the same rows; on others it is not."""
        short, long = one(training={"epochs": 3}), one()
        made = [Lane(job_id=0, configuration=chosen, seed=50) for chosen in (short, long, short)]
        same = prepare(long, series(23))
        rows = [same, same, prepare(long, series(29))]
        first, second, other = train_apart(made, rows, progress=lambda done, total: None)
        assert first.trajectory
        assert second.trajectory
        assert first.trajectory.test_rmse.tolist() == second.trajectory.test_rmse[:3].tolist()
        assert other.test_rmse != first.test_rmse

    @pytest.mark.parametrize("parts", CASES.values(), ids=CASES)
    def test_whatever_is_trained(self, parts: dict[str, Any]) -> None:
        """Steps of longer lanes leave weights and the counts of the optimizer alone, in every protocol."""
        found = apart(one(**parts), [(37, 51), (30, 50), (40, 52)])
        assert bits(apart(one(**parts), [(30, 50)])[0]) == bits(found[1])
        assert bits(found[1]) != bits(found[0])

    def test_a_lane_learns_what_it_learns_from_shared_rows(self) -> None:
        """Orders, masks and the counts of Nadam are those of a lane that no other is longer than."""
        model, training = {"units": 9, "dropout": 0.2, "stateful": False}, {"optimizer": "nadam", "shuffle": True}
        configuration = one(model=model, training=training, prepare={"pad": True})
        found = apart(configuration, [(36, 51), (30, 50), (38, 52)])[1]
        lane = Lane(job_id=0, configuration=configuration, seed=50)
        expected = train([lane], series(30), progress=lambda done, total: None)[0]
        assert found.forecasts
        assert expected.forecasts
        assert np.abs(found.forecasts.forecast - expected.forecasts.forecast).max() <= CLOSE


class KerasWithGaps(KerasRepeat):
    """One repeat of a stateful model whose states are reset, row by row of a batch, where rows are left out."""

    def fit(self, rows: Rows) -> None:
        """Train one epoch."""
        for cut in self._cuts(rows):
            self._before(rows, cut)
            self._step(tf.constant(rows.inputs[cut]), tf.constant(self._asked(rows)[cut]))

    def predict(self, rows: Rows) -> Any:
        """Forecast rows in batches."""
        outputs = []
        for cut in self._cuts(rows):
            self._before(rows, cut)
            outputs.append(self._call(tf.constant(rows.inputs[cut])))
        return np.concatenate(outputs).reshape(rows.targets.shape)

    def _before(self, rows: Rows, cut: slice) -> None:
        if not cut.start:
            return
        ahead = rows.stretch[cut] != rows.stretch[cut.start - self.batch : cut.start]
        for layer in models.recurrent(self.model):
            for state in layer.states:
                state.assign(np.where(ahead[:, None], 0.0, state.numpy()))


def test_a_gap_resets_the_state() -> None:
    """Rows with missing values are left out, and rows behind them start from a reset state, in training too."""
    columns = {"left_out": ((9, 10), (14, 16))}
    parts: dict[str, Any] = {"test": 3, "model": {"kernel_initializer": "ones"}, "columns": columns}
    configuration = configured(series(29), training={"epochs": 5, "batch_size": 3}, **parts)
    rows = prepare(configuration, series(29))
    assert rows.train.stretch.tolist() == sorted(rows.train.stretch.tolist())
    assert rows.rows.stretch[-1] == 2
    lane = Lane(job_id=0, configuration=configuration, seed=51)
    shared = train([lane], series(29), progress=lambda done, total: None)[0]
    reference: Reference = KerasWithGaps(configuration, series(29), 51).run(5)
    assert max(differences(reference, shared).values()) <= CLOSE
    own = train_apart([lane], [rows], progress=lambda done, total: None)[0]
    assert max(differences(reference, own).values()) <= CLOSE
