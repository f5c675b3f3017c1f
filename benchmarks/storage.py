"""Time to write 10,000 trajectories of 1,000 epochs, their size, and the time to read them as rows.

They are saved in packs of 64, as workers save them. Baseline on the same database: one row per epoch, inserted by
`executemany`, extrapolated from a hundredth of the trajectories. `--small` makes a tenth.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from benchmarks.timing import timed
from store import Result, Store, Trajectory, open_store
from tests import examples
from tests.servers import Postgres

REPEATS, EPOCHS, PACK = 10_000, 1_000, 64
SHARE = 100
#: repeats of a configuration whose trajectories are read as rows
READ = 100


def curves(rng: np.random.Generator) -> Trajectory:
    """Return a falling, rough trajectory, which compresses no better than a real one."""
    fall = 100 + 60 * np.exp(-np.linspace(0, 8, EPOCHS))
    train, test = (fall + rng.standard_normal((2, EPOCHS))).astype(np.float32)
    return Trajectory(epochs=EPOCHS, every=1, train_rmse=train, test_rmse=test)


def result(job_id: int, trajectory: Trajectory) -> Result:
    """Return a result with a trajectory."""
    return Result(
        job_id=job_id,
        train_rmse=float(trajectory.train_rmse[-1]),
        test_rmse=float(trajectory.test_rmse[-1]),
        diverged=False,
        seconds=0.1,
        trajectory=trajectory,
        forecasts=None,
    )


def write(store: Store, made: list[Trajectory]) -> float:
    """Save a result for each trajectory; return the seconds that saving takes."""
    store.series.put(examples.SERIES)
    labels = [f"units={number}" for number in range(len(made) // READ)]
    new = examples.experiment("curves", labels, repeats=READ, max_pack=PACK, one_program=True)
    store.experiments.create(new)
    waiting, seconds = iter(made), 0.0
    while jobs := store.jobs.claim_next(owner="benchmark", lease=600, workers=1):
        results = [result(job.id, next(waiting)) for job in jobs]
        seconds += timed(partial(store.results.save, results, owner="benchmark", provenance=examples.PROVENANCE))
    return seconds


def write_rows(engine: sa.Engine, made: list[Trajectory]) -> float:
    """Insert one row an epoch for some trajectories; return the seconds that all would take."""
    table = sa.Table(
        "plain_rows",
        sa.MetaData(),
        sa.Column("job_id", sa.Integer),
        sa.Column("epoch", sa.Integer),
        sa.Column("train_rmse", sa.Float),
        sa.Column("test_rmse", sa.Float),
    )
    table.create(engine)
    some = made[: len(made) // SHARE]

    def insert() -> None:
        with engine.begin() as connection:
            connection.execute(sa.insert(table), [row for job, each in enumerate(some) for row in rows(job, each)])

    return timed(insert) * len(made) / len(some)


def rows(job: int, trajectory: Trajectory) -> list[dict[str, Any]]:
    """Return a trajectory as one row per epoch."""
    pairs = zip(trajectory.train_rmse.tolist(), trajectory.test_rmse.tolist(), strict=True)
    return [{"job_id": job, "epoch": k + 1, "train_rmse": a, "test_rmse": b} for k, (a, b) in enumerate(pairs)]


def read(store: Store) -> float:
    """Return the seconds to average the curves of a configuration by epoch, through the view."""
    query = "SELECT epoch, AVG(test_rmse) FROM trajectory_points WHERE configuration = 'units=3' GROUP BY epoch"

    def ask() -> None:
        with store.database.engine.connect() as connection:
            assert len(connection.execute(sa.text(query)).all()) == EPOCHS

    return timed(ask)


def measure(name: str, url: str, size: Callable[[sa.Engine], float], count: int) -> None:
    """Print a line for one database."""
    rng = np.random.default_rng(1)
    made = [curves(rng) for _ in range(count)]
    with open_store(url, create=True) as store:
        seconds = write(store, made)
        megabytes = size(store.database.engine)
        plain = write_rows(store.database.engine, made)
        print(
            f"{name}: {count:,} trajectories of {EPOCHS:,} epochs in {seconds:.1f} s, {plain / seconds:.0f} times as "
            f"fast as rows ({plain:.0f} s); the store has {megabytes:.0f} MB; "
            f"a mean curve of {READ} repeats through the view in {read(store):.1f} s",
            flush=True,
        )


def main() -> None:
    """Print both databases."""
    count = REPEATS // 10 if "--small" in sys.argv else REPEATS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.db"

        def of_file(engine: sa.Engine) -> float:
            return sum(part.stat().st_size for part in Path(folder).iterdir()) / 1e6

        measure("SQLite", f"sqlite:///{path}", of_file, count)
    server = Postgres()
    server.start()
    try:
        measure("Postgres", server.create("storage"), of_database, count)
    finally:
        server.close()


def of_database(engine: sa.Engine) -> float:
    """Return the megabytes of a Postgres database."""
    with engine.connect() as connection:
        return float(connection.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one()) / 1e6


if __name__ == "__main__":
    main()
