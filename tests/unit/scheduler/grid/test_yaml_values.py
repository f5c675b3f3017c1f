"""Values as messages write them."""

from __future__ import annotations

import pytest

from scheduler.grid.yaml_values import shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ("1", "'1'"),
        ("on", "on"),
        ("", "''"),
        ((1, "a"), "[1, a]"),
        ({"a": (1,)}, "{a: [1]}"),
        ("x" * 200, "x" * 76 + " ..."),
        (10**90, "1" + "0" * 75 + " ..."),
    ],
)
def test_values_are_shown_as_the_file_has_them(value: object, text: str) -> None:
    """Messages quote the file, shortened to fit a line."""
    assert shown(value) == text
