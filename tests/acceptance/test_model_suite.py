"""The model suite of the protocols (section 8): what the shipped grids forecast is close to what is expected."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scheduler.grid.expand import expand
from scheduler.grid.grid import Grid
from store.schema.configuration import Configuration
from tests.integration.engine.reference import KerasRepeat
from worker.engine.arrays import Float64s
from worker.engine.train import Lane, train

#: as many repeats as the programs of all these models train side by side
REPEATS = 8
#: by grid: how far the median of 8 repeats may be from what is expected, in the units of the series
WITHIN = {
    "vanilla": 10,
    "stacked": 10,
    "bidirectional": 10,
    "cnn_lstm": 10,
    "conv_lstm": 10,
    "encoder_decoder": 10,
    "multiple_input": 10,
    "multiple_parallel": 10,
    "multiple_input_multi_step": 25,
    "multiple_parallel_multi_step": 25,
}


def asked(name: str) -> tuple[Grid, Configuration, list[int]]:
    """Load a grid of the suite: its configuration, and the seeds of its first repeats."""
    grid = Grid.load(Path("grids") / f"suite_{name}.yaml")
    (configuration,) = expand(grid).configurations
    seeds = [job.seed for job in configuration.jobs]
    return grid, Configuration.model_validate_json(configuration.params), seeds[:REPEATS]


def forecasts(name: str) -> tuple[Float64s, Float64s]:
    """Train a grid's repeats; give their forecasts (repeats, horizon, targets), and what is expected."""
    grid, configuration, seeds = asked(name)
    lanes = [Lane(job_id=number, configuration=configuration, seed=seed) for number, seed in enumerate(seeds)]
    found = [result.forecasts for result in train(lanes, grid.series_data()[0], progress=lambda done, total: None)]
    each = [each for each in found if each is not None]
    return np.array([each.forecast[0] for each in each]), each[0].observed[0]


@pytest.mark.parametrize("name", WITHIN)
def test_the_median_forecast_is_close_to_what_is_expected(name: str) -> None:
    """A training of each repeat at the published number of epochs."""
    forecast, expected = forecasts(name)
    assert len(forecast) == REPEATS
    assert np.abs(np.median(forecast, axis=0) - expected).max() <= WITHIN[name]


def test_vector_output_is_as_far_off_as_keras() -> None:
    """After 50 epochs the model overshoots by 10 to 30; Keras, trained by itself from the same weights, does the same.

    The published run, 101.0 and 113.3, is a single one of an older Keras with another recurrent activation:
    `grids/extensions/older_keras_suite_vector_output.yaml` has both.
    """
    forecast, _ = forecasts("vector_output")
    grid, configuration, seeds = asked("vector_output")
    keras = [KerasRepeat(configuration, grid.series_data()[0], seed).run(50).forecast[0] for seed in seeds[:3]]
    assert np.abs(forecast[:3] - np.array(keras)).max() <= 0.01
