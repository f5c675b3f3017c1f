"""Values in one line of YAML."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from scheduler.yaml_text import in_one_line


@pytest.mark.parametrize(
    "value", ["a", "", " x", "\n", "a\nb", "é\r\n", "a\u2028b", "1e3", ["a\nb", {"k\n": "v"}], None]
)
def test_it_is_one_line_and_read_back(value: Any) -> None:
    """Whatever breaks lines in text."""
    text = in_one_line(value)
    assert len((text + "|").splitlines()) == 1
    assert yaml.safe_load(text) == value
