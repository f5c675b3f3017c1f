"""Work that one process does for all who want it: the others wait, or look whether it is done.

Nothing is stored, and a process that dies leaves nothing to others. On Postgres whoever is at work has an advisory
lock within a transaction that does nothing else, since PgBouncer in transaction mode gives the next transaction another
connection; on SQLite, whose files belong to one machine, a locked file in the folder of temporary files.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from store.database.refusals import translated

if TYPE_CHECKING:
    from sqlalchemy import Engine

try:
    import fcntl
except ImportError:  # a system without them: everybody works
    fcntl = None  # type: ignore[assignment]


@contextmanager
def turn(engine: Engine, work: str) -> Iterator[bool]:
    """Yield whether this process is the one that does the work, as long as the block runs.

    Args:
        engine: of the store.
        work: what is done.

    Raises:
        StoreUnreachable: the database went away before the block.
    """
    with _on_sqlite(engine, work) if engine.name == "sqlite" else _on_postgres(engine, work) as mine:
        yield mine


@contextmanager
def _on_postgres(engine: Engine, work: str) -> Iterator[bool]:
    number = int.from_bytes(hashlib.sha256(work.encode()).digest()[:8], "big", signed=True)
    with translated(engine.url):
        connection = engine.connect()
        mine = connection.execute(text("SELECT pg_try_advisory_xact_lock(:number)"), {"number": number}).scalar_one()
    try:
        yield bool(mine)
    finally:
        with suppress(SQLAlchemyError):  # a connection that broke meanwhile has no lock to give back
            connection.close()


@contextmanager
def _on_sqlite(engine: Engine, work: str) -> Iterator[bool]:
    place = Path(str(engine.url.database)).absolute()
    name = f"repeats-{hashlib.sha256(f'{place} {work}'.encode()).hexdigest()[:16]}.lock"
    try:
        path = Path(tempfile.gettempdir()) / name
        file = path.open("a")
    except OSError:  # no such folder, or a file of another user: both work then, which is right as well
        yield True
        return
    with file:
        mine = _locked(file)
        try:
            yield mine
        finally:
            if mine:
                path.unlink(missing_ok=True)


def _locked(file: IO[str]) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
