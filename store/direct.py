"""Statements that go to Postgres' driver with nothing in between.

SQLAlchemy writes them, once, and keeps the connections. To run a statement through it takes several times as long as
the database does: too long for the two of which every message needs one, when it has a single job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Dialect, Engine
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from psycopg import Connection
    from sqlalchemy.sql import ClauseElement

Row = tuple[Any, ...]


@contextmanager
def wrapped(dialect: Dialect, text: str) -> Iterator[None]:
    """Raise the errors of the driver as SQLAlchemy does when it runs a statement.

    Raises:
        DBAPIError: in place of the driver's own.
    """
    errors = dialect.loaded_dbapi.Error
    try:
        yield
    except errors as problem:
        raise DBAPIError.instance(text, None, problem, errors, dialect=dialect) from problem


class Direct:
    """A statement that the driver runs.

    Its rows are as the driver has them: they are to be of types for which SQLAlchemy does nothing.
    """

    def __init__(self, statement: ClauseElement) -> None:
        from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg  # which a store in a file does without

        dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]
        compiled = cast("Any", statement.compile(dialect=dialect))
        self._text = str(compiled)
        self._constants: dict[str, Any] = {}
        #: what makes a parameter of a value, where it is not the value itself
        self._converters: dict[str, Callable[[Any], Any]] = {}
        for name, bind in compiled.binds.items():
            if not bind.required:
                self._constants[name] = bind.value
            if convert := bind.type.dialect_impl(dialect).bind_processor(dialect):
                self._converters[name] = convert

    def __call__(self, engine: Engine, parameters: Mapping[str, Any]) -> list[Row]:
        """Run it with the parameters that it names.

        Args:
            engine: of which each statement is a transaction by itself.
            parameters: by name.

        Raises:
            DBAPIError: as SQLAlchemy would.
        """
        values = self._constants | dict(parameters)
        for name, convert in self._converters.items():
            values[name] = convert(values[name])
        proxy = engine.raw_connection()
        connection = cast("Connection[Row]", proxy.driver_connection)
        try:
            with wrapped(engine.dialect, self._text):
                return connection.execute(self._text, values).fetchall()
        finally:
            if connection.closed:
                proxy.invalidate()
            proxy.close()
