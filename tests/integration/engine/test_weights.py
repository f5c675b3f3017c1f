"""What a model has learnt: by Keras' paths and shapes, the same bits whenever a repeat is trained."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.integration.engine.reference import CLOSE, KerasRepeat, configured, shampoo
from worker.engine.models import Shape
from worker.engine.template import Template
from worker.engine.train import Lane, train

SHAMPOO = shampoo()
SHAPE = Shape(batch=2, timesteps=2, features=1, horizon=1, targets=1)
CELL = ("kernel", "recurrent_kernel", "bias")


def template(model: dict[str, Any], optimizer: Any = "adam") -> Template:
    """Build a model of two steps."""
    return Template.of(configured(SHAMPOO, model=model, training={"optimizer": optimizer}), SHAPE)


@pytest.mark.parametrize(
    ("model", "optimizer"),
    [({"units": 2}, "adam"), ({"units": 20}, "adam"), ({"units": 2}, {"name": "sgd", "clipnorm": 1.0})],
    ids=["lanes last", "lanes first", "weight by weight"],
)
def test_the_weights_of_a_lane_are_those_it_was_given(model: dict[str, Any], optimizer: Any) -> None:
    """However the lanes lie."""
    made = template(model, optimizer)
    values = [np.stack(each, made.axes.lanes) for each in zip(*map(made.initial_values, (1, 2, 3)), strict=True)]
    assert [each.tobytes() for each in made.learnt(values, 1).values()] == [
        each.tobytes() for each in made.initial_weights(2)
    ]


def test_paths_are_the_same_in_every_process() -> None:
    """Whatever models Keras has numbered before."""
    names = [
        *(f"bidirectional/forward_lstm/lstm_cell/{name}" for name in CELL),
        *(f"bidirectional/lstm/lstm_cell/{name}" for name in CELL),
        *(f"bidirectional_1/forward_lstm_1/lstm_cell/{name}" for name in CELL),
        *(f"bidirectional_1/lstm_1/lstm_cell/{name}" for name in CELL),
        *("dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"),
    ]
    for _ in range(2):
        made = template({"kind": "bidirectional", "units": (2, 1), "dense": (3,)})
        assert [path.removeprefix("sequential/") for path in made.paths] == names


@pytest.mark.parametrize("protocol", ["fixed", "refit"])
def test_a_repeat_that_is_trained_again_has_the_same_weights(protocol: str) -> None:
    """In another pack, beside a longer repeat, or alone; they are what Keras makes the last forecast with."""
    parts = {"model": {"units": 1, "stateful": False}, "protocol": {"kind": protocol}, "test": 4}
    short, long = (configured(SHAMPOO, training={"epochs": epochs}, **parts) for epochs in (2, 3))

    def trained(*lanes: Lane) -> Any:
        return train(lanes, SHAMPOO, progress=lambda done, total: None)

    first = Lane(job_id=1, configuration=short, seed=51, keeps_weights=True)
    others = [Lane(job_id=2, configuration=long, seed=51), Lane(job_id=3, configuration=short, seed=52)]
    packed, longer, other = trained(first, *others)
    (alone,) = trained(first)
    assert [longer.weights, other.weights] == [None, None]
    assert list(packed.weights) == [f"sequential/lstm/lstm_cell/{name}" for name in CELL] + [
        "sequential/dense/kernel",
        "sequential/dense/bias",
    ]
    assert {path: each.tobytes() for path, each in alone.weights.items()} == {
        path: each.tobytes() for path, each in packed.weights.items()
    }
    without = trained(Lane(job_id=1, configuration=short, seed=51))[0]
    assert without.forecasts.forecast.tobytes() == packed.forecasts.forecast.tobytes()
    keras = KerasRepeat(short, SHAMPOO, 51, traced=False)
    for variable, value in zip(keras.model.trainable_variables, packed.weights.values(), strict=True):
        variable.assign(value)
    rows = keras.prepared.test if protocol == "fixed" else keras.prepared.test[-1:]
    forecast = keras.prepared.invert(keras.predict(rows), rows)
    assert np.abs(forecast - packed.forecasts.forecast[-len(rows) :]).max() <= CLOSE
