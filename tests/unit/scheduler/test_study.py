"""Grids from Python: mappings are read as files are, and what is no grid is one clear sentence."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scheduler import load_grid
from store.errors import GridError, UsageError

HOLDS = "give text, numbers, True, False, None, lists and mappings"


def test_numpy_values_are_pythons() -> None:
    """Scalars, arrays, and tuples, also in names that vary together."""
    fields = {"repeats": np.int64(2), "name": np.str_("n"), "model": {"stateful": np.bool_(False)}}
    axes = {("model.units", "training.epochs"): [(1, np.int32(5)), np.array([2, 6])], "prepare.scale": np.eye(2)[1:]}
    grid = load_grid({"series": "shampoo", **fields, "grid": axes})
    assert (grid.name, grid.repeats) == ("n", 2)
    assert [point.label for point in grid.points] == [
        "units=1, epochs=5, scale=[0.0, 1.0]",
        "units=2, epochs=6, scale=[0.0, 1.0]",
    ]


@pytest.mark.parametrize("text", ["1e3", "0o17", "12", "on", "null", "2024-01-02"])
def test_text_stays_text(text: str) -> None:
    """Also where YAML 1.1, which PyYAML writes, would need no quotes."""
    assert load_grid({"series": "shampoo", "description": text}).description == text


@pytest.mark.parametrize("value", [object(), 1j, np.int64, Path("s.csv"), {1}, b"s"])
def test_values_that_no_grid_holds(value: Any) -> None:
    """The message has the value, its type, and what may be given."""
    with pytest.raises(UsageError, match=f"of type {type(value).__name__}; {HOLDS}"):
        load_grid({"series": value})


def test_a_list_inside_itself() -> None:
    """It would be read for ever."""
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(UsageError, match="inside each other without end"):
        load_grid({"series": endless})


@pytest.mark.parametrize("source", [None, 3, b"g.yaml", ["g.yaml"]])
def test_what_is_neither_a_path_nor_a_mapping(source: Any) -> None:
    """Not a TypeError, which no caller of ours expects."""
    with pytest.raises(UsageError, match=r"^A grid is the path of a file or a mapping of fields, and .* is neither"):
        load_grid(source)


def test_an_empty_mapping() -> None:
    """The one field that is needed is named, once."""
    with pytest.raises(GridError, match=r"^<grid>:1: series is missing; [^\n]*$"):
        load_grid({})
