"""What every message of an error has to be."""

from __future__ import annotations

import pytest


def one_line(problem: pytest.ExceptionInfo[BaseException]) -> str:
    """Return the message, which has to be one line that ends."""
    text = str(problem.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text
