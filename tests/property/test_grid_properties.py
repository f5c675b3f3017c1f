"""What holds of every grid: each combination once, keys that ignore order, and no text that crashes it."""

import string
from collections.abc import Callable
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduler.grid.expand import expand
from scheduler.grid.fields import FIELDS
from scheduler.grid.grid import Grid
from scheduler.grid.yaml_reader import parse
from scheduler.grid.yaml_values import shown
from scheduler.yaml_text import scalar
from store.errors import GridError

SHIPPED = [path.read_text() for path in sorted((Path(__file__).parents[2] / "grids").rglob("*.yaml"))]
VALUES: dict[str, list[Any]] = {
    "model.units": [1, 2, 3, 4, 5],
    "model.dropout": [0.0, 0.1, 0.25, 0.5],
    "model.stateful": [True, False],
    "training.epochs": [1, 10, 100, 1000],
    "training.batch_size": [1, 2, 3, 4, 6],
    "training.optimizer": ["adam", "sgd", {"name": "sgd", "momentum": 0.5}],
    "training.loss": ["mse", "mae"],
    "prepare.lags": [1, 2, 3],
    "prepare.scale": [None, [0, 1], "standard"],
    "model.bias_regularizer": [None, {"l1": 0.1, "l2": 0}],
}

some_axes = st.lists(st.sampled_from(list(VALUES)), unique=True, max_size=4).flatmap(
    lambda names: st.fixed_dictionaries(
        {name: st.lists(st.sampled_from(VALUES[name]), unique_by=repr, min_size=1, max_size=3) for name in names}
    )
)


def grid(axes: dict[str, list[Any]], **fields: Any) -> Grid:
    """Return the grid of a mapping, read from its text."""
    return Grid.parse(yaml.safe_dump({"series": "shampoo", "grid": axes, "repeats": 2} | fields, sort_keys=False))


@given(some_axes)
@settings(deadline=None, max_examples=60)
def test_each_combination_is_spelt_once(axes: dict[str, list[Any]]) -> None:
    """The points are the product of the axes, in order, and no two have a label or a key in common."""
    made = grid(axes)
    assert len(made) == prod(len(values) for values in axes.values())
    assert [list(point.axes.values()) for point in made.points] == [
        [tuple(value) if isinstance(value, list) else value for value in values] for values in product(*axes.values())
    ]
    assert len({point.label for point in made.points}) == len(made)
    assert len({job.key for one in expand(made).configurations for job in one.jobs}) == made.jobs


