"""DuckDB with a store's SQLite file attached. Its extension comes from a wheel, so nothing is downloaded."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


@contextmanager
def attached(path: Path | str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open DuckDB in memory, and use the file."""
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        connection.execute(f"LOAD '{_extension()}'")
        connection.execute(f"ATTACH '{path}' AS store (TYPE sqlite)")
        connection.execute("USE store")
        yield connection


def _extension() -> Path:
    package = importlib.util.find_spec("duckdb_extension_sqlite_scanner")
    if package is None or package.origin is None:
        raise RuntimeError("duckdb-extension-sqlite-scanner is not installed: pip install -r requirements-test.txt")
    return next(Path(package.origin).parent.rglob("*.duckdb_extension"))
