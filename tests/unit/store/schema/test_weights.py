"""The number of weights follows from the schema, as Keras documents it for the models of the suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.grid.grid import Grid
from store.schema.configuration import Configuration, Panel
from store.schema.framing import frame
from store.schema.weights import count_weights
from tests.unit.store.schema.test_configuration import made

FOLDER = Path(__file__).parents[4] / "grids"
KERAS = {
    "vanilla": 10_451,
    "stacked": 30_651,
    "bidirectional": 20_901,
    "cnn_lstm": 23_179,
    "conv_lstm": 33_601,
    "encoder_decoder": 121_301,
    "multiple_parallel_multi_step": 484_603,
}


@pytest.mark.parametrize(
    ("model", "weights"),
    [
        ({"kind": "mlp", "dense": (16, 8)}, 9 * 16 + 17 * 8 + 9),
        ({"kind": "cnn", "filters": 3, "kernel_size": 2, "pool_size": 1}, 5 * 3 + 10),
        ({"kind": "vanilla", "units": 2, "cell": "gru"}, 3 * 2 * 6 + 3),
        ({"kind": "vanilla", "units": 2, "cell": "simple_rnn"}, 2 * 5 + 3),
        ({"kind": "vanilla", "units": 2, "dense": (4,)}, 4 * 2 * 5 + 3 * 4 + 5),
        ({"kind": "encoder_decoder", "units": 2, "encoder": {"units": (3, 2), "bidirectional": True}}, 347),
        ({"kind": "encoder_decoder", "units": (2, 4), "attention": True, "encoder": {"bidirectional": True}}, 233),
    ],
)
def test_weights_of_dense_layers_and_models_without_recurrence(model: dict[str, object], weights: int) -> None:
    """Matrices and biases of 4 time steps of two columns."""
    configuration = made(model=model, prepare={"lags": 4, "lags_as": "timesteps"})
    assert count_weights(configuration, frame(configuration, 36)) == weights


@pytest.mark.parametrize("name", KERAS)
def test_weights_of_a_kind(name: str) -> None:
    """What `count_params` of the Keras model returns."""
    grid = Grid.load(FOLDER / f"suite_{name}.yaml")
    configuration = grid.points[0].configuration
    (series,) = grid.series_data()
    assert count_weights(configuration, frame(configuration, len(series.values))) == KERAS[name]


def test_vectors_of_series_have_weights() -> None:
    """One vector for each series that is trained on, and its numbers are inputs of each gate."""
    one = Configuration.model_validate({"series": {"name": "a", "inputs": ["y"], "targets": ["y"]}})
    panel = Panel(content="", trained=30, forecast=3, series_input="embedding", width=2)
    cut = frame(one, 40)
    assert count_weights(one.model_copy(update={"panel": panel}), cut) == count_weights(one, cut) + 4 * 2 + 30 * 2


def test_inputs_that_say_which_series_a_row_is_of_have_weights() -> None:
    """Of a panel with one-hot inputs: four gates of each unit have one more weight a series."""
    one = Configuration.model_validate({"series": {"name": "a", "inputs": ["y"], "targets": ["y"]}})
    panel = Panel(content="", trained=3, forecast=3, series_input="one_hot")
    cut = frame(one, 40)
    assert count_weights(one.model_copy(update={"panel": panel}), cut) == count_weights(one, cut) + 4 * 3
