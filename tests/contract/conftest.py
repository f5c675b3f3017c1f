"""The store under test, on SQLite and on Postgres."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store import Result, Store, open_store
from tests.contract.saved_results import save_three


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store."""
    with open_store(store_url) as opened:
        yield opened


@pytest.fixture
def saved(store: Store) -> list[Result]:
    """The three repeats that `save_three` saves."""
    return save_three(store)
