"""Experiments are closed, cancelled, reopened and retried, on SQLite and on Postgres."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from store import ExperimentState, JobState, Store, open_store
from tests.examples import experiment, finish, run_all, submit

QUEUED, DONE, CANCELLED, FAILED = JobState.QUEUED, JobState.DONE, JobState.CANCELLED, JobState.FAILED


class TestClose:
    """`experiments.close_if_done` and `unsummarised`."""

    def test_unfinished_experiment_stays_open(self, store: Store) -> None:
        """While a job is queued or running, nothing is closed."""
        made = submit(store, experiment(labels=["a"], repeats=2)).experiment
        assert store.experiments.close_if_done([made.id]) == []
        store.jobs.claim_next(owner="o", lease=60, workers=1)
        assert store.experiments.close_if_done() == []

    def test_done_experiment_is_closed_once(self, store: Store) -> None:
        """The first caller gets the experiment, later ones do not; until it is summarised a sweep finds it."""
        made = submit(store).experiment
        run_all(store)
        assert store.experiments.close_if_done([made.id]) == [made.id]
        assert store.experiments.close_if_done([made.id]) == []
        found = store.experiments.get("tune")
        assert found.state is ExperimentState.DONE
        assert found.finished_at is not None
        assert store.experiments.unsummarised() == [made.id]

    def test_jobs_lead_to_all_their_experiments(self, store: Store) -> None:
        """The last job of several experiments closes them all, and no experiment without it."""
        first = submit(store, experiment("first", ["a"], repeats=1)).experiment
        second = submit(store, experiment("second", ["a"], repeats=1)).experiment
        submit(store, experiment("third", ["b"], repeats=1))
        (job,) = store.jobs.claim_next(owner="o", lease=60, workers=1)
        finish(store, [job], "o")
        assert store.experiments.close_if_done(having_jobs=[job.id]) == [first.id, second.id]

    def test_failed_and_cancelled_jobs_do_not_hold_it_open(self, store: Store) -> None:
        """An experiment is done when nothing is queued or running, whatever became of its jobs."""
        made = submit(store, experiment(labels=["a"], repeats=1, max_attempts=1)).experiment
        (job,) = store.jobs.claim_next(owner="o", lease=60, workers=1)
        store.jobs.fail([job.id], owner="o", error="boom", traceback="")
        assert store.experiments.close_if_done() == [made.id]

    def test_two_finishers_at_once_close_it_once(self, store: Store) -> None:
        """Workers that finish the last two packs at the same time: exactly one gets the experiment, never none."""
        for turn in range(15):
            made = submit(store, experiment(f"turn {turn}", [f"{turn}"], repeats=2, pack=1)).experiment
            claims = [
                (f"o{number}", store.jobs.claim_next(owner=f"o{number}", lease=60, workers=2)) for number in (1, 2)
            ]

            def end(claim: tuple[str, list], made_id: int = made.id) -> list[int]:
                owner, jobs = claim
                finish(store, jobs, owner)
                return store.experiments.close_if_done([made_id])

            with ThreadPoolExecutor(2) as pool:
                closed = list(pool.map(end, claims))
            assert sorted(closed) == [[], [made.id]]

    def test_two_lone_finishers_at_once_close_it_once(self, store: Store) -> None:
        """Found by their jobs, among results saved one by one: exactly one gets the experiment, never none."""
        for turn in range(15):
            made = submit(store, experiment(f"turn {turn}", [f"{turn}"], repeats=4, pack=1)).experiment
            claims = [store.jobs.claim([job.id], owner="o", lease=60) for job in store.jobs.waiting(made.id)]

            def end(jobs: list) -> list[int]:
                finish(store, jobs, "o")
                return store.experiments.close_if_done(having_jobs=[jobs[0].id])

            with ThreadPoolExecutor(4) as pool:
                closed = list(pool.map(end, claims))
            assert sorted(closed) == [[], [], [], [made.id]]

    def test_what_is_remembered_of_an_experiment_is_looked_up(self, store: Store, store_url: str) -> None:
        """A job that was unfinished when a worker last looked, and that another one ended, does not hold it open."""
        made = submit(store, experiment(labels=["a"], repeats=3, pack=1)).experiment
        submit(store, experiment("large", ["b"], repeats=50))
        first, second, third = (job.id for job in store.jobs.waiting(made.id))
        with open_store(store_url) as other:
            for worker, job in ((store, first), (other, third)):
                finish(worker, worker.jobs.claim([job], owner="o", lease=60), "o")
                assert worker.experiments.close_if_done(having_jobs=[job]) == []
            finish(store, store.jobs.claim([second], owner="o", lease=60), "o")
            assert store.experiments.close_if_done(having_jobs=[second]) == [made.id]

    def test_an_experiment_that_runs_again_is_closed_again(self, store: Store) -> None:
        """A job that starts over holds it open once more."""
        made = submit(store, experiment(labels=["a"], repeats=1, max_attempts=1)).experiment
        (job,) = store.jobs.claim_next(owner="o", lease=60, workers=1)
        store.jobs.fail([job.id], owner="o", error="boom", traceback="")
        assert store.experiments.close_if_done(having_jobs=[job.id]) == [made.id]
        store.experiments.retry(made.id)
        assert store.experiments.close_if_done(having_jobs=[job.id]) == []
        run_all(store)
        assert store.experiments.close_if_done(having_jobs=[job.id]) == [made.id]


class TestCancel:
    """`experiments.cancel`, `retry` and `reopen`."""

    def test_cancel_stops_queued_and_running_jobs(self, store: Store) -> None:
        """Jobs that are not done are cancelled; whoever trains them is told when he renews; results stay."""
        made = submit(store).experiment
        done = store.jobs.claim_next(owner="done", lease=60, workers=2)
        finish(store, done, "done")
        running = store.jobs.claim_next(owner="running", lease=60, workers=2)
        assert store.experiments.cancel(made.id) == 6 - len(done)
        assert store.jobs.renew([job.id for job in running], owner="running", lease=60) == set()
        assert finish(store, running, "running") == set()
        status = store.experiments.status(made.id)
        assert status.state is ExperimentState.CANCELLED
        assert (status.counts[DONE], status.cancelled) == (len(done), 6 - len(done))

    def test_shared_jobs_go_on(self, store: Store) -> None:
        """A job that another running experiment has, too, is not cancelled, until that one is."""
        first = submit(store, experiment("first", ["a", "b"])).experiment
        second = submit(store, experiment("second", ["b", "c"])).experiment
        assert store.experiments.cancel(first.id) == 3
        assert store.experiments.status(first.id).counts[QUEUED] == 3
        assert store.experiments.cancel(second.id) == 6

    def test_cancelled_experiment_is_not_closed(self, store: Store) -> None:
        """An experiment that was called off does not become done."""
        made = submit(store).experiment
        store.experiments.cancel(made.id)
        assert store.experiments.close_if_done() == []
        assert store.experiments.unsummarised() == []

    def test_reopen_goes_on_with_a_cancelled_experiment(self, store: Store) -> None:
        """A cancelled experiment runs again with its cancelled jobs; one that runs needs nothing."""
        made = submit(store).experiment
        assert store.experiments.reopen(made.id) is False
        store.experiments.cancel(made.id)
        assert store.experiments.reopen(made.id) is True
        status = store.experiments.status(made.id)
        assert (status.state, status.counts[QUEUED]) == (ExperimentState.RUNNING, 6)

    def test_reopen_leaves_a_done_experiment_alone(self, store: Store) -> None:
        """There is nothing to go on with when all is done."""
        made = submit(store).experiment
        run_all(store)
        store.experiments.close_if_done()
        assert store.experiments.reopen(made.id) is False

    def test_retry_starts_failed_jobs_over(self, store: Store) -> None:
        """Failed and cancelled jobs get all their attempts back, in packs of the first size; results stay."""
        made = submit(store, experiment(labels=["a"], repeats=4, max_attempts=1)).experiment
        jobs = store.jobs.claim_next(owner="o", lease=60, workers=1)
        assert store.jobs.fail([job.id for job in jobs], owner="o", error="boom", traceback="")
        bad = store.jobs.claim([jobs[0].id], owner="alone", lease=60)
        store.jobs.fail([bad[0].id], owner="alone", error="boom", traceback="")
        run_all(store)
        store.experiments.close_if_done()
        assert store.experiments.retry(made.id) == [bad[0].id]
        assert store.experiments.get("tune").state is ExperimentState.RUNNING
        (waiting,) = store.jobs.waiting(made.id)
        assert waiting.pack_limit == 64
        (again,) = store.jobs.claim_next(owner="again", lease=60, workers=1)
        assert again.attempts == 1

    def test_retry_of_nothing_changes_nothing(self, store: Store) -> None:
        """Where nothing failed, the experiment stays done."""
        made = submit(store).experiment
        run_all(store)
        store.experiments.close_if_done()
        assert store.experiments.retry(made.id) == []
        assert store.experiments.get("tune").state is ExperimentState.DONE
