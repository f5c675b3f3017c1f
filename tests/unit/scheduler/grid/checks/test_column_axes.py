"""An axis of one column beside a value for all of them is refused with what to write."""

from __future__ import annotations

import re

import pytest

from scheduler.grid.grid import Grid
from store.errors import GridError

HEAD = "series: shampoo\ntest: 4\nmodel: {stateful: false}\ntraining: {batch_size: 1}\n"


@pytest.mark.parametrize(
    ("field", "value", "values"),
    [
        ("transform", "log", "[none, sqrt]"),
        ("scale", "standard", "[null, [0, 1]]"),
        ("difference", "2", "[0, [1, 2]]"),
        ("scale", "null", "[standard, [0, 1]]"),
    ],
)
def test_a_value_for_all(field: str, value: str, values: str) -> None:
    """The mapping that is proposed is taken, and the axis varies its column."""
    axis = f"grid:\n  prepare.{field}.Sales: {values}\n"
    with pytest.raises(GridError) as raised:
        Grid.parse(f"{HEAD}prepare: {{{field}: {value}}}\n{axis}")
    (mistake,) = raised.value.mistakes
    assert f":7: prepare.{field}.Sales is for one column, and prepare.{field} is {value} for all" in mistake
    written = re.search(rf"as prepare\.({field}: {{.*?}})", mistake)
    assert written
    assert len(Grid.parse(f"{HEAD}prepare: {{{written[1]}}}\n{axis}")) == 2
    assert len(Grid.parse(HEAD + axis)) == 2


def test_axes_of_all_columns_and_of_one() -> None:
    with pytest.raises(GridError) as raised:
        Grid.parse(f"{HEAD}grid:\n  prepare.scale: [standard, robust]\n  prepare.scale.Sales: [null, [0, 1]]\n")
    assert len(raised.value.mistakes) == 1
