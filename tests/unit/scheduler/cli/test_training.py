"""Training from the command line."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from scheduler.cli.training import REPORTING


@pytest.mark.parametrize("name", REPORTING)
def test_what_is_loaded_while_workers_train_exists(name: str) -> None:
    """A module that was moved would be missed by nobody, and the report would come later."""
    assert find_spec(name)
