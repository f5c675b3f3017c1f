"""Any float goes through the store and its views and is the same bits again."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy import insert, select

from store import Store, open_store
from store.database.arrays import PackedFloat32, PackedFloat64, unpacked
from store.database.migrations.floats import decoded
from store.database.tables import metadata, trajectories

words = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=40)
long_words = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=40)


def through_sql(data: bytes, size: int) -> NDArray[np.float64]:
    """Return what SQLite makes of a BLOB of floats; NULL is NaN."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE TABLE t (b BLOB)")
        connection.execute("INSERT INTO t VALUES (?)", (data,))
        numbers = "WITH RECURSIVE k (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < ?)"
        rows = connection.execute(f"{numbers} SELECT {decoded('b', 'n', size=size)} FROM t, k", (len(data) // size,))
        return np.array([np.nan if row[0] is None else row[0] for row in rows])
    finally:
        connection.close()


class TestDecoded:
    """The arithmetic of the SQLite views."""

    @given(words)
    def test_float32(self, bits: list[int]) -> None:
        """Four bytes become the double that equals their float32; NaN becomes NULL."""
        floats = np.array(bits, dtype="<u4").view("<f4")
        got = through_sql(floats.tobytes(), 4)
        with np.errstate(invalid="ignore"):
            expected = floats.astype(np.float64)
        assert np.array_equal(np.isnan(got), np.isnan(expected))
        there = ~np.isnan(expected)
        assert np.array_equal(got[there].view(np.uint64), expected[there].view(np.uint64))

    @given(long_words)
    def test_float64(self, bits: list[int]) -> None:
        """Eight bytes become their double; NaN becomes NULL."""
        floats = np.array(bits, dtype="<u8").view("<f8")
        got = through_sql(floats.tobytes(), 8)
        assert np.array_equal(np.isnan(got), np.isnan(floats))
        there = ~np.isnan(floats)
        assert np.array_equal(got[there].view(np.uint64), floats[there].view(np.uint64))

    @pytest.mark.parametrize("exponent", range(256))
    def test_every_exponent_of_float32(self, exponent: int) -> None:
        """Each exponent scales right, with the smallest and the largest mantissa."""
        floats = np.array([exponent << 23, exponent << 23 | 0x7FFFFF], dtype="<u4").view("<f4")
        got = through_sql(floats.tobytes(), 4)
        assert np.array_equal(got, floats.astype(np.float64), equal_nan=True)


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
