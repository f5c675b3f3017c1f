"""What any store does with results: saved once, exact to the last bit, read as frames, arrays and through SQL views."""

from __future__ import annotations

import sqlite3
import subprocess
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import pytest
from sqlalchemy import create_engine, make_url

from store import Forecasts, NotFound, Result, Store, StoreError, Trajectory
from tests.examples import PROVENANCE, SERIES, experiment, finish, result, run_all, submit
from tests.servers import Postgres

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


@pytest.fixture
def saved(store: Store) -> list[Result]:
    """Three repeats of a configuration: one plain, one with odd floats and every third epoch, one that diverged."""
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


def query(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Ask the database's own driver, as a user would."""
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


class TestSave:
    """`results.save`."""

    def test_jobs_of_others_are_left_out(self, store: Store) -> None:
        """Of a pack, those jobs are saved that are still the owner's, and the ids say which."""
        submit(store, experiment(labels=["a"], repeats=3))
        mine = store.jobs.claim([1, 2], owner="o", lease=60)
        store.jobs.claim([3], owner="p", lease=60)
        results = [*map(result, mine), result(3)]
        assert store.results.save(results, owner="o", provenance=PROVENANCE) == {1, 2}

    def test_nothing_to_save(self, store: Store) -> None:
        """No results are no error."""
        assert store.results.save([], owner="o", provenance=PROVENANCE) == set()

    def test_result_without_curves(self, store: Store) -> None:
        """A protocol may have neither trajectory nor forecasts."""
        made = submit(store, experiment(labels=["a"], repeats=1)).experiment
        (job,) = store.jobs.claim_next(owner="o", lease=60, workers=1)
        bare = replace(result(job), trajectory=None, forecasts=None, scores={})
        assert store.results.save([bare], owner="o", provenance=PROVENANCE) == {job.id}
        assert store.results.trajectories(made.id) == {}
        assert store.results.forecasts(made.id) == {}
        assert store.results.frame(made.id)["test_rmse"].tolist() == [100.0]

    def test_a_result_that_cannot_be_stored_leaves_nothing(self, store: Store) -> None:
        """One bad result undoes the whole pack: it can be tried again."""
        made = submit(store, experiment(labels=["a"], repeats=2)).experiment
        jobs = store.jobs.claim_next(owner="o", lease=60, workers=1)
        bad = replace(result(jobs[1]), seconds=None)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            store.results.save([result(jobs[0]), bad], owner="o", provenance=PROVENANCE)
        assert store.experiments.status(made.id).running == 2
        assert finish(store, jobs, "o") == {job.id for job in jobs}


class TestRead:
    """`results.frame`, `scores`, `trajectories`, `forecasts` and `provenance`."""

    def test_frame_has_a_row_a_repeat_in_the_order_of_the_grid(self, store: Store) -> None:
        """The frame has configurations as the grid has them, repeats in order, and what is missing is missing."""
        made = submit(store, experiment(labels=["z", "a"], repeats=2)).experiment
        finish(store, store.jobs.claim_next(owner="host:9:o", lease=60, workers=2), "host:9:o")
        frame = store.results.frame(made.id)
        assert frame["configuration"].tolist() == ["z", "z", "a", "a"]
        assert frame["repeat"].tolist() == [0, 1, 0, 1]
        assert frame["seed"].tolist() == [2**62, 2**62 + 1] * 2
        assert frame["state"].tolist() == ["done", "done", "queued", "queued"]
        assert frame["diverged"].tolist() == [False, False, pd.NA, pd.NA]
        assert frame["test_rmse"].isna().tolist() == [False, False, True, True]
        assert str(frame["test_rmse"].dtype) == "float64"
        assert frame["worker"].tolist()[:2] == [PROVENANCE.worker] * 2

    def test_frame_has_the_columns_of_the_view(self, store: Store, store_url: str, saved: list[Result]) -> None:
        """The frame and the view `results` are the same table."""
        frame = store.results.frame(1)
        view = pd.read_sql("SELECT * FROM results ORDER BY repeat", store.database.engine)
        assert list(frame.columns) == list(view.columns)
        assert frame["test_rmse"].tolist()[:2] == view["test_rmse"].tolist()[:2]
        assert len(saved) == len(frame)

    def test_frame_of_nothing(self, store: Store) -> None:
        """An unknown experiment has no rows, but all columns."""
        assert store.results.frame(99).empty
        assert "test_rmse" in store.results.frame(99)

    def test_diverged_is_a_result(self, store: Store, saved: list[Result]) -> None:
        """A repeat that diverged is done, with NaN for a score; infinity stays infinity."""
        frame = store.results.frame(1)
        assert frame["diverged"].tolist() == [False, False, True]
        assert frame["state"].tolist() == ["done"] * 3
        assert np.isinf(frame["test_rmse"][1])
        assert np.isnan(frame["test_rmse"][2])
        assert np.isnan(frame["train_rmse"][2])

    def test_trajectories_round_trip_to_the_last_bit(self, store: Store) -> None:
        """Curves come back as they were, NaN's payload and all, by configuration in the order of the grid."""
        made = submit(store, experiment(labels=["z", "a"], repeats=2, one_program=True)).experiment
        jobs = store.jobs.claim_next(owner="o", lease=60, workers=1)
        bits = np.random.default_rng(1).integers(0, 2**32, (4, 3, 7), dtype=np.uint32)
        curves = bits.view(np.float32)
        results = [
            replace(
                result(job), trajectory=Trajectory(epochs=20, every=3, train_rmse=a, test_rmse=b, validation_rmse=c)
            )
            for job, (a, b, c) in zip(jobs, curves, strict=True)
        ]
        store.results.save(results, owner="o", provenance=PROVENANCE)
        sets = store.results.trajectories(made.id)
        assert list(sets) == ["z", "a"]
        for place, one in enumerate(sets.values()):
            assert one.repeats.tolist() == [0, 1]
            assert one.epochs.tolist() == [3, 6, 9, 12, 15, 18, 20]
            for number, got in enumerate((one.train, one.test, one.validation)):
                assert got is not None
                assert got.dtype == np.float32
                assert np.array_equal(got.view(np.uint32), bits[2 * place : 2 * place + 2, number])
        assert list(store.results.trajectories(made.id, "a")) == ["a"]

    def test_forecasts_round_trip(self, store: Store) -> None:
        """Forecasts come back with their shape and every bit."""
        made = submit(store, experiment(labels=["a"], repeats=2)).experiment
        jobs = store.jobs.claim_next(owner="o", lease=60, workers=1)
        odd = Forecasts(observed=ODD_DOUBLES.reshape(2, 4, 2), forecast=ODD_DOUBLES[::-1].reshape(2, 4, 2))
        results = [replace(result(job), forecasts=odd) for job in jobs]
        store.results.save(results, owner="o", provenance=PROVENANCE)
        found = store.results.forecasts(made.id)["a"]
        assert (found.repeats.tolist(), found.observed.shape, found.forecast.shape) == ([0, 1], (2, 4, 2), (2, 2, 4, 2))
        assert np.array_equal(found.observed.view(np.uint64), odd.observed.view(np.uint64))
        assert np.array_equal(found.forecast[1].view(np.uint64), odd.forecast.view(np.uint64))

    def test_no_validation_curve(self, store: Store) -> None:
        """Where no rows were held out there is no third curve."""
        made = submit(store, experiment(labels=["a"], repeats=1)).experiment
        run_all(store)
        assert store.results.trajectories(made.id)["a"].validation is None

    def test_further_scores(self, store: Store, saved: list[Result]) -> None:
        """Further scores are columns; what is not finite is missing."""
        frame = store.results.scores(1)
        assert list(frame.columns) == ["configuration", "repeat", "step_1", "step_2"]
        assert frame["step_2"].tolist()[0] == 101.0
        assert np.isnan(frame["step_1"][1])
        assert len(store.results.scores(99)) == 0

    def test_provenance_names_all_versions(self, store: Store, saved: list[Result]) -> None:
        """Where results came from is told; several values are all told."""
        submit(store, experiment("more", ["a"], repeats=4))
        jobs = store.jobs.claim_next(owner="o", lease=60, workers=1)
        other = replace(PROVENANCE, python="3.12.1", git_commit=None)
        store.results.save([result(jobs[0])], owner="o", provenance=other)
        assert store.results.provenance(2) == {
            "numerics": "1",
            "python": "3.11.9, 3.12.1",
            "tensorflow": "2.21.0",
            "keras": "3.15.1",
            "numpy": "2.4.6",
            "git_commit": "abc123",
            "host": "host",
            "series_hash": SERIES.content_hash,
        }


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
        *("worker", "attempts", "error", "finished_at", "job", "test_mae"),
    ],
    "summaries": [
        *("experiment", "configuration", "count", "mean", "std", "min", "p25", "p50", "p75", "max", "diverged"),
    ],
    "trajectory_points": [
        *("experiment", "configuration", "repeat", "epoch", "train_rmse", "test_rmse", "validation_rmse", "job"),
    ],
    "forecasts": [
        *("experiment", "configuration", "repeat", "step", "horizon", "target", "observed", "forecast", "job"),
    ],
    "comparisons": [
        *("experiment", "a", "b", "difference", "low", "high", "p", "p_adjusted", "effect", "probability", "test"),
        *("verdict", "winner", "outcome"),
    ],
    "parameters": ["experiment", "configuration", "parameter", "value", "number"],
    "step_scores": ["experiment", "configuration", "repeat", "target", "step", "rmse", "mae", "job"],
    "baselines": ["experiment", "split", "target", "baseline", "rmse", "mae", "mase"],
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


