"""What a user may do to an experiment that is there: delete it, rename it, write a note on it."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import func, select

from store import Deleted, ExperimentState, JobState, NotFound, Store, StoreError, UsageError
from store.database.tables import metadata
from tests.examples import conclude, experiment, finish, run_all, submit
from tests.messages import one_line

#: tables of which rows stay when everything is deleted
LASTING = {"series", "numbers", "used_ids"}
_STATISTICS = dict.fromkeys(("mean", "std", "min", "p25", "p50", "p75", "max"), 1.0)
SUMMARY = pd.DataFrame([{"configuration": "units=1", "count": 3, **_STATISTICS, "diverged": 0}])
COMPARISON = pd.DataFrame([{"a": "units=1", "b": "units=2", "verdict": "better"}])
BASELINE = pd.DataFrame([{"split": "s", "target": "sales", "baseline": "drift", "rmse": 1.0}])


def rows(store: Store) -> dict[str, int]:
    """Count the rows of each table."""
    with store.database.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if not (table.name == "numbers" and not store.database.is_sqlite)
        }


class TestDelete:
    """`experiments.delete`."""

    def test_nothing_is_left(self, store: Store) -> None:
        """An experiment goes with its jobs, results, summaries, comparisons and baselines; series stay."""
        made = submit(store).experiment
        run_all(store)
        conclude(store, made.id, summaries=SUMMARY)
        conclude(store, made.id, comparisons=COMPARISON)
        store.results.write_baselines(made.id, BASELINE)
        assert store.experiments.delete(made.id) == Deleted(configurations=2, jobs=6, results=6, shared=0)
        assert {name for name, count in rows(store).items() if count} <= LASTING
        assert rows(store)["series"] == 1

    def test_what_another_experiment_shares_stays(self, store: Store) -> None:
        """Shared jobs stay, with their results and their parameters, whoever had them first."""
        first = submit(store, experiment(labels=["a", "b"])).experiment
        second = submit(store, experiment("other", ["b", "c"])).experiment
        run_all(store)
        before = store.results.frame(second.id)
        assert store.experiments.delete(first.id) == Deleted(configurations=2, jobs=3, results=3, shared=3)
        assert store.results.frame(second.id).equals(before)
        assert len(store.results.trajectories(second.id)["b"].repeats) == 3
        assert store.experiments.delete(second.id).jobs == 6

    def test_shared_jobs_are_still_trained(self, store: Store) -> None:
        """A job whose first experiment is gone is claimed with the parameters of the other one."""
        first = submit(store, experiment(labels=["a"], repeats=1)).experiment
        submit(store, experiment("other", ["a"], repeats=1))
        store.experiments.delete(first.id)
        (job,) = store.jobs.claim_next(owner="o", lease=60, workers=1)
        assert job.params == '{"zeta": 1, "alpha": "a"}'
        assert finish(store, [job], "o") == {job.id}

    def test_running_jobs_keep_it(self, store: Store) -> None:
        """While a worker trains a job nothing is deleted, and the message says what to do; cancelling is one way."""
        made = submit(store).experiment
        store.jobs.claim_next(owner="o", lease=60, workers=1)
        before = rows(store)
        with pytest.raises(StoreError, match=r"'tune' was not deleted: 3 of its jobs are being trained") as problem:
            store.experiments.delete(made.id)
        assert "stop it with `scheduler cancel tune --store " in one_line(problem)
        assert rows(store) == before
        store.experiments.cancel(made.id)
        assert store.experiments.delete(made.id).jobs == 6

    def test_running_jobs_that_are_shared_do_not(self, store: Store) -> None:
        """They stay, so that nobody's work is lost."""
        first = submit(store, experiment(labels=["a"])).experiment
        submit(store, experiment("other", ["a"]))
        jobs = store.jobs.claim_next(owner="o", lease=60, workers=1)
        assert store.experiments.delete(first.id).shared == 3
        assert len(finish(store, jobs, "o")) == 3

    def test_force_deletes_under_a_worker(self, store: Store) -> None:
        """The worker learns of it when it renews its lease, and what it saves is dropped."""
        made = submit(store, experiment(labels=["a"])).experiment
        jobs = store.jobs.claim_next(owner="o", lease=60, workers=1)
        assert store.experiments.delete(made.id, force=True) == Deleted(configurations=1, jobs=3, results=0, shared=0)
        assert store.jobs.renew([job.id for job in jobs], owner="o", lease=60) == set()
        assert finish(store, jobs, "o") == set()
        assert {name for name, count in rows(store).items() if count} <= LASTING

    def test_ids_are_not_used_again(self, store: Store) -> None:
        """A message that names deleted jobs, or a process that has the experiment's id, reaches no other ones."""
        made = submit(store).experiment
        store.experiments.delete(made.id)
        again = submit(store).experiment
        assert again.id == made.id + 1
        assert store.jobs.claim(range(1, 7), owner="o", lease=60) == []
        assert [waiting.id for waiting in store.jobs.waiting(again.id)] == list(range(7, 13))

    def test_whoever_writes_summaries_meanwhile_is_told(self, store: Store) -> None:
        """What comes after the deletion is refused in one line, and nothing is written."""
        made = submit(store).experiment
        store.experiments.delete(made.id)
        with pytest.raises(NotFound, match=f"Experiment {made.id} was deleted") as problem:
            conclude(store, made.id, comparisons=COMPARISON)
        one_line(problem)
        with pytest.raises(NotFound, match="was deleted"):
            conclude(store, made.id, summaries=SUMMARY)

    def test_no_such_experiment(self, store: Store) -> None:
        """An unknown id is reported as such."""
        with pytest.raises(NotFound, match="No experiment with the id 7"):
            store.experiments.delete(7)


