"""What any store does with results: saved once, exact to the last bit, read as frames, arrays and through SQL views."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from store import Forecasts, Result, Store, Trajectory
from tests.contract.saved_results import ODD_DOUBLES
from tests.examples import PROVENANCE, SERIES, experiment, finish, result, run_all, submit


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
        assert list(store.results.trajectories(made.id, ["a"])) == ["a"]

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