class TestDerived:
    """Summaries, comparisons and baselines."""

    SUMMARY = pd.DataFrame(
        {
            "configuration": ["b", "a"],
            "count": [3, 0],
            **{
                name: [float(place), np.nan]
                for place, name in enumerate(("mean", "std", "min", "p25", "p50", "p75", "max"))
            },
            "diverged": [1, 2],
        }
    )

    def test_summaries_come_back_in_the_order_of_the_grid(self, store: Store, store_url: str) -> None:
        """What was written is read, by frame and by view; writing again replaces it."""
        made = submit(store, experiment(labels=["a", "b"])).experiment
        assert store.results.summaries(made.id).empty
        for _ in range(2):
            store.results.write_summaries(made.id, self.SUMMARY)
        frame = store.results.summaries(made.id)
        expected = self.SUMMARY.iloc[::-1].reset_index(drop=True)
        pd.testing.assert_frame_equal(frame, expected)
        rows = query(
            store_url, "SELECT configuration, count, mean, p50, diverged FROM summaries ORDER BY configuration"
        )
        assert rows == [("a", 0, None, None, 2), ("b", 3, 0.0, 4.0, 1)]

    def test_done_experiment_is_summarised_then(self, store: Store) -> None:
        """Writing the summaries of an experiment that is done settles it; of one that runs it does not."""
        made = submit(store, experiment(labels=["a", "b"])).experiment
        store.results.write_summaries(made.id, self.SUMMARY)
        assert store.experiments.get("tune").summarised_at is None
        run_all(store)
        store.experiments.close_if_done()
        assert store.experiments.unsummarised() == [made.id]
        store.results.write_summaries(made.id, self.SUMMARY)
        assert store.experiments.unsummarised() == []

    def test_unknown_configuration_is_refused(self, store: Store) -> None:
        """A summary of a configuration that the experiment does not have is a mistake, and named."""
        made = submit(store, experiment(labels=["a"])).experiment
        with pytest.raises(NotFound, match=r"Experiment 1 has no configuration b\."):
            store.results.write_summaries(made.id, self.SUMMARY)

    def test_comparisons_keep_order_and_further_columns(self, store: Store, store_url: str) -> None:
        """Comparisons come back as written, with columns that the table does not have."""
        made = submit(store).experiment
        frame = pd.DataFrame(
            [
                {
                    "a": "units=2",
                    "b": "units=1",
                    "difference": -1.5,
                    "outcome": "better_b",
                    "verdict": "better",
                    "winner": "units=1",
                    "more": 0,
                    "paired": True,
                },
                {
                    "a": "units=1",
                    "b": "units=3",
                    "difference": np.nan,
                    "outcome": "undecided",
                    "verdict": "undecided",
                    "winner": None,
                    "more": 12,
                    "paired": False,
                },
            ]
        )
        store.results.write_comparisons(made.id, frame)
        store.results.write_comparisons(made.id, frame)
        read = store.results.comparisons(made.id)
        assert read[["a", "b", "verdict", "more", "paired"]].to_dict("records") == (
            frame[["a", "b", "verdict", "more", "paired"]].to_dict("records")
        )
        assert read["difference"].tolist()[0] == -1.5
        assert query(store_url, "SELECT a, verdict, winner, outcome FROM comparisons ORDER BY a DESC") == [
            ("units=2", "better", "units=1", "better_b"),
            ("units=1", "undecided", None, "undecided"),
        ]

    def test_incomplete_comparison_is_refused(self, store: Store) -> None:
        """A row without its verdict is refused, and what was there stays."""
        made = submit(store).experiment
        store.results.write_comparisons(made.id, pd.DataFrame([{"a": "x", "b": "y", "verdict": "better"}]))
        with pytest.raises(StoreError, match="A row for comparison_rows needs a, b, verdict"):
            store.results.write_comparisons(made.id, pd.DataFrame([{"a": "x", "b": "y"}]))
        assert len(store.results.comparisons(made.id)) == 1

    def test_baselines_can_be_used_again(self, store: Store) -> None:
        """Another experiment on the same split finds the baselines that were computed for the first."""
        first = submit(store, experiment("first")).experiment
        assert store.results.baselines_of("shampoo/12").empty
        frame = pd.DataFrame(
            [
                {"split": "shampoo/12", "baseline": "persistence", "rmse": 136.761, "mae": 110.0, "mase": np.inf},
                {"split": "other/3", "baseline": "drift", "rmse": 1.0, "order": "1,0,0"},
            ]
        )
        store.results.write_baselines(first.id, frame)
        assert store.results.baselines(first.id)["baseline"].tolist() == ["persistence", "drift"]
        again = store.results.baselines_of("shampoo/12")
        assert again[["baseline", "rmse"]].to_dict("records") == [{"baseline": "persistence", "rmse": 136.761}]
        assert store.results.comparisons(first.id).empty

    def test_a_baseline_has_a_row_for_each_target(self, store: Store) -> None:
        """Where several columns are forecast, each has its errors, and so have all together."""
        made = submit(store).experiment
        targets = ["all targets", "tens", "fives"]
        rows = [{"split": "s", "target": target, "baseline": "drift", "rmse": 1.0} for target in targets]
        store.results.write_baselines(made.id, pd.DataFrame(rows))
        assert store.results.baselines(made.id)["target"].tolist() == targets


class TestSeries:
    """`store.series`."""

    def test_series_is_read_as_it_was_put(self, store: Store) -> None:
        """Values, columns and times come back; a second put of the same content changes nothing."""
        store.series.put(SERIES)
        store.series.put(replace(SERIES, name="the same under another name"))
        found = store.series.get(SERIES.content_hash)
        assert (found.name, found.columns, found.times) == (SERIES.name, SERIES.columns, SERIES.times)
        assert np.array_equal(found.values, SERIES.values)

    def test_series_without_times(self, store: Store) -> None:
        """A series need not have times."""
        store.series.put(replace(SERIES, times=()))
        assert store.series.get(SERIES.content_hash).times == ()

    def test_unknown_series_is_named(self, store: Store) -> None:
        """A series that is not there says what to do."""
        with pytest.raises(NotFound, match=r"No series with the content hash 'nothing' in .*Submit its grid again"):
            store.series.get("nothing")
