"""Categories as columns of 0 and 1."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scheduler.grid.grid import Grid
from scheduler.series.categories import became, spread, too_many
from store.errors import GridError
from store.schema.prepare import InputColumn

TEXTS = ["b", "a", "c", "a", "b"] * 8
TABLE = pd.DataFrame({"y": np.arange(40) % 7.0, "shop": TEXTS, "open": [True, False] * 20})
FIELDS = {"test": 2, "model": {"stateful": False}, "prepare": {"pad": True}}


def test_numbers_of_categories_become_the_dummies_of_pandas() -> None:
    """In order of the alphabet, in the place of the column."""
    codes = pd.Categorical(TEXTS).codes.astype(float)
    values = np.stack([codes, np.arange(40.0)], axis=1)
    names, found, made = spread(("shop", "y"), values, {"shop": ("a", "b", "c")})
    assert names == ("shop=a", "shop=b", "shop=c", "y")
    assert made == dict.fromkeys(names[:3], "shop")
    np.testing.assert_array_equal(found[:, :3], pd.get_dummies(pd.Series(TEXTS), dtype=float).to_numpy())


def test_it_is_said() -> None:
    """How many columns, and the first of them."""
    assert became("x", ["a"]) == "x is text, and became a column of 0 and 1: x=a"
    assert became("x", "abcde") == "x is text, and became 5 columns of 0 and 1: x=a, x=b, x=c and 2 more"


def test_free_text_is_no_category() -> None:
    """The message counts the values."""
    assert not too_many("x", {"a", "b"})
    text = too_many("note", {f"remark {number:03}" for number in range(51)})
    assert text.startswith(
        "note is text with 51 different values, such as 'remark 000', 'remark 001', 'remark 002'; at"
    )


@pytest.mark.parametrize("kind", ["object", "string", "category"])
def test_a_data_frame(kind: str) -> None:
    """Text and categories become columns of 0 and 1, truth values numbers."""
    series = {"targets": ["y"], "inputs": {"y": {}, "shop": {"lags": 2, "known": True}, "open": {}}}
    grid = Grid.of(FIELDS | {"series": series}, series=TABLE.astype({"shop": kind}))
    (found,), configuration = grid.series_data(), grid.points[0].configuration
    assert configuration.series.inputs == ("y", "shop=a", "shop=b", "shop=c", "open")
    assert configuration.series.made == ("shop=a", "shop=b", "shop=c")
    assert configuration.series.seen["shop=b"] == InputColumn(lags=2, known=True)
    assert configuration.prepare.as_is == configuration.series.made
    expected = pd.get_dummies(TABLE, columns=["shop"], dtype=float)[
        list(map(str.replace, found.columns, "=" * 9, "_" * 9))
    ]
    np.testing.assert_array_equal(found.values, expected.to_numpy(float))


def test_a_data_frame_with_missing_text() -> None:
    """It is refused, as missing numbers are, and filled by the category before."""
    table = TABLE.assign(shop=[*TEXTS[:5], None, *TEXTS[6:]])
    series = {"targets": ["y"], "inputs": ["y", "shop"]}
    with pytest.raises(GridError, match=r"1 of 40 values of shop is missing \(empty\), in row 6; series.missing says"):
        Grid.of(FIELDS | {"series": series}, series=table)
    (found,) = Grid.of(FIELDS | {"series": series | {"missing": "previous"}}, series=table).series_data()
    assert found.values[5, 1:].tolist() == found.values[4, 1:].tolist()


def test_categories_of_numbers() -> None:
    """Where pandas has them as categories, they are."""
    table = TABLE.assign(shop=pd.Categorical([1, 2] * 20))
    (found,) = Grid.of(FIELDS | {"series": {"targets": ["y"], "inputs": ["shop"]}}, series=table).series_data()
    assert found.columns == ("y", "shop=1", "shop=2")
