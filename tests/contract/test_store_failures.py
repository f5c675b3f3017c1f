"""Jobs that fail, wait again or belong to another version of the numerics, on SQLite and on Postgres."""

from __future__ import annotations

import time

import pytest

from store import Job, JobState, NewExperiment, Store, StoreVersionError, Waiting
from store.schema import configuration
from tests.examples import PROVENANCE, experiment, finish, result, run_all, submit

BRIEF = 0.05  #: seconds of a lease that runs out during the test


def ids_of(jobs: list[Job]) -> list[int]:
    """Return the jobs' ids."""
    return [job.id for job in jobs]


def claim_all(store: Store, owner: str, lease: float = 60.0) -> list[Job]:
    """Claim every waiting job that one pack allows."""
    return store.jobs.claim([waiting.id for waiting in store.jobs.waiting()], owner=owner, lease=lease)


@pytest.fixture
def five(store: Store) -> list[int]:
    """The ids of five waiting jobs of one program."""
    submit(store, experiment(labels=["a"], repeats=5))
    return [waiting.id for waiting in store.jobs.waiting()]


class TestVersion:
    """Jobs that another version of the numerics made."""

    @pytest.fixture
    def newer(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """The ids of three waiting jobs that a newer version made."""
        monkeypatch.setattr(configuration, "NUMERICS", configuration.NUMERICS + 1)
        submit(store, experiment(labels=["new"], repeats=3))
        monkeypatch.undo()
        return [waiting.id for waiting in store.jobs.waiting()]

    def test_are_refused_in_a_clear_line_and_go_on_waiting(self, store: Store, newer: list[int]) -> None:
        """A worker must not give them numbers that are not theirs."""
        theirs, ours = configuration.NUMERICS + 1, configuration.NUMERICS
        line = rf"made by version {theirs} of the numerics, and this is version {ours}, .* left alone\. Update this"
        for ids in (newer, newer[:1]):
            with pytest.raises(StoreVersionError, match=line):
                store.jobs.claim(ids, owner="o", lease=60)
        with pytest.raises(StoreVersionError, match=line):
            store.jobs.claim_next(owner="o", lease=60, workers=1)
        with pytest.raises(StoreVersionError, match=line):
            store.jobs.check_version()
        assert [(job.id, job.pack_limit) for job in store.jobs.waiting()] == [(one, 64) for one in newer]

    def test_older_ones_are_to_be_submitted_again(
        self, store: Store, five: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """After an update, the grid makes jobs of the new version."""
        monkeypatch.setattr(configuration, "NUMERICS", configuration.NUMERICS + 1)
        with pytest.raises(StoreVersionError, match="Submit the grid again with this version, which makes"):
            store.jobs.claim(five, owner="o", lease=60)

    def test_those_of_this_version_are_claimed_beside_them(self, store: Store, newer: list[int]) -> None:
        """Two versions may use one store; each experiment is checked by itself."""
        mine = submit(store, experiment("mine", ["a"], repeats=2)).experiment
        store.jobs.check_version([mine.id])
        ids = [waiting.id for waiting in store.jobs.waiting(mine.id)]
        assert ids_of(store.jobs.claim(newer + ids, owner="o", lease=60)) == ids


class TestFail:
    """`jobs.fail` and `failures`."""

    def test_bad_job_is_found_alone(self, store: Store) -> None:
        """A pack with one bad job is halved until that job is alone and fails for good; the others are done."""
        made = submit(store, experiment(labels=["a"], repeats=7, max_attempts=2)).experiment
        bad = store.jobs.waiting()[4].id
        sizes = []
        for turn in range(50):
            jobs = store.jobs.claim_next(owner=f"o{turn}", lease=60, workers=1)
            if not jobs:
                break
            sizes.append(len(jobs))
            if bad in ids_of(jobs):
                store.jobs.fail(ids_of(jobs), owner=f"o{turn}", error=f"boom {turn}", traceback="Traceback: boom")
            else:
                finish(store, jobs, f"o{turn}")
        status = store.experiments.status(made.id)
        assert (status.counts[JobState.DONE], status.failed) == (6, 1)
        assert sizes[:2] == [7, 4]
        (failure,) = store.jobs.failures(made.id)
        assert (failure.job_id, failure.label, failure.repeat, failure.attempts) == (bad, "a", 4, 2)
        assert failure.error.startswith("boom")
        assert failure.traceback == "Traceback: boom"

    def test_odd_packs_are_halved_upwards(self, store: Store, five: list[int]) -> None:
        """A pack of five is tried again in packs of at most three, then two, then one."""
        limits = []
        for turn in range(3):
            jobs = store.jobs.claim(five, owner=f"o{turn}", lease=60)
            store.jobs.fail(ids_of(jobs), owner=f"o{turn}", error="boom", traceback="")
            limits.append({waiting.id: waiting.pack_limit for waiting in store.jobs.waiting()}[jobs[0].id])
        assert limits == [3, 2, 1]

    def test_lone_job_fails_after_its_attempts(self, store: Store) -> None:
        """A job that fails alone is tried `max_attempts` times; then it says why it failed, and on which worker."""
        made = submit(store, experiment(labels=["a"], repeats=1, max_attempts=3)).experiment
        again = []
        for turn in range(3):
            (job,) = claim_all(store, f"host:{turn}:x")
            assert job.attempts == turn + 1
            again.append(store.jobs.fail([job.id], owner=f"host:{turn}:x", error=f"ValueError: {turn}", traceback="T"))
        assert again == [[job.id], [job.id], []]
        (failure,) = store.jobs.failures(made.id)
        assert (failure.error, failure.traceback, failure.worker) == ("ValueError: 2", "T", "host:2")
        assert store.jobs.unfinished([made.id]) == 0

    def test_worker_that_dies_alone_with_a_job_counts(self, store: Store) -> None:
        """A job that kills its worker every time fails in the end, and says that the worker died."""
        made = submit(store, experiment(labels=["a"], repeats=1, max_attempts=2)).experiment
        for turn in range(6):
            assert store.jobs.failures(made.id) == []
            claim_all(store, f"host:{turn}:x")
            store.jobs.release_worker(f"host:{turn}")
        (failure,) = store.jobs.failures(made.id)
        assert (failure.error, failure.attempts) == ("the worker host:5 died or stopped responding", 6)

    def test_lost_workers_use_up_no_attempt_of_a_job(self, store: Store) -> None:
        """A job whose worker was lost five times alone may still fail by itself as often as `max_attempts` says."""
        made = submit(store, experiment(labels=["a"], repeats=1, max_attempts=2)).experiment
        for turn in range(5):
            claim_all(store, f"host:{turn}:x")
            store.jobs.release_worker(f"host:{turn}")
        for _ in range(2):
            assert store.jobs.failures(made.id) == []
            (job,) = claim_all(store, "o")
            store.jobs.fail([job.id], owner="o", error="boom", traceback="T")
        (failure,) = store.jobs.failures(made.id)
        assert (failure.error, failure.attempts) == ("boom", 7)
        assert store.experiments.retry(made.id) == [job.id]
        assert [job.attempts for job in claim_all(store, "p")] == [1]

    def test_success_forgets_earlier_failures(self, store: Store) -> None:
        """A job that fails and is then done is not a failure."""
        made = submit(store, experiment(labels=["a"], repeats=1)).experiment
        (job,) = claim_all(store, "o")
        store.jobs.fail([job.id], owner="o", error="boom", traceback="T")
        run_all(store)
        assert store.jobs.failures(made.id) == []
        row = store.results.frame(made.id).iloc[0]
        assert (row["state"], row["attempts"], row["error"]) == ("done", 2, None)


def submit_and_wait(store: Store, new: NewExperiment) -> list[Waiting]:
    """Submit an experiment and return its jobs, which wait."""
    return store.jobs.waiting(submit(store, new).experiment.id)


class TestWaiting:
    """`jobs.waiting`, `mark_sent` and `unfinished`."""

    def test_of_one_experiment(self, store: Store) -> None:
        """Waiting jobs can be asked for by experiment and by id."""
        first = submit(store, experiment("first", ["a"])).experiment
        second = submit(store, experiment("second", ["b"], queue="gpu")).experiment
        assert len(store.jobs.waiting()) == 6
        assert {waiting.program for waiting in store.jobs.waiting(first.id)} == {"program a"}
        assert {waiting.queue for waiting in store.jobs.waiting(second.id)} == {"gpu"}
        assert [waiting.id for waiting in store.jobs.waiting(ids=[2, 3, 99])] == [2, 3]

    def test_sent_jobs_are_left_out_for_a_while(self, store: Store, five: list[int]) -> None:
        """Jobs that were sent are not sent again before the time is up."""
        store.jobs.mark_sent(five[:2])
        assert [waiting.id for waiting in store.jobs.waiting(unsent_for=60)] == five[2:]
        time.sleep(BRIEF)
        assert [waiting.id for waiting in store.jobs.waiting(unsent_for=BRIEF / 2)] == five

    def test_of_some_queues(self, store: Store) -> None:
        """The queues with jobs that wait are known, and each one's jobs can be asked for."""
        submit(store, experiment("first", ["a"]))
        submit(store, experiment("second", ["b"], queue="gpu"))
        assert store.jobs.queues() == ["default", "gpu"]
        assert {waiting.program for waiting in store.jobs.waiting(queues=["gpu"])} == {"program b"}
        assert store.jobs.waiting(queues=[]) == []
        store.jobs.claim([job.id for job in store.jobs.waiting(queues=["gpu"])], owner="o", lease=60)
        assert store.jobs.queues() == ["default"]

    def test_complaints_of_jobs_that_wait(self, store: Store, five: list[int]) -> None:
        """What the last attempt of a job said, each reason once; nothing of jobs that wait for the first time."""
        assert store.jobs.waiting_errors([1]) == []
        store.jobs.claim(five[:3], owner="o", lease=60)
        store.jobs.fail(five[:3], owner="o", error="boom", traceback="")
        store.jobs.claim(five[3:4], owner="p", lease=60)
        store.jobs.fail(five[3:4], owner="p", error="bang", traceback="")
        assert store.jobs.waiting_errors([1]) == ["boom", "bang"]
        assert store.jobs.waiting_errors([2]) == []

    def test_refused_jobs_say_why(self, store: Store, five: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever waits for jobs of another version can read it in the store; the next attempt clears it."""
        with monkeypatch.context() as other:
            other.setattr(configuration, "NUMERICS", configuration.NUMERICS + 1)
            with pytest.raises(StoreVersionError):
                store.jobs.claim(five[:2], owner="o", lease=60)
        (reason,) = store.jobs.waiting_errors([1])
        assert f"version {configuration.NUMERICS} of the numerics" in reason
        for job in store.jobs.claim(five, owner="o", lease=60):
            store.results.save([result(job.id)], owner="o", provenance=PROVENANCE)
        assert set(store.results.frame(1)["error"].isna()) == {True}

    def test_jobs_of_a_kind_that_is_not_here_are_left(
        self, store: Store, five: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Claimed or counted, they go on waiting with the reason, without an attempt."""
        monkeypatch.setattr("store.jobs.missing_kinds.missing_kind", lambda params: "not here")
        with pytest.raises(StoreVersionError, match="not here"):
            store.jobs.claim(five[:2], owner="o", lease=60)
        with pytest.raises(StoreVersionError, match="not here"):
            store.jobs.claim_next(owner="p", lease=60, workers=1)
        assert store.jobs.waiting_errors([1]) == ["not here"]
        monkeypatch.undo()
        assert [job.attempts for job in store.jobs.claim(five, owner="o", lease=60)] == [1] * 5

    def test_a_job_whose_message_is_lost_is_overtaken(self, store: Store) -> None:
        """One that was sent well before one of its queue that runs by now; nothing is said of another queue's."""
        first = [job.id for job in submit_and_wait(store, experiment("first", ["a"]))]
        other = [job.id for job in submit_and_wait(store, experiment("other", ["b"], queue="gpu"))]
        store.jobs.mark_sent(first + other)
        time.sleep(2 * BRIEF)
        late = [job.id for job in submit_and_wait(store, experiment("late", ["c"]))]
        store.jobs.mark_sent(late)
        assert store.jobs.overtaken(BRIEF) == []
        store.jobs.claim(late[:1], owner="o", lease=60)
        assert [job.id for job in store.jobs.overtaken(BRIEF)] == first
        assert store.jobs.overtaken(60) == []
        store.jobs.mark_sent(first)
        assert store.jobs.overtaken(BRIEF) == []

    def test_job_that_waits_again_was_not_sent(self, store: Store, five: list[int]) -> None:
        """A job that comes back to the queue has no message that stands for it."""
        store.jobs.mark_sent(five)
        store.jobs.claim(five, owner="o", lease=60)
        store.jobs.fail(five, owner="o", error="boom", traceback="")
        assert len(store.jobs.waiting(unsent_for=60)) == 5

    def test_unfinished_counts_jobs_once(self, store: Store) -> None:
        """A job of two experiments is one job; done ones do not count."""
        first = submit(store, experiment("first", ["a"])).experiment
        second = submit(store, experiment("second", ["a", "b"])).experiment
        assert store.jobs.unfinished([first.id, second.id]) == 6
        jobs = store.jobs.claim_next(owner="o", lease=60, workers=2)
        store.results.save([result(jobs[0])], owner="o", provenance=PROVENANCE)
        assert store.jobs.unfinished([first.id]) == 2