class TestRename:
    """`experiments.rename`."""

    def test_it_is_found_by_its_new_name(self, store: Store) -> None:
        """The old name is free again."""
        made = submit(store).experiment
        assert store.experiments.rename(made.id, "units").name == "units"
        assert store.experiments.get("units").id == made.id
        with pytest.raises(NotFound, match=r"Nearest|shows all"):
            store.experiments.get("tune")
        assert submit(store, experiment("tune", ["other"])).experiment.name == "tune"

    @pytest.mark.parametrize("name", ["tune", "units"])
    def test_the_same_grid_is_still_the_same_experiment(self, store: Store, name: str) -> None:
        """Under the name that it was submitted with, and under its new one."""
        made = submit(store).experiment
        store.experiments.rename(made.id, "units")
        again = submit(store, experiment(name))
        assert (again.experiment.id, again.created) == (made.id, False)

    def test_its_own_name(self, store: Store) -> None:
        """That is no mistake."""
        made = submit(store).experiment
        assert store.experiments.rename(made.id, "tune") == store.experiments.with_id(made.id)

    def test_taken_name(self, store: Store) -> None:
        """The message names who has it, and nothing changes."""
        made = submit(store).experiment
        other = submit(store, experiment("other", ["c"])).experiment
        with pytest.raises(UsageError, match=rf"'other' is taken by experiment {other.id}\.") as problem:
            store.experiments.rename(made.id, "other")
        one_line(problem)
        assert store.experiments.with_id(made.id).name == "tune"

    @pytest.mark.parametrize("name", ["", "-x", "a b", "é", "a/b", "x" * 101, "a\n"])
    def test_invalid_name(self, store: Store, name: str) -> None:
        """It is shown with the rule that the grid's names obey, too."""
        made = submit(store).experiment
        with pytest.raises(UsageError, match=r"cannot be the name of an experiment: use letters, digits") as problem:
            store.experiments.rename(made.id, name)
        one_line(problem)

    def test_no_such_experiment(self, store: Store) -> None:
        """An unknown id is reported as such."""
        with pytest.raises(NotFound, match="No experiment with the id 7"):
            store.experiments.rename(7, "x")


class TestNote:
    """`experiments.set_note`."""

    def test_it_is_kept(self, store: Store) -> None:
        """It is in the record and in the list, without blanks around it, and an empty one removes it."""
        made = submit(store).experiment
        assert made.note == ""
        assert store.experiments.set_note(made.id, "  for the paper, é\n").note == "for the paper, é"
        assert [one.note for one in store.experiments.list()] == ["for the paper, é"]
        assert store.experiments.status(made.id).note == "for the paper, é"
        assert store.experiments.set_note(made.id, "").note == ""

    def test_it_changes_nothing_else(self, store: Store) -> None:
        """Neither the experiment's state nor its jobs."""
        made = submit(store).experiment
        store.experiments.set_note(made.id, "x")
        status = store.experiments.status(made.id)
        assert (status.state, status.counts[JobState.QUEUED]) == (ExperimentState.RUNNING, 6)

    @pytest.mark.parametrize(("note", "why"), [("a\0b", "control characters"), ("x" * 10_001, "10001 characters")])
    def test_what_is_no_note(self, store: Store, note: str, why: str) -> None:
        """The message says what is wrong with it."""
        made = submit(store).experiment
        with pytest.raises(UsageError, match=why) as problem:
            store.experiments.set_note(made.id, note)
        one_line(problem)

    def test_no_such_experiment(self, store: Store) -> None:
        """An unknown id is reported as such."""
        with pytest.raises(NotFound, match="No experiment with the id 7"):
            store.experiments.set_note(7, "x")
