"""The windows of a series by which a configuration's errors are known."""

from __future__ import annotations

import json

from scheduler.future.splits import cells_of, windows_of
from store.schema.configuration import Configuration


def params(series: str, skip: int) -> str:
    """Return a configuration on a window."""
    return json.dumps({"series": {"name": series, "content_hash": series}, "window": {"skip": skip, "apart": True}})


CELLS = {
    "units=1 @ a, window 1 of 2": params("a", 12),
    "units=1 @ a, window 2 of 2": params("a", 0),
    "units=1 @ b": params("b", 0),
    "units=10 @ a, window 2 of 2": params("a", 0),
}


def test_windows_of_the_same_series_are_found() -> None:
    """The earliest first."""
    label = "units=1 @ a, window 2 of 2"
    own = Configuration.model_validate_json(CELLS[label])
    assert windows_of(CELLS, label, own) == ["units=1 @ a, window 1 of 2", label]
    assert windows_of({"units=1": params("a", 0)}, "units=1", own) == ["units=1"]
    twin = {"units=1 @ c": params("a", 0).replace('"name": "a"', '"name": "c"')}
    assert windows_of(CELLS | twin, label, own) == ["units=1 @ a, window 1 of 2", label]


def test_a_configuration_has_its_own_splits() -> None:
    """And not those of one whose name begins alike."""
    assert list(cells_of(CELLS, "units=1")) == list(CELLS)[:3]
