"""The SQL views: the same columns and numbers on SQLite and on Postgres, and for other programs."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy import create_engine

from store import Result, Store, Trajectory
from tests.contract.saved_results import INFINITE, ODD_DOUBLES, query, same
from tests.examples import PROVENANCE, experiment, result, submit
from tests.servers import Postgres


class TestViews:
    """The views for people, through the drivers that people use."""

    def test_results(self, store: Store, store_url: str, saved: list[Result]) -> None:
        """`results` has a row a repeat."""
        columns = "experiment, configuration, repeat, seed, state, diverged, train_rmse, test_rmse, seconds, worker"
        rows = query(store_url, f"SELECT {columns} FROM results WHERE NOT diverged ORDER BY repeat")
        assert rows[0] == ("tune", "a", 0, 2**62, "done", False, 50.0, 100.0, 0.25, "host:1")
        assert rows[1][7] == INFINITE
        assert query(store_url, "SELECT test_rmse FROM results WHERE diverged") == [(None,)]

    def test_trajectory_points_are_exact(self, store: Store, store_url: str, saved: list[Result]) -> None:
        """Each point of each curve is the stored float32, as a double, at its epoch; NaN is NULL."""
        for repeat, one in enumerate(saved):
            rows = query(
                store_url,
                "SELECT epoch, train_rmse, test_rmse, validation_rmse, job FROM trajectory_points "
                f"WHERE experiment = 'tune' AND configuration = 'a' AND repeat = {repeat} ORDER BY epoch",
            )
            curve = one.trajectory
            assert curve is not None
            epochs = [min((number + 1) * curve.every, curve.epochs) for number in range(len(curve.test_rmse))]
            assert [row[0] for row in rows] == epochs
            assert same([row[1] for row in rows], curve.train_rmse)
            assert same([row[2] for row in rows], curve.test_rmse)
            if curve.validation_rmse is None:
                assert {row[3] for row in rows} == {None}
            else:
                assert same([row[3] for row in rows], curve.validation_rmse)
            assert {row[4] for row in rows} == {one.job_id}

    def test_curves_in_units_that_float32_does_not_hold(self, store: Store, store_url: str) -> None:
        """Curves are stored as float32 with a factor, and read in the units of the series, here and in the view."""
        made = submit(store, experiment(labels=["a"], repeats=2)).experiment
        jobs = store.jobs.claim_next(owner="o", lease=60, workers=1)
        large, small = (
            Trajectory(epochs=2, every=1, train_rmse=curve, test_rmse=curve / 2, factor=factor)
            for curve, factor in [(np.array([3, 1.5], np.float32), 2.0**400), (np.array([3, 1], np.float32), 2.0**-70)]
        )
        results = [replace(result(job), trajectory=one) for job, one in zip(jobs, (large, small), strict=True)]
        store.results.save(results, owner="o", provenance=PROVENANCE)
        expected = [[3 * 2.0**400, 1.5 * 2.0**400], [3 * 2.0**-70, 2.0**-70]]
        assert store.results.trajectories(made.id)["a"].train.tolist() == expected
        rows = query(store_url, "SELECT train_rmse FROM trajectory_points ORDER BY repeat, epoch")
        assert [row[0] for row in rows] == [*expected[0], *expected[1]]

    def test_last_epoch_of_each_repeat(self, store: Store, store_url: str, saved: list[Result]) -> None:
        """One epoch can be asked for; the last one is always a point."""
        rows = query(store_url, "SELECT repeat, test_rmse FROM trajectory_points WHERE epoch = 44")
        assert rows == [(1, 0.0)]

    def test_forecasts_are_exact(self, store: Store, store_url: str, saved: list[Result]) -> None:
        """Each forecast is a row with step, horizon and target counted from 1."""
        rows = query(
            store_url,
            "SELECT step, horizon, target, observed, forecast FROM forecasts WHERE repeat = 1 "
            "ORDER BY step, horizon, target",
        )
        assert [row[:3] for row in rows] == [(s, h, t) for s in (1, 2) for h in (1, 2, 3, 4) for t in (1, 2)]
        assert same([row[3] for row in rows], ODD_DOUBLES)
        assert same([row[4] for row in rows], ODD_DOUBLES[::-1])

    def test_columns_are_the_same_everywhere(self, store: Store, saved: list[Result]) -> None:
        """Both databases have the same views with the same columns."""
        assert {
            name: list(pd.read_sql(f"SELECT * FROM {name}", store.database.engine).columns) for name in VIEWS
        } == VIEWS

    def test_a_mean_over_repeats(self, store: Store, store_url: str, saved: list[Result]) -> None:
        """The query of the README works: a mean curve, over what did not diverge."""
        mean = query(
            store_url,
            "SELECT epoch, avg(test_rmse) FROM trajectory_points WHERE experiment = 'tune' AND repeat <> 1 "
            "GROUP BY epoch ORDER BY epoch",
        )
        assert mean == [(1, 103.0), (2, 102.0), (3, 101.0), (4, 100.0)]


VIEWS = {
    "results": [
        *("experiment", "configuration", "repeat", "seed", "state", "diverged", "train_rmse", "test_rmse", "seconds"),
        *("worker", "attempts", "error", "finished_at", "job", "test_mae", "split"),
        *("test_mape", "test_smape", "test_mase", "test_rmsse"),
    ],
    "summaries": [
        *("experiment", "configuration", "count", "mean", "std", "min", "p25", "p50", "p75", "max", "diverged"),
        *("split", "score"),
    ],
    "trajectory_points": [
        *("experiment", "configuration", "repeat", "epoch", "train_rmse", "test_rmse", "validation_rmse", "job"),
        "split",
    ],
    "forecasts": [
        *("experiment", "configuration", "repeat", "step", "horizon", "target", "observed", "forecast", "job"),
        "split",
    ],
    "comparisons": [
        *("experiment", "a", "b", "difference", "low", "high", "p", "p_adjusted", "effect", "probability", "test"),
        *("verdict", "winner", "outcome", "split", "low_all", "high_all", "over"),
    ],
    "parameters": ["experiment", "configuration", "parameter", "value", "number"],
    "step_scores": [
        *("experiment", "configuration", "repeat", "target", "step", "rmse", "mae", "job"),
        *("mape", "smape", "mase", "rmsse", "split"),
    ],
    "target_scores": [
        *("experiment", "configuration", "repeat", "target", "rmse", "mae", "mape", "smape", "mase", "rmsse", "job"),
        "split",
    ],
    "ensembles": [
        *("experiment", "configuration", "split", "combination", "repeats", "rmse", "mae", "mape", "smape", "mase"),
        *("rmsse", "low", "high", "score", "mean", "std"),
    ],
    "ensemble_step_scores": [
        *("experiment", "configuration", "target", "step", "rmse", "mae", "mape", "smape", "mase", "rmsse"),
        "split",
    ],
    "splits": [
        *("experiment", "split", "series", "window_number", "train_from", "train_to", "test_from", "test_to"),
        *("train_from_time", "train_to_time", "test_from_time", "test_to_time"),
    ],
    "split_summaries": [
        *("experiment", "configuration", "split", "count", "mean", "std", "min", "p25", "p50", "p75", "max"),
        *("diverged", "score"),
    ],
    "baselines": [
        *("experiment", "split", "target", "baseline", "rmse", "mae", "mase", "mape", "smape", "rmsse", "mase_of"),
    ],
}


class TestCommandLine:
    """The views through `sqlite3` and `psql`."""

    SQL = "SELECT repeat, epoch, test_rmse FROM trajectory_points WHERE repeat = 0 AND epoch >= 3 ORDER BY epoch"

    def test_pandas(self, sqlite_url: str) -> None:
        """`pandas.read_sql` reads a view of a file."""
        engine = create_engine(sqlite_url)
        assert pd.read_sql(self.SQL, engine).empty
        engine.dispose()

    def test_psql(self, postgres: Postgres, postgres_url: str) -> None:
        """`psql` reads a view."""
        command = [postgres.bin / "psql", postgres_url, "-Atc", self.SQL]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout == ""
