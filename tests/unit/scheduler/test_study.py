"""Grids from Python: mappings are read as files are, and what is no grid is one clear sentence."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scheduler import load_grid
from store.errors import GridError, UsageError

HOLDS = "use text, numbers, True, False, None, lists and mappings"


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
    with pytest.raises(UsageError, match="that contains itself"):
        load_grid({"series": endless})


@pytest.mark.parametrize("source", [None, 3, b"g.yaml", ["g.yaml"]])
def test_what_is_neither_a_path_nor_a_mapping(source: Any) -> None:
    """Not a TypeError, which no caller of ours expects."""
    with pytest.raises(UsageError, match=r"^A grid is the path of a file or a mapping of fields, and .* is neither"):
        load_grid(source)


def test_an_empty_mapping() -> None:
    """The one field that is needed is named, once."""
    with pytest.raises(GridError, match=r"^series is missing; [^\n]*$"):
        load_grid({})


@pytest.mark.parametrize(
    ("axis", "values"),
    [
        (range(1, 4), [1, 2, 3]),
        (np.array([1, 2]), [1, 2]),
        (np.arange(1, 3, dtype=np.int8), [1, 2]),
        ((1, 2), [1, 2]),
        ([np.int64(4), 5], [4, 5]),
    ],
)
def test_axes_of_python(axis: Any, values: list[int]) -> None:
    """Ranges, arrays, NumPy's scalars and tuples."""
    grid = load_grid({"series": "shampoo", "grid": {"model.units": axis}})
    assert [point.configuration.model.units for point in grid.points] == values


def test_axes_of_numbers() -> None:
    """Floats of an array are Python's."""
    rates = np.array([0.001, 0.01])
    grid = load_grid({"series": "shampoo", "grid": {"training.optimizer.learning_rate": rates}})
    assert [list(point.axes.values()) for point in grid.points] == [[0.001], [0.01]]


def test_mistakes_name_the_field() -> None:
    """A mapping has no lines."""
    with pytest.raises(GridError) as raised:
        load_grid({"series": "shampoo", "repeats": 0, "training": {"epoch": 3}, "grid": {"model.units": [1, 1]}})
    assert list(raised.value.mistakes) == [
        "repeats is 0; allowed: a whole number from 1",
        "model.units has 1 twice; keep one of them",
        "training.epoch is not a field; write training: {epochs: 3}",
    ]


def test_the_same_configuration_twice() -> None:
    """Nor does what is said of two points name a line."""
    with pytest.raises(GridError, match=r"^model.units: \[1\] is the same configuration as model.units: 1; keep one"):
        load_grid({"series": "shampoo", "grid": {"model.units": [1, [1]]}})


def test_values_go_with_a_mapping() -> None:
    """A grid file names its series itself."""
    with pytest.raises(UsageError, match="series= needs a mapping"):
        load_grid("grids/quickstart.yaml", series=[1.0, 2.0])
