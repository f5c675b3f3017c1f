"""Configurations read together share their parts, and equal those read one by one."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from scheduler import load_grid
from store.schema.configuration import Configuration
from store.schema.reading import read_configurations

GRID = {
    "series": "shampoo",
    "test": 12,
    "protocol": {"validation": 4},
    "prepare": {"difference": 0},
    "grid": {
        "model.units": [1, 2, [3]],
        "training.optimizer": ["adam", {"name": "sgd", "momentum": 0.9}],
        "prepare.lags": [1, 3],
    },
}


def test_equal_to_those_read_one_by_one() -> None:
    """Defaults and parts are those that the schema reads, and so are keys and programs."""
    stored = {point.label: point.configuration.canonical() for point in load_grid(GRID).points}
    found = read_configurations(stored)
    for label, text in stored.items():
        alone = Configuration.model_validate_json(text)
        assert found[label] == alone
        assert (found[label].written, found[label].key(7), found[label].program()) == (
            text,
            alone.key(7),
            alone.program(),
        )


def test_parts_are_shared() -> None:
    """12 configurations have 3 models, and one series."""
    found = read_configurations({p.label: p.configuration.canonical() for p in load_grid(GRID).points}).values()
    assert len(found) == 12
    assert len({id(one.model) for one in found}) == 3
    assert len({id(one.series) for one in found}) == 1


def test_what_does_not_fit_the_schema_is_refused() -> None:
    """Also where all but one part are known."""
    good = load_grid({"series": "shampoo"}).points[0].configuration.canonical()
    with pytest.raises(ValidationError, match="units"):
        read_configurations({"good": good, "bad": good.replace("{", '{"model":{"units":0},', 1)})
