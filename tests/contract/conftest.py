"""The store under test, on SQLite and on Postgres."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store import Store, open_store


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store."""
    with open_store(store_url) as opened:
        yield opened