@given(some_axes, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_keys_ignore_the_order_of_axes_and_values(axes: dict[str, list[Any]], random: Any) -> None:
    """The same repeats, however the grid is ordered."""
    names = random.sample(list(axes), len(axes))
    shuffled = {name: random.sample(axes[name], len(axes[name])) for name in names}
    keys = [
        sorted(job.key for one in expand(grid(each)).configurations for job in one.jobs) for each in (axes, shuffled)
    ]
    assert keys[0] == keys[1]


@given(some_axes)
@settings(deadline=None, max_examples=40)
def test_an_axis_of_one_value_is_the_base(axes: dict[str, list[Any]]) -> None:
    """A configuration is what its fields say, wherever they stand."""
    for point in grid(axes).points:
        base: dict[str, Any] = {}
        for name, value in point.axes.items():
            part, field = name.split(".")
            base.setdefault(part, {})[field] = list(value) if isinstance(value, tuple) else value
        (alone,) = grid({}, **base).points
        assert alone.configuration.canonical() == point.configuration.canonical()


@given(some_axes, st.data())
@settings(deadline=None, max_examples=40)
def test_exclude_drops_exactly_what_matches(axes: dict[str, list[Any]], data: st.DataObject) -> None:
    """A point is there if and only if it has not all the excluded values."""
    if not axes:
        return
    names = data.draw(st.lists(st.sampled_from(list(axes)), unique=True, min_size=1))
    dropped = {name: data.draw(st.sampled_from(axes[name])) for name in names}
    whole = grid(axes)
    kept = [
        point.configuration.canonical()
        for point in whole.points
        if any(shown(point.axes[name]) != shown(value) for name, value in dropped.items())
    ]
    if kept:
        assert [point.configuration.canonical() for point in grid(axes, exclude=[dropped]).points] == kept
    else:
        with pytest.raises(GridError, match="exclude removes every point"):
            grid(axes, exclude=[dropped])


def mistakes(make: Callable[[], Grid]) -> tuple[str, ...]:
    """Return the mistakes of a grid; none if it is valid, at least one if it is refused."""
    try:
        make()
    except GridError as problem:
        return problem.mistakes or ("",)
    return ()


def only_grid_errors(text: str) -> None:
    """Check that a text is a grid, or is refused by lines that each name a place."""
    for mistake in mistakes(lambda: Grid.parse(text, file="g.yaml")):
        assert mistake
        assert "\n" not in mistake
        assert len(mistake) < 2000
        assert "pydantic" not in mistake


@given(st.text())
@example("\ud800")
@example("? [a, b]\n: 1")
@example("[a]: 1")
@example("series: {[a]: 1}\nmodel: {[a, b]: 2}")
@example("grid: {model: {a: 1}}")
@example("series: shampoo\ngrid: {series.name: [tens]}\ntest: 1\ntraining: {batch_size: 1}")
@example("series: shampoo\nmodel: {units: 99999999999999999999999999999999}")
@example("series: shampoo\ngrid: {model.kernel_regularizer.l1: [0.1, {a: 1}]}\nmodel: {kernel_regularizer: 3}")
@example("series: {path: .}")
@example('series: {path: "\\0"}')
@example("series: shampoo\nexclude: {[a]: 1}")
@example("name: 1")
@settings(deadline=None, max_examples=200)
def test_any_text_is_a_grid_or_a_mistake(text: str) -> None:
    """No text crashes the parser."""
    only_grid_errors(text)


MARKS = (
    ":",
    ": ",
    "\n",
    "\n  ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&a ",
    "*a",
    "!!int ",
    "'",
    '"',
    "#",
    "|",
    ">",
    "?",
    "%",
)
ODD = ("@", "`", "---\n", "\t", "\x00", "\u00e9", "<<")
WORDS = ("1", "0", "-1", "1e-3", "null", "true", "shampoo", "tens_and_fives", "adam", "stacked", "update", "auto")
tokens = st.sampled_from([*FIELDS, *(name.rsplit(".", 1)[-1] for name in FIELDS), *MARKS, *ODD, *WORDS])


@given(st.lists(tokens, max_size=40).map("".join))
@settings(deadline=None, max_examples=300)
def test_words_of_grids_in_any_order_are_a_grid_or_a_mistake(text: str) -> None:
    """Nor does text that looks like a grid."""
    only_grid_errors(text)


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=100)
def test_any_bytes_are_a_grid_or_a_mistake(tmp_path_factory: Any, content: bytes) -> None:
    """A file may hold anything."""
    path = tmp_path_factory.mktemp("grid") / "g.yaml"
    path.write_bytes(content)
    assert all(mistakes(lambda: Grid.load(path)))


@given(st.sampled_from(SHIPPED), st.data())
@settings(deadline=None, max_examples=300)
def test_a_shipped_grid_with_something_changed_is_a_grid_or_a_mistake(text: str, data: st.DataObject) -> None:
    """Letters dropped, added or replaced, and lines moved."""
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + data.draw(st.text(string.printable, max_size=6)) + text[end:]
    only_grid_errors(text)


odd_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(string.printable, max_size=8)
    | st.sampled_from(list(FIELDS)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(string.ascii_letters, max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from([name for name in FIELDS if "." not in name]), odd_values, max_size=4),
    st.dictionaries(
        st.sampled_from([name for name in FIELDS if "." in name]), st.lists(odd_values, max_size=3), max_size=3
    ),
)
@settings(deadline=None, max_examples=300)
def test_fields_of_any_value_are_a_grid_or_a_mistake(fields: dict[str, Any], axes: dict[str, Any]) -> None:
    """Right fields with wrong values, in the base and on axes."""
    only_grid_errors(yaml.safe_dump({"series": "shampoo"} | fields | ({"grid": axes} if axes else {}), sort_keys=False))


plain = (
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False) | st.text(string.printable)
)


@given(plain)
@settings(deadline=None)
def test_what_is_shown_is_read_back(value: Any) -> None:
    """A value in a message means in a file what it meant, if it is short and plain."""
    text = shown(value)
    if not isinstance(value, str) or (value.isalnum() and len(value) < 70):
        read = parse(f"a: {text}", "g").value["a"]
        assert read == value
        assert type(read) is type(value)
    assert isinstance(scalar(text), (str, int, float, type(None)))
