"""Any float goes through the store and its views and is the same bits again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy import insert, select

from store import Store, open_store
from store.database.arrays import PackedFloat32, PackedFloat64, unpacked
from store.database.migrations import floats, hex_floats
from store.database.tables import metadata, trajectories

words = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=40)
long_words = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=40)


def by_bytes(size: int) -> str:
    """Return the expression of the first version, of float `n` of the BLOB `b`."""
    return floats.decoded("b", "n", size=size)


def by_digits(size: int) -> str:
    """Return the expression of the views."""
    return hex_floats.decoded(hex_floats.cut("hex(b)", "n", size=size), size=size)


def in_sqlite(expression: str, data: bytes, size: int) -> NDArray[np.float64]:
    """Return what SQLite makes of a BLOB of floats; NULL is NaN."""
    connection = sqlite3.connect(":memory:")
    try:
        return _numbers(connection, expression, data, len(data) // size)
    finally:
        connection.close()


def in_duckdb(expression: str, data: bytes, size: int) -> NDArray[np.float64]:
    """Return what DuckDB makes of it."""
    with duckdb.connect() as connection:
        return _numbers(connection, expression, data, len(data) // size)


def _numbers(connection: Any, expression: str, data: bytes, count: int) -> NDArray[np.float64]:
    connection.execute("CREATE TABLE t (b BLOB)")
    connection.execute("INSERT INTO t VALUES (?)", (data,))
    numbers = f"WITH RECURSIVE k (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < {count})"
    rows = connection.execute(f"{numbers} SELECT {expression} FROM t, k ORDER BY n").fetchall()
    return np.array([np.nan if row[0] is None else row[0] for row in rows])


def same_bits(got: NDArray[np.float64], expected: NDArray[np.float64]) -> bool:
    """Return whether doubles are the same to the last bit, any NaN like any other."""
    there = ~np.isnan(expected)
    same = np.array_equal(got[there].view(np.uint64), expected[there].view(np.uint64))
    return same and np.array_equal(np.isnan(got), np.isnan(expected))


def doubles(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return float32s as doubles; a signalling NaN is none to warn of."""
    with np.errstate(invalid="ignore"):
        return values.astype(np.float64)


@pytest.mark.parametrize("expression", [by_bytes, by_digits])
class TestDecoded:
    """The arithmetic of the views, on SQLite."""

    @given(words)
    def test_float32(self, expression: Callable[[int], str], bits: list[int]) -> None:
        """Four bytes become the double that equals their float32; NaN becomes NULL."""
        values = np.array(bits, dtype="<u4").view("<f4")
        assert same_bits(in_sqlite(expression(4), values.tobytes(), 4), doubles(values))

    @given(long_words)
    def test_float64(self, expression: Callable[[int], str], bits: list[int]) -> None:
        """Eight bytes become their double; NaN becomes NULL."""
        values = np.array(bits, dtype="<u8").view("<f8")
        assert same_bits(in_sqlite(expression(8), values.tobytes(), 8), values)


#: with the smallest and the largest mantissa, and either sign
EVERY_FLOAT32 = np.array([top << 23 | low for top in range(512) for low in (0, 1, 0x7FFFFF)], dtype="<u4").view("<f4")
EVERY_FLOAT64 = np.array([top << 52 | low for top in range(4096) for low in (0, 1, (1 << 52) - 1)], dtype="<u8").view(
    "<f8"
)


@pytest.mark.parametrize("ask", [in_sqlite, in_duckdb])
class TestEveryExponent:
    """The arithmetic of the views, on both engines that run them."""

    def test_float32(self, ask: Callable[[str, bytes, int], NDArray[np.float64]]) -> None:
        """Each exponent scales right."""
        for some in np.array_split(EVERY_FLOAT32, 8):
            assert same_bits(ask(by_digits(4), some.tobytes(), 4), doubles(some))

    def test_float64(self, ask: Callable[[str, bytes, int], NDArray[np.float64]]) -> None:
        """Each exponent scales right."""
        for some in np.array_split(EVERY_FLOAT64, 32):
            assert same_bits(ask(by_digits(8), some.tobytes(), 8), some)


class TestPacked:
    """Postgres' binary arrays."""

    @given(words)
    def test_float32(self, bits: list[int]) -> None:
        """What is sent as `real[]` reads back as the same bits."""
        floats = np.array(bits, dtype=np.uint32).view(np.float32)
        back = unpacked(PackedFloat32(floats).data, np.dtype("float32"))
        assert back.view(np.uint32).tolist() == bits

    @given(long_words)
    def test_float64(self, bits: list[int]) -> None:
        """What is sent as `double precision[]` reads back as the same bits."""
        floats = np.array(bits, dtype=np.uint64).view(np.float64)
        back = unpacked(PackedFloat64(floats).data, np.dtype("float64"))
        assert back.view(np.uint64).tolist() == bits


class TestColumn:
    """A curve in a table of either database."""

    @pytest.fixture
    def store(self, store_url: str) -> Store:
        """An empty store."""
        return open_store(store_url)

    def test_any_curve(self, store: Store) -> None:
        """Any float32 bits are read back from the table as they were written."""
        table = metadata.tables[trajectories.name]

        @settings(max_examples=40, deadline=None)
        @given(words)
        def check(bits: list[int]) -> None:
            curve = np.array(bits, dtype=np.uint32).view(np.float32)
            columns = table.c["train_rmse", "test_rmse", "validation_rmse"]
            with store.database.engine.connect() as connection:
                unchecked = (
                    "PRAGMA defer_foreign_keys = ON"
                    if store.database.engine.name == "sqlite"
                    else ("SET session_replication_role = replica")
                )
                connection.exec_driver_sql(unchecked)
                row = {"job_id": 1, "epochs": len(bits), "every": 1, "train_rmse": curve, "test_rmse": curve[::-1]}
                connection.execute(insert(table), row)
                train, test, validation = connection.execute(select(*columns)).one()
                connection.rollback()
            assert train.view(np.uint32).tolist() == bits
            assert test.view(np.uint32).tolist() == bits[::-1]
            assert validation is None

        with store:
            check()
