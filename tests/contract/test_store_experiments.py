"""Experiments are made once, found by name or id, and counted, on SQLite and on Postgres."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from store import ExperimentState, JobState, NotFound, Store, StoreError
from tests.examples import SERIES, experiment, run_all, submit

QUEUED, DONE, CANCELLED, FAILED = JobState.QUEUED, JobState.DONE, JobState.CANCELLED, JobState.FAILED


class TestCreate:
    """`experiments.create`."""

    def test_new_experiment_has_all_its_jobs(self, store: Store) -> None:
        """A new experiment is stored with a queued job for each repeat."""
        submitted = submit(store)
        assert (submitted.new, submitted.reused, submitted.created) == (6, 0, True)
        assert store.experiments.status(submitted.experiment.id).counts[QUEUED] == 6

    def test_experiment_is_read_back_as_submitted(self, store: Store) -> None:
        """Everything that was submitted is in the record, with the time in UTC."""
        found = store.experiments.get(submit(store).experiment.name)
        new = experiment()
        for name in (
            "name",
            "description",
            "grid_text",
            "grid_file",
            "repeats",
            "seed",
            "queue",
            "pack",
            "max_attempts",
        ):
            assert getattr(found, name) == getattr(new, name)
        assert abs(datetime.now(UTC) - found.created_at) < timedelta(minutes=1)
        assert found.created_at.tzinfo is UTC
        assert (found.state, found.finished_at, found.summarised_at) == (ExperimentState.RUNNING, None, None)

    def test_same_grid_again_is_the_same_experiment(self, store: Store) -> None:
        """The same name with the same jobs makes nothing new."""
        first, again = submit(store), submit(store)
        assert (again.experiment.id, again.created, again.new, again.reused) == (first.experiment.id, False, 0, 6)

    def test_other_content_gets_another_name(self, store: Store) -> None:
        """The same name with other content becomes name-2, name-3, ..."""
        names = [submit(store, experiment(labels=[label])).experiment.name for label in ("a", "b", "c", "b")]
        assert names == ["tune", "tune-2", "tune-3", "tune-2"]

    def test_the_name_is_known_beforehand(self, store: Store) -> None:
        """What `planned_name` says is what `create` does, and asking writes nothing."""
        for label, expected in (("a", ("tune", False)), ("b", ("tune-2", False)), ("a", ("tune", True))):
            new = experiment(labels=[label])
            assert store.experiments.planned_name(new) == expected
            assert store.experiments.planned_name(new) == expected
            made = submit(store, new)
            assert (made.experiment.name, not made.created) == expected

    def test_taken_name_is_passed_over(self, store: Store) -> None:
        """A name that someone chose himself is not given to another experiment."""
        submit(store, experiment("tune-2", ["a"]))
        submit(store, experiment("tune", ["b"]))
        assert submit(store, experiment("tune", ["c"])).experiment.name == "tune-3"

    def test_name_with_wildcards_is_only_itself(self, store: Store) -> None:
        """Percent signs and underscores in names stand for themselves."""
        assert submit(store, experiment("a%b")).experiment.name == "a%b"
        assert submit(store, experiment("axb", ["other"])).experiment.name == "axb"

    def test_more_repeats_train_only_the_new_ones(self, store: Store) -> None:
        """Raising the repeats from 30 to 100 makes 70 new jobs and shares 30."""
        submit(store, experiment(labels=["a"], repeats=30))
        run_all(store)
        more = submit(store, experiment(labels=["a"], repeats=100))
        assert (more.new, more.reused) == (70, 30)
        assert store.experiments.status(more.experiment.id).counts[DONE] == 30

    def test_fresh_trains_everything_anew(self, store: Store) -> None:
        """`fresh` makes a new experiment whose jobs are all new, whatever is there."""
        first = submit(store)
        run_all(store)
        fresh = submit(store, fresh=True)
        assert (fresh.new, fresh.reused, fresh.experiment.name) == (6, 0, "tune-2")
        assert fresh.experiment.id != first.experiment.id
        assert store.experiments.status(fresh.experiment.id).counts[QUEUED] == 6

    def test_newest_results_are_reused_after_fresh(self, store: Store) -> None:
        """After a fresh run, a new experiment with the same repeats shares the newest jobs."""
        submit(store)
        fresh = submit(store, fresh=True).experiment
        later = submit(store, experiment("other")).experiment
        ids = {waiting.id for waiting in store.jobs.waiting(later.id)}
        assert ids == {waiting.id for waiting in store.jobs.waiting(fresh.id)}

    def test_failed_jobs_start_over(self, store: Store) -> None:
        """A submission that shares failed jobs has them tried again, and opens the other experiment, too."""
        first = submit(store, experiment(labels=["a"], repeats=1, max_attempts=1)).experiment
        (job,) = store.jobs.claim_next(owner="o", lease=60, workers=1)
        store.jobs.fail([job.id], owner="o", error="boom", traceback="")
        assert store.experiments.close_if_done() == [first.id]
        second = submit(store, experiment("other", ["a"], repeats=1, max_attempts=5)).experiment
        (again,) = store.jobs.claim_next(owner="o2", lease=60, workers=1)
        assert (again.id, again.attempts, again.max_attempts) == (job.id, 1, 5)
        assert store.experiments.get(first.name).state is ExperimentState.RUNNING
        assert store.jobs.unfinished([first.id]) == store.jobs.unfinished([second.id]) == 1

    def test_same_grid_again_after_cancel_runs_again(self, store: Store) -> None:
        """Submitting a cancelled experiment again goes on with it."""
        first = submit(store).experiment
        store.experiments.cancel(first.id)
        again = submit(store)
        assert (again.created, again.experiment.state) == (False, ExperimentState.RUNNING)
        assert store.experiments.status(first.id).counts[QUEUED] == 6

    def test_two_configurations_may_share_a_repeat(self, store: Store) -> None:
        """Configurations whose jobs have the same key have one job, trained once and counted in both."""
        new = experiment(labels=["a", "b"], repeats=1)
        a, b = new.configurations
        new = replace(new, configurations=(a, replace(b, jobs=a.jobs)))
        submitted = submit(store, new)
        assert submitted.new == 1
        run_all(store)
        status = store.experiments.status(submitted.experiment.id)
        assert [part.counts[DONE] for part in status.configurations] == [1, 1]

    def test_missing_series_is_named(self, store: Store) -> None:
        """An experiment whose series is not in the store is refused, and leaves nothing behind."""
        with pytest.raises(StoreError, match=f"'tune' needs series that are not in the store: {SERIES.content_hash}"):
            store.experiments.create(experiment())
        assert store.experiments.list() == []

    def test_pack_is_the_limit_of_each_job(self, store: Store) -> None:
        """A grid's `pack` and the program's largest pack bound the packs, whichever is less."""
        submit(store, experiment(labels=["a"], pack=2, max_pack=8))
        submit(store, experiment(labels=["b"], pack=20, max_pack=8))
        submit(store, experiment(labels=["c"], pack=None, max_pack=8))
        assert [waiting.pack_limit for waiting in store.jobs.waiting()] == [2, 2, 2, 8, 8, 8, 8, 8, 8]

    def test_simultaneous_submissions_share_all_jobs(self, store: Store) -> None:
        """Grids with common repeats that are submitted at once do not collide and make each job once."""
        store.series.put(SERIES)
        with ThreadPoolExecutor(4) as pool:
            news = [experiment(f"grid {number}", ["a", "b"], repeats=40) for number in range(4)]
            submitted = list(pool.map(store.experiments.create, news))
        assert sum(one.new for one in submitted) == 80
        assert sum(one.reused for one in submitted) == 240

    def test_many_jobs_take_seconds(self, store: Store) -> None:
        """An experiment of 20,000 jobs is stored at once, and all of them wait."""
        submitted = submit(store, experiment(labels=[f"units={number}" for number in range(200)], repeats=100))
        assert submitted.new == 20_000
        assert store.jobs.unfinished([submitted.experiment.id]) == 20_000
        assert len(store.jobs.claim_next(owner="o", lease=60, workers=2)) == 64


class TestFind:
    """`experiments.get`, `list` and `series_hashes`."""

    def test_found_by_name_or_id(self, store: Store) -> None:
        """An experiment is found by its name and by its id."""
        made = submit(store).experiment
        assert store.experiments.get("tune") == made == store.experiments.get(str(made.id))

    def test_unknown_name_suggests_the_nearest(self, store: Store) -> None:
        """A wrong name is answered with the nearest ones and how to list them all."""
        submit(store, experiment("tune-units"))
        submit(store, experiment("regularize", ["z"]))
        expected = r"No experiment 'tune-unit' in .*Nearest: tune-units\. `scheduler list --store .*` shows all 2\."
        with pytest.raises(NotFound, match=expected):
            store.experiments.get("tune-unit")

    def test_empty_store_says_how_to_fill_it(self, store: Store) -> None:
        """In an empty store there is nothing near: the message says what makes an experiment."""
        with pytest.raises(NotFound, match=r"The store has no experiments yet: `scheduler run GRID .*` creates one"):
            store.experiments.get("tune")

    @pytest.mark.parametrize("name", ["12", "9" * 30, "²", ""])
    def test_odd_names_are_not_found(self, store: Store, name: str) -> None:
        """Numbers that are no id, and what only looks like a number, are not found like any other name."""
        with pytest.raises(NotFound, match="No experiment"):
            store.experiments.get(name)

    @pytest.mark.parametrize("method", ["status", "cancel", "retry", "reopen"])
    def test_unknown_id_is_named(self, store: Store, method: str) -> None:
        """Whatever is done by id says which id there is not."""
        with pytest.raises(NotFound, match=r"No experiment with the id 99 in .*`scheduler list --store .*` shows all"):
            getattr(store.experiments, method)(99)

    def test_list_has_every_experiment_with_its_counts(self, store: Store) -> None:
        """The list has the experiments as they were made, with their counts and configurations."""
        submit(store)
        submit(store, experiment("other", ["a"], repeats=2))
        listed = store.experiments.list()
        assert [(one.name, one.total, len(one.configurations)) for one in listed] == [("tune", 6, 2), ("other", 2, 1)]
        assert listed[1] == store.experiments.status(listed[1].id)

    def test_series_of_an_experiment(self, store: Store) -> None:
        """An experiment's series are named once each, in the order of the grid."""
        made = submit(store).experiment
        assert store.experiments.series_hashes(made.id) == (SERIES.content_hash,)

    def test_known_keys(self, store: Store) -> None:
        """Which jobs a submission would share can be asked before."""
        new = experiment(labels=["a"], repeats=2)
        submit(store, new)
        keys = [job.key for job in new.configurations[0].jobs]
        assert store.jobs.known([*keys, "other"]) == set(keys)


class TestStatus:
    """`experiments.status`."""

    def test_counts_each_state_of_each_configuration(self, store: Store) -> None:
        """Counts are right by state, in all and by configuration, and diverged repeats are counted apart."""
        made = submit(store).experiment
        jobs = store.jobs.claim_next(owner="o", lease=60, workers=1)
        from tests.examples import PROVENANCE, result

        results = [result(jobs[0]), result(jobs[1], diverged=True)]
        store.results.save(results, owner="o", provenance=PROVENANCE)
        status = store.experiments.status(made.id)
        assert (status.ended, status.running, status.total, status.diverged) == (2, 1, 6, 1)
        first, second = status.configurations
        assert (first.counts[DONE], first.counts[JobState.RUNNING], first.diverged) == (2, 1, 1)
        assert (second.counts[QUEUED], second.diverged) == (3, 0)
        assert status.started is not None
        assert status.finished is None

    def test_times_of_a_finished_experiment(self, store: Store) -> None:
        """An experiment that is done was made, started and finished in this order."""
        made = submit(store).experiment
        run_all(store)
        status = store.experiments.status(made.id)
        assert status.started is not None
        assert status.finished is not None
        assert status.created <= status.started <= status.finished
