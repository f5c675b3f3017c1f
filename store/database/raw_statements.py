"""Statements that go to the driver with nothing in between.

SQLAlchemy compiles them, once for each dialect, and keeps the connections. Running a statement through it takes
several times as long as the database does: too long for the few that each pack needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy.sql import ClauseElement
    from sqlalchemy.sql.compiler import SQLCompiler

Row = tuple[Any, ...]


class RawStatement:
    """A statement that the driver runs.

    It has no `in_`, which SQLAlchemy writes out anew each time, but `among`. Its rows are as the driver has them: their
    types are to be such that SQLAlchemy does nothing for them.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, connection: Connection, parameters: Mapping[str, Any]) -> list[Row]:
        """Run it with the parameters that it names; others are left alone.

        Raises:
            DBAPIError: as SQLAlchemy would.
        """
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            self._compiled[dialect.name] = _Compiled.of(self._statement, dialect)
        compiled = self._compiled[dialect.name]
        driver = cast("Any", connection.connection.driver_connection)
        with wrapped(connection, compiled.text):
            return list(driver.execute(compiled.text, compiled.parameters(parameters)).fetchall())


@contextmanager
def wrapped(connection: Connection, text: str) -> Iterator[None]:
    """Raise the errors of the driver as SQLAlchemy does when it runs a statement.

    Raises:
        DBAPIError: in place of the driver's own.
    """
    dialect = connection.dialect
    errors = dialect.loaded_dbapi.Error
    try:
        yield
    except errors as problem:
        gone = dialect.is_disconnect(problem, connection.connection.driver_connection, None)
        if gone:
            connection.invalidate(problem)
        raise DBAPIError.instance(
            text, None, problem, errors, connection_invalidated=gone, dialect=dialect
        ) from problem


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement as one driver wants it."""

    text: str
    #: its constant values
    constants: Mapping[str, Any]
    #: converters of values to parameters, where they differ
    converters: Mapping[str, Callable[[Any], Any]]
    #: the order of the parameters, if the driver takes them by position
    order: tuple[str, ...] | None

    @classmethod
    def of(cls, statement: ClauseElement, dialect: Dialect) -> _Compiled:
        compiled = cast("SQLCompiler", statement.compile(dialect=dialect))
        converters = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()
        }
        return cls(
            text=str(compiled),
            constants={name: bind.value for name, bind in compiled.binds.items() if not bind.required},
            converters={name: convert for name, convert in converters.items() if convert},
            order=tuple(compiled.positiontup or ()) if compiled.positional else None,
        )

    def parameters(self, given: Mapping[str, Any]) -> Any:
        """Return the parameters as the driver wants them."""
        values = {**self.constants, **given}
        for name, convert in self.converters.items():
            values[name] = convert(values[name])
        return values if self.order is None else [values[name] for name in self.order]
