"""Results with numbers that are easily lost, and what a view gives of them."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

import numpy as np
import psycopg
from sqlalchemy import make_url

from store import Forecasts, Result, Store, Trajectory
from tests.examples import PROVENANCE, experiment, result, submit

INFINITE = float("inf")


#: zeros, the smallest and largest numbers, infinities, NaNs quiet and signalling, ordinary numbers
ODD_BITS = """
    00000000 80000000 00000001 807FFFFF 00800000 7F7FFFFF FF800000 7F800000
    7FC00000 7F800001 42F6E979 C2F6E979 3F800000 33800000 4B7FFFFF
"""


ODD = np.array([int(bits, 16) for bits in ODD_BITS.split()], dtype=np.uint32).view(np.float32)


ODD_NUMBERS = """
    0 -0.0 5e-324 -2.2250738585072014e-308 1.7976931348623157e308 inf -inf nan
    0.1 -1e-200 9007199254740993 136.761 -1e200 1 8e-313 9.999999999999999e22
"""


ODD_DOUBLES = np.array([float(number) for number in ODD_NUMBERS.split()])


def query(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Query through the database's own driver, as a user would."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        connection = sqlite3.connect(str(address.database))
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()
    with psycopg.connect(url) as connected:
        return connected.execute(sql).fetchall()


def same(values: list[Any], expected: np.ndarray) -> bool:
    """Whether a view's numbers are the expected ones to the last bit, and NULL where those are NaN."""
    got = np.array([np.nan if value is None else value for value in values])
    with np.errstate(invalid="ignore"):  # a signalling NaN becomes a quiet one
        wide = expected.astype(np.float64)
    missing = np.isnan(wide)
    return bool(
        np.array_equal(missing, np.isnan(got))
        and np.array_equal(got[~missing].view(np.uint64), wide[~missing].view(np.uint64))
    )


def save_three(store: Store) -> list[Result]:
    """Save three repeats: a plain one, one with odd floats and every third epoch, and one that diverged."""
    submit(store, experiment(labels=["a"], repeats=3))
    jobs = store.jobs.claim_next(owner="o", lease=60, workers=1)
    third = Trajectory(epochs=44, every=3, train_rmse=ODD, test_rmse=ODD[::-1].copy(), validation_rmse=ODD)
    odd = Forecasts(observed=ODD_DOUBLES.reshape(2, 4, 2), forecast=ODD_DOUBLES[::-1].reshape(2, 4, 2))
    results = [
        result(jobs[0]),
        replace(result(jobs[1]), test_rmse=INFINITE, scores={"step_1": INFINITE}, trajectory=third, forecasts=odd),
        replace(result(jobs[2], diverged=True), train_rmse=float("nan")),
    ]
    assert store.results.save(results, owner="o", provenance=PROVENANCE) == {job.id for job in jobs}
    return results
