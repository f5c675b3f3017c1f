"""More repeats for an experiment that is there: `experiments.extend` and `experiments.plan_looks`."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from scheduler.statistics.summary import summarise
from store import ExperimentState, JobState, NewJob, NotFound, Store
from tests.examples import conclude, experiment, run_all, submit


def more(label: str, *repeats: int) -> list[NewJob]:
    """Return the jobs that `examples.experiment` would make for further repeats."""
    return [
        NewJob(
            repeat=repeat,
            seed=2**62 + repeat,
            key=hashlib.sha256(f"{label}/{repeat}".encode()).hexdigest(),
            program=f"program {label}",
        )
        for repeat in repeats
    ]


@pytest.fixture
def finished(store: Store) -> int:
    """An experiment of two configurations, three repeats each, that is done."""
    made = submit(store).experiment
    run_all(store)
    store.experiments.close_if_done()
    return made.id


def counts(store: Store, experiment_id: int) -> list[tuple[int, int]]:
    """Return how many repeats of each configuration are done and queued."""
    parts = store.experiments.status(experiment_id).configurations
    return [(part.counts[JobState.DONE], part.counts[JobState.QUEUED]) for part in parts]


class TestExtend:
    """`experiments.extend`."""

    def test_adds_repeats_to_one_configuration(self, store: Store, finished: int) -> None:
        """Only the named configuration gets more; the experiment runs again and ends again."""
        done = store.experiments.extend(finished, {"units=2": more("units=2", 3, 4)})
        assert (done.new, done.reused, done.created) == (2, 0, False)
        assert done.experiment.state is ExperimentState.RUNNING
        assert counts(store, finished) == [(3, 0), (3, 2)]
        run_all(store)
        assert store.experiments.close_if_done() == [finished]
        frame = store.results.frame(finished)
        assert list(frame.loc[frame["configuration"] == "units=2", "repeat"]) == [0, 1, 2, 3, 4]

    def test_again_adds_nothing(self, store: Store, finished: int) -> None:
        """Repeats that are there are left alone, and an experiment that gets none stays done."""
        store.experiments.extend(finished, {"units=2": more("units=2", 2, 3)})
        run_all(store)
        store.experiments.close_if_done()
        done = store.experiments.extend(finished, {"units=2": more("units=2", 2, 3)})
        assert (done.new, done.reused, done.experiment.state) == (0, 0, ExperimentState.DONE)

    def test_known_jobs_are_shared(self, store: Store, finished: int) -> None:
        """A repeat that another experiment has trained is not trained again; the summaries are due again."""
        submit(store, experiment("larger", repeats=5))
        run_all(store)
        store.experiments.close_if_done()
        done = store.experiments.extend(finished, {"units=1": more("units=1", 3, 4, 5)})
        assert (done.new, done.reused) == (1, 2)
        assert counts(store, finished) == [(5, 1), (3, 0)]
        assert done.experiment.summarised_at is None

    def test_shared_jobs_that_failed_start_over(self, store: Store) -> None:
        """As with a new experiment."""
        made = submit(store, experiment(labels=["a"], repeats=1)).experiment
        other = submit(store, experiment("other", ["a"], repeats=2)).experiment
        store.experiments.cancel(made.id)
        store.experiments.cancel(other.id)
        store.experiments.extend(made.id, {"a": more("a", 1)})
        assert counts(store, made.id) == [(0, 1)]

    def test_the_pack_is_that_of_the_experiment(self, store: Store) -> None:
        """The grid's queue, attempts and pack hold for further repeats, too."""
        made = submit(store, experiment(labels=["a"], repeats=1, pack=2, queue="gpu", max_attempts=5)).experiment
        store.experiments.extend(made.id, {"a": more("a", 1)})
        waiting = store.jobs.waiting(made.id)
        assert [(one.queue, one.pack_limit) for one in waiting] == [("gpu", 2), ("gpu", 2)]
        assert {job.max_attempts for job in store.jobs.claim_next(owner="o", lease=60, workers=1)} == {5}

    def test_unknown_configuration_is_named(self, store: Store, finished: int) -> None:
        """A label that is none of the experiment's is refused, and nothing is written."""
        with pytest.raises(NotFound, match="Experiment 'tune' has no configuration units=9"):
            store.experiments.extend(finished, {"units=1": more("units=1", 3), "units=9": more("units=9", 3)})
        assert counts(store, finished) == [(3, 0), (3, 0)]

    def test_two_at_once_add_each_repeat_once(self, store: Store, finished: int) -> None:
        """Two top-ups of one experiment do not collide."""
        with ThreadPoolExecutor(4) as pool:
            wanted = {"units=1": more("units=1", *range(3, 30))}
            done = list(pool.map(lambda _: store.experiments.extend(finished, wanted), range(4)))
        assert sum(one.new for one in done) == 27
        assert counts(store, finished) == [(3, 27), (3, 0)]

    def test_unknown_id_is_named(self, store: Store) -> None:
        """As by every other method."""
        for method in (store.experiments.with_id, lambda one: store.experiments.extend(one, {})):
            with pytest.raises(NotFound, match="No experiment with the id 99"):
                method(99)


class TestLooks:
    """`experiments.plan_looks`."""

    def test_the_looks_are_kept(self, store: Store, finished: int) -> None:
        """None at first, and then what was planned, wherever the experiment is read; the summaries are due again."""
        assert store.experiments.get("tune").looks is None
        summaries = summarise(store.results.frame(finished))
        conclude(store, finished, summaries=summaries)
        assert store.experiments.unsummarised() == []
        assert store.experiments.plan_looks(finished, (3, 5, 8)).looks == (3, 5, 8)
        assert store.experiments.get("tune") == store.experiments.with_id(finished)
        assert store.experiments.with_id(finished).looks == (3, 5, 8)
        assert store.experiments.unsummarised() == [finished]

    def test_unknown_id_is_named(self, store: Store) -> None:
        """As by every other method."""
        with pytest.raises(NotFound, match="No experiment with the id 99"):
            store.experiments.plan_looks(99, (3, 5))
