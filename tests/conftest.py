"""Fixtures for every tier: real servers, started once, and a database for each test.

A test that stops a server starts it again before it ends, since the other tests use it, too.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from store import open_store
from tests.servers import Postgres, Valkey

_numbers = itertools.count(1)
#: files that take minutes: they start first, so that no process is left with one at the end
LONG = ("test_engine_", "test_model_suite", "test_pipeline", "test_exactly_once", "test_error_rates")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the long files first; pytest-xdist hands files out in this order."""
    items.sort(key=lambda item: not item.path.name.startswith(LONG))


@pytest.fixture(autouse=True, scope="session")
def _commands_leave_this_process() -> Iterator[None]:
    """Keep a command that runs in this process from ending it, with all its tests, where a thread still works."""
    from scheduler import command

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "_leave", lambda code: None)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A Postgres server; `postgres_url` is a store of its own in it."""
    server = Postgres()
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A Redis server. It is shared: `valkey.flush()` first where old messages would hurt."""
    server = Valkey()
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "results.db"
    open_store(f"sqlite:///{path}", create=True).close()
    return path


@pytest.fixture(scope="session")
def _postgres_template(postgres: Postgres) -> str:
    open_store(postgres.create("store_template"), create=True).close()
    return "store_template"


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an empty store in a file of its own."""
    path = tmp_path / "results.db"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: Postgres, _postgres_template: str) -> Iterator[str]:
    """The address of an empty store in a database of its own."""
    name = f"test_{next(_numbers)}"
    yield postgres.create(name, _postgres_template)
    postgres.drop(name)


@pytest.fixture
def empty_postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of a database with no tables."""
    name = f"empty_{next(_numbers)}"
    yield postgres.create(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty store, on SQLite and on Postgres."""
    return str(request.getfixturevalue(f"{request.param}_url"))
