"""How many lanes a program has."""

from __future__ import annotations

from typing import Any

import pytest

from store.schema.configuration import Configuration
from worker.engine import layouts


def wide(units: int, batch: int) -> Configuration:
    """Return a configuration of one LSTM layer."""
    series = {"name": "random", "targets": ("value",), "inputs": ("value",)}
    return Configuration.model_validate(
        {"series": series, "model": {"units": units}, "training": {"batch_size": batch}}
    )


@pytest.mark.parametrize(
    ("batch", "protocol", "lanes"),
    [(1, {}, 2), (2, {}, 1), (16, {}, 1), (16, {"kind": "fixed", "forecast_batch_size": 1}, 2)],
)
def test_one_row_of_a_wide_model_is_not_alone(batch: int, protocol: dict[str, Any], lanes: int) -> None:
    """A vector alone is multiplied with a matrix twenty times as slowly as two are."""
    configuration = wide(256, batch)
    given = configuration.model_dump() | {"protocol": protocol} if protocol else configuration.model_dump()
    assert layouts.lanes(Configuration.model_validate(given), 48, 32) == lanes


@pytest.mark.parametrize(
    ("units", "batch", "steps", "few", "many"),
    [(1, 4, 1, 32, 32), (50, 72, 12, 1, 32), (256, 256, 24, 1, 32), (512, 512, 96, 1, 4), (2048, 2048, 512, 1, 1)],
)
def test_a_gpu_has_many_lanes_of_a_wide_model_as_far_as_they_fit(
    monkeypatch: pytest.MonkeyPatch, units: int, batch: int, steps: int, few: int, many: int
) -> None:
    """A processor trains wide models one by one; so would a GPU, but it would wait for its own launches."""
    configuration = wide(units, batch)
    found = []
    for on_gpu in (False, True):
        monkeypatch.setattr(layouts, "ON_GPU", on_gpu)
        found.append(layouts.lanes(configuration, steps, 1))
    assert found == [few, many]
