"""Checks of fields against each other: a target that the model sees is a mistake, and both ways out are ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from scheduler.grid.grid import Grid
from store.errors import GridError
from tests.grids import refused

ROWS = np.random.default_rng(3).normal(size=(40, 2))
TABLE = pd.DataFrame(ROWS, columns=["y", "x"])
BASE: dict[str, Any] = {"model": {"stateful": False}}
BOTH = {"targets": ["y"], "inputs": ["y", "x"]}


def mistakes(prepare: dict[str, Any], series: dict[str, Any], **more: Any) -> list[str]:
    """Read a grid of two columns."""
    try:
        Grid.of(BASE | {"series": series, "prepare": {"pad": True} | prepare} | more, series=TABLE)
    except GridError as problem:
        return list(problem.mistakes)
    return []


@pytest.mark.parametrize("series", [BOTH, {"value": "y"}, {"targets": ["y"]}, {"targets": ["y", "x"]}])
@pytest.mark.parametrize(
    "prepare",
    [
        {"target_at": "last"},
        {"target_at": "last", "lags": 3, "lags_as": "timesteps", "horizon": 2},
        {"target_at": "previous", "lags": 2},
        {"target_at": "previous", "horizon": 2},
    ],
)
def test_a_target_that_is_seen_is_a_mistake(series: dict[str, Any], prepare: dict[str, Any]) -> None:
    """It is reported once, with the reason and the remedies."""
    (mistake,) = mistakes(prepare, series)
    assert f"prepare.target_at is {prepare['target_at']}, and series.inputs has the target" in mistake
    assert "the model would see the values that it forecasts" in mistake
    assert mistake.endswith("use prepare.target_at: next" + (", or leave y out of series.inputs" * (series == BOTH)))
    assert mistakes(prepare | {"target_at": "next"}, series) == []


@pytest.mark.parametrize("prepare", [{"target_at": "last"}, {"target_at": "previous", "lags": 2}])
def test_both_ways_out_are_accepted(prepare: dict[str, Any]) -> None:
    """Asking for the next value, or not showing the target."""
    assert mistakes(prepare | {"target_at": "next"}, BOTH) == []
    assert mistakes(prepare, {"targets": ["y"], "inputs": ["x"]}) == []


def test_the_value_before_the_only_one_seen_is_no_leak() -> None:
    """Batch transfer asks for s[t-1] of s[t]."""
    transfer = {"protocol": {"kind": "batch_transfer"}, "test": 0}
    assert mistakes({"target_at": "previous", "difference": 0, "scale": None}, {"value": "y"}, **transfer) == []


def test_an_axis_of_places_names_the_one_that_leaks() -> None:
    """The other values of the axis stay right."""
    (mistake,) = mistakes({}, BOTH, grid={"prepare.target_at": ["next", "last"]})
    assert "prepare.target_at is last" in mistake


@pytest.mark.parametrize(
    ("training", "ways"),
    [
        ({"early_stopping": {"patience": 3}}, [{"early_stopping": None}]),
        ({"early_stopping": {}}, [{"early_stopping": None}]),
        (
            {"schedule": "reduce_lr_on_plateau"},
            [{"schedule": None}, {"schedule": {"name": "cosine", "decay_steps": 9}}],
        ),
    ],
)
def test_what_watches_validation_rows_needs_some(training: dict[str, Any], ways: list[dict[str, Any]]) -> None:
    """Each way out is a grid, in any protocol."""
    (field,) = training
    (said,) = mistakes({}, {"value": "y"}, training=training)
    assert "watches validation rows, and protocol.validation is 0; write protocol.validation: 12, or" in said
    assert f"or training.{field}: null" in said
    for protocol in ({"validation": 12}, {"kind": "refit", "validation": 12}, {"kind": "update", "validation": 3}):
        assert not mistakes({}, {"value": "y"}, training=training, protocol=protocol)
    for way in ways:
        assert not mistakes({}, {"value": "y"}, training=way, protocol={"kind": "refit"})


def test_a_stateful_model_is_not_shuffled() -> None:
    """Both ways out are grids."""
    training = {"shuffle": True}
    (said,) = mistakes({}, {"value": "y"}, model={}, training=training)
    assert "set model.stateful: false, or training.shuffle: false" in said
    assert not mistakes({}, {"value": "y"}, training=training)
    assert not mistakes({}, {"value": "y"}, model={"kind": "mlp", "dense": [3]}, training=training)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "protocol: {kind: update, last: 3}",
            "2: protocol.last is 3, and training.batch_size is 4: an update would have no whole batch; allowed: "
            "a whole number from 4, or prepare.pad: true",
        ),
        (
            "protocol: {kind: refit}\nprepare: {trim: 20}",
            "1: training.batch_size is 4, which does not divide the 2 training rows (after the trim of 20); "
            "allowed: a batch size that divides all rows: 1 or 2; or prepare.trim: 2, 6, 10 or 14 with this batch "
            "size; or prepare.pad: true",
        ),
        (
            "protocol: {forecast_batch_size: 5}",
            "2: protocol.forecast_batch_size is 5, which does not divide the 12 test rows; allowed: a batch size that "
            "divides all rows: 1, 2 or 4; or prepare.pad: true",
        ),
        (
            "protocol: {forecast_batch_size: 1}\nmodel: {stateful: false}",
            "2: protocol.forecast_batch_size does not apply to a model without state, which forecasts the same in "
            "batches of any size; remove it",
        ),
    ],
)
def test_batches_that_have_no_whole_rows(text: str, mistake: str) -> None:
    """Of trainings on rows whose number grows, and of forecasts in batches of their own."""
    refused(text, mistake)


@pytest.mark.parametrize(
    ("schedule", "mistake"),
    [
        ("cosine_decay", "cosine_decay needs decay_steps, such as {name: cosine_decay, decay_steps: 500}"),
        (
            "{name: ExponentialDecay}",
            "exponential_decay needs decay_steps and decay_rate, such as "
            "{name: exponential_decay, decay_steps: 100, decay_rate: 0.9}",
        ),
        (
            "{name: cosine_decay, decay_steps: 9, warmup_steps: 2}",
            "warmup_steps needs warmup_target, the rate that it leads to",
        ),
    ],
)
def test_a_schedule_says_what_it_needs(schedule: str, mistake: str) -> None:
    """As an example that can be written."""
    refused(f"training: {{schedule: {schedule}}}", f"2: training.schedule: {mistake}")
