"""What the two databases express differently: time, membership in a long list, JSON and bulk inserts."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Integer,
    String,
    Table,
    Text,
    TypeDecorator,
    bindparam,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import BigInteger, UserDefinedType

from store.database.raw_statements import wrapped

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.types import TypeEngine


class JsonText(UserDefinedType[str]):
    """JSON whose text is kept as it is: `json` on Postgres, text on SQLite. Select it with `cast(column, Text)`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return Postgres' name of the type."""
        return "JSON"


@compiles(JsonText, "sqlite")
def _sqlite_json(_type: JsonText, _compiler: Any, **_: Any) -> str:
    return "TEXT"


class UtcTime(TypeDecorator[datetime]):
    """A moment: `timestamptz` on Postgres, `2026-01-31 23:59:59.123` in UTC on SQLite, aware in Python."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the column's type."""
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else Text())

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else datetime.fromisoformat(f"{value}+00:00")


class from_now(FunctionElement[datetime]):  # noqa: N801 - reads like an SQL function
    """The database's clock, some seconds from now: all leases are measured by one clock."""

    type = UtcTime()
    inherit_cache = True

    def __init__(self, seconds: float | ColumnElement[float] = 0.0) -> None:
        super().__init__(bindparam(None, float(seconds)) if isinstance(seconds, int | float) else seconds)


@compiles(from_now, "sqlite")
def _sqlite_time(element: from_now, compiler: Any, **options: Any) -> str:
    return f"strftime('%Y-%m-%d %H:%M:%f', 'now', {compiler.process(element.clauses, **options)} || ' seconds')"


@compiles(from_now, "postgresql")
def _postgres_time(element: from_now, compiler: Any, **options: Any) -> str:
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **options)}))"


class later(FunctionElement[datetime]):  # noqa: N801 - reads like an SQL function
    """A moment some seconds after another one."""

    type = UtcTime()
    inherit_cache = True

    def __init__(self, moment: ColumnElement[datetime], seconds: float) -> None:
        super().__init__(moment, bindparam(None, float(seconds)))


@compiles(later, "sqlite")
def _sqlite_later(element: later, compiler: Any, **options: Any) -> str:
    moment, seconds = (compiler.process(part, **options) for part in element.clauses)
    return f"strftime('%Y-%m-%d %H:%M:%f', {moment}, {seconds} || ' seconds')"


@compiles(later, "postgresql")
def _postgres_later(element: later, compiler: Any, **options: Any) -> str:
    moment, seconds = (compiler.process(part, **options) for part in element.clauses)
    return f"({moment} + make_interval(secs => {seconds}))"


class restarted_since(FunctionElement[bool]):  # noqa: N801 - reads like an SQL function
    """Whether the database's server was started after a moment, but only some seconds ago; SQLite has no server."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, moment: ColumnElement[datetime], seconds: float) -> None:
        super().__init__(moment, bindparam(None, float(seconds)))


@compiles(restarted_since, "sqlite")
def _sqlite_restarted(_element: restarted_since, _compiler: Any, **_: Any) -> str:
    return "FALSE"


@compiles(restarted_since, "postgresql")
def _postgres_restarted(element: restarted_since, compiler: Any, **options: Any) -> str:
    moment, seconds = (compiler.process(part, **options) for part in element.clauses)
    recent = (
        f"pg_postmaster_start_time() BETWEEN clock_timestamp() - make_interval(secs => {seconds}) AND clock_timestamp()"
    )
    return f"COALESCE({moment} < pg_postmaster_start_time() AND {recent}, FALSE)"


class _Many(TypeDecorator[Collection[Any]]):
    """A list as one parameter: an array on Postgres, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: type[TypeEngine[Any]]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the parameter's type."""
        return dialect.type_descriptor(ARRAY(self.item()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        """Return the parameter."""
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


class _Among(FunctionElement[Any]):
    # It is not typed as Boolean: SQLAlchemy would compare it to 1 on SQLite, which then uses no index.
    inherit_cache = True


@compiles(_Among, "sqlite")
def _sqlite_among(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(_Among, "postgresql")
def _postgres_among(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY({values})"


def among(column: ColumnElement[Any], values: Collection[Any] | str) -> ColumnElement[bool]:
    """Whether `column` is one of `values`, of which there may be 100,000: they are one parameter.

    Args:
        column: of integers or text.
        values: the values, or the name of the parameter that they will be.
    """
    many = _Many(BigInteger if column.type.python_type is int else Text)
    parameter = bindparam(values, type_=many) if isinstance(values, str) else bindparam(None, list(values), type_=many)
    return _Among(column, parameter)


def insert_rows(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows fast: by `COPY` in its binary format on Postgres, by one prepared statement on SQLite.

    Args:
        connection: in a transaction.
        table: where to.
        names: of the columns.
        rows: their values, as the types of the columns want them.
    """
    dialect = connection.dialect
    driver: Any = connection.connection.driver_connection
    into = f"{table.name} ({', '.join(names)})"
    with wrapped(connection, into):
        converters = _converters(table, tuple(names), dialect)
        if any(converters):
            rows = [_converted(row, converters) for row in rows]
        _check_integers(table, names, rows, dialect)
        if dialect.name == "postgresql":
            with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types([_in_binary(table.c[name].type, dialect) for name in names])
                for row in rows:
                    copy.write_row(row)
        else:
            driver.executemany(f"INSERT INTO {into} VALUES ({', '.join('?' * len(names))})", rows)


@lru_cache(64)
def _converters(table: Table, names: tuple[str, ...], dialect: Dialect) -> list[Callable[[Any], Any] | None]:
    """Return what makes of a value what the driver wants, where it is not the value itself."""
    return [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]


def _converted(row: Sequence[Any], converters: Sequence[Callable[[Any], Any] | None]) -> list[Any]:
    return [convert(value) if convert else value for convert, value in zip(converters, row, strict=True)]


def _check_integers(table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]], dialect: Dialect) -> None:
    """Check for integers that the binary format would truncate silently."""
    for place, name in enumerate(names):
        kind = table.c[name].type
        if isinstance(kind, Integer):
            most = 2**63 if isinstance(kind, BigInteger) else 2**31
            values = [row[place] for row in rows if row[place] is not None]
            if values and not -most <= min(values) <= max(values) < most:
                raise dialect.loaded_dbapi.DataError(f"{name} out of range: {min(values)} to {max(values)}")


def _in_binary(type_: TypeEngine[Any], dialect: Dialect) -> str:
    """Return the name of the type whose binary format a column reads; JSON's is its text."""
    return "text" if isinstance(type_, JsonText) else type_.compile(dialect=dialect).lower()


def insert_ignoring(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that leaves existing rows unchanged."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_postgres  # a store in a file does without

        return insert_postgres(table).on_conflict_do_nothing()
    from sqlalchemy.dialects.sqlite import insert

    return insert(table).on_conflict_do_nothing()
