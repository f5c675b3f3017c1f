"""What any store does with jobs: each claim to one owner, leases, fencing, attempts, splitting of packs."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from store import Job, Store, open_store
from store.database.dialects import from_now, later
from store.database.tables import jobs
from tests.examples import experiment, finish, submit

BRIEF = 0.05  #: seconds of a lease that runs out during the test


def ids_of(jobs: list[Job]) -> list[int]:
    """Return the jobs' ids."""
    return [job.id for job in jobs]


@pytest.fixture
def five(store: Store) -> list[int]:
    """The ids of five waiting jobs of one program."""
    submit(store, experiment(labels=["a"], repeats=5))
    return [waiting.id for waiting in store.jobs.waiting()]


class TestClaim:
    """`jobs.claim`."""

    def test_job_has_all_that_decides_its_numbers(self, store: Store, five: list[int]) -> None:
        """A claimed job carries parameters, seed, series and program, to the last character."""
        job = store.jobs.claim(five[2:3], owner="host:1:a", lease=60)[0]
        new = experiment(labels=["a"], repeats=5).configurations[0]
        assert (job.id, job.repeat, job.seed) == (five[2], 2, 2**62 + 2)
        assert (job.params, job.series_hash, job.program) == (new.params, new.series_hash, "program a")
        assert (job.queue, job.attempts, job.max_attempts) == ("default", 1, 3)

    def test_second_claim_is_refused(self, store: Store, five: list[int]) -> None:
        """A message that comes twice cannot start the same jobs twice; what is left goes to the second."""
        assert ids_of(store.jobs.claim(five[:3], owner="first", lease=60)) == five[:3]
        assert ids_of(store.jobs.claim(five, owner="second", lease=60)) == five[3:]

    def test_nothing_to_claim(self, store: Store, five: list[int]) -> None:
        """Unknown, done and no jobs at all give nothing."""
        finish(store, store.jobs.claim(five, owner="o", lease=60), "o")
        assert store.jobs.claim(five, owner="p", lease=60) == []
        assert store.jobs.claim([], owner="p", lease=60) == []
        assert store.jobs.claim([10**12], owner="p", lease=60) == []

    def test_jobs_of_a_dead_worker_may_be_taken(self, store: Store, five: list[int]) -> None:
        """When a lease has run out, the same message may claim the jobs again, split in two."""
        store.jobs.claim(five, owner="dead", lease=BRIEF)
        time.sleep(2 * BRIEF)
        taken = store.jobs.claim(five, owner="alive", lease=60)
        assert ids_of(taken) == five[:3]
        assert ids_of(store.jobs.claim(five, owner="other", lease=60)) == five[3:]
        assert {job.attempts for job in taken} == {1}

    def test_pack_limit_bounds_a_claim(self, store: Store) -> None:
        """A claim never takes more jobs than the least limit of those it takes; the rest waits."""
        submit(store, experiment(labels=["a"], repeats=5, pack=2))
        ids = [waiting.id for waiting in store.jobs.waiting()]
        assert ids_of(store.jobs.claim(ids, owner="o", lease=60)) == ids[:2]
        assert [waiting.id for waiting in store.jobs.waiting()] == ids[2:]

    def test_simultaneous_claims_share_nothing(self, store: Store, store_url: str) -> None:
        """Eight threads, each with its own store, claim the same jobs at once: every job goes to one of them."""
        submit(store, experiment(labels=["a"], repeats=60, pack=5))
        ids = [waiting.id for waiting in store.jobs.waiting()]
        barrier = threading.Barrier(8)

        def claim(number: int) -> list[int]:
            with open_store(store_url) as own:
                barrier.wait()
                taken: list[int] = []
                for turn in range(20):
                    taken += ids_of(own.jobs.claim(ids, owner=f"o{number}-{turn}", lease=60))
                return taken

        with ThreadPoolExecutor(8) as pool:
            counts = Counter(job for taken in pool.map(claim, range(8)) for job in taken)
        assert set(counts) == set(ids)
        assert set(counts.values()) == {1}


class TestClaimNext:
    """`jobs.claim_next`."""

    def test_takes_one_program_and_all_its_jobs(self, store: Store) -> None:
        """With another program for the others, a worker takes all jobs of the oldest program."""
        submit(store, experiment(labels=["z", "a"], repeats=6))
        jobs = store.jobs.claim_next(owner="o", lease=60, workers=2)
        assert (len(jobs), {job.program for job in jobs}) == (6, {"program z"})

    def test_prefers_a_program_that_nobody_runs(self, store: Store) -> None:
        """The second worker takes another program though jobs of the first one wait."""
        submit(store, experiment(labels=["a", "b"], repeats=6, pack=3))
        first = store.jobs.claim_next(owner="o1", lease=60, workers=2)
        second = store.jobs.claim_next(owner="o2", lease=60, workers=2)
        third = store.jobs.claim_next(owner="o3", lease=60, workers=2)
        assert [jobs[0].program for jobs in (first, second, third)] == ["program a", "program b", "program a"]

    @pytest.mark.parametrize(("workers", "shares"), [(1, [10]), (2, [5, 5]), (3, [4, 3, 3]), (4, [3, 3, 2, 2])])
    def test_last_program_is_shared(self, store: Store, workers: int, shares: list[int]) -> None:
        """A program that is alone is cut into as many packs as there are free workers."""
        submit(store, experiment(labels=["a"], repeats=10))
        packs = [store.jobs.claim_next(owner=f"o{number}", lease=60, workers=workers) for number in range(workers)]
        assert [len(pack) for pack in packs] == shares

    def test_two_programs_are_shared_among_four(self, store: Store) -> None:
        """With fewer programs than workers each program is cut, so that all have something to do."""
        submit(store, experiment(labels=["a", "b"], repeats=8))
        packs = [store.jobs.claim_next(owner=f"o{number}", lease=60, workers=4) for number in range(4)]
        assert all(packs)

    def test_split_jobs_are_not_mixed_with_larger_packs(self, store: Store) -> None:
        """Jobs whose pack failed come in packs of their limit, the others in full ones."""
        submit(store, experiment(labels=["a"], repeats=8))
        ids = [waiting.id for waiting in store.jobs.waiting()]
        store.jobs.claim(ids[:4], owner="o", lease=60)
        store.jobs.fail(ids[:4], owner="o", error="boom", traceback="")
        packs = [ids_of(store.jobs.claim_next(owner=f"o{number}", lease=60, workers=1)) for number in range(3)]
        assert sorted(map(len, packs)) == [2, 2, 4]
        assert ids[4:] in packs

    def test_only_of_the_experiments_and_the_queue_asked_for(self, store: Store) -> None:
        """A worker takes jobs of its experiments and its queue, and none other."""
        first = submit(store, experiment("first", ["a"])).experiment
        second = submit(store, experiment("second", ["b"], queue="gpu")).experiment
        ask = {"lease": 60.0, "workers": 1}
        assert store.jobs.claim_next(owner="o", experiments=[second.id + 1], **ask) == []
        assert store.jobs.claim_next(owner="o", experiments=[first.id], queue="gpu", **ask) == []
        assert {job.queue for job in store.jobs.claim_next(owner="o", queue="gpu", **ask)} == {"gpu"}
        assert len(store.jobs.claim_next(owner="p", experiments=[first.id, second.id], **ask)) == 3
        assert store.jobs.claim_next(owner="q", **ask) == []

    def test_jobs_of_a_dead_worker_come_last(self, store: Store) -> None:
        """When nothing else waits, jobs whose lease ran out are taken."""
        submit(store, experiment(labels=["a"], repeats=4))
        dead = store.jobs.claim_next(owner="dead", lease=BRIEF, workers=1)
        time.sleep(2 * BRIEF)
        assert len(store.jobs.claim_next(owner="alive", lease=60, workers=1)) == 2
        assert len(dead) == 4

    def test_simultaneous_workers_share_nothing(self, store: Store, store_url: str) -> None:
        """Six workers at once empty the queue, and every job is finished by exactly one of them."""
        made = submit(store, experiment(labels=["a", "b", "c"], repeats=40, pack=3)).experiment

        def work(number: int) -> list[int]:
            taken: list[int] = []
            with open_store(store_url) as own:
                for turn in range(1000):
                    owner = f"o{number}-{turn}"
                    jobs = own.jobs.claim_next(owner=owner, lease=60, workers=6, experiments=[made.id])
                    if not jobs and not own.jobs.unfinished([made.id]):
                        break
                    taken += finish(own, jobs, owner)
            return taken

        with ThreadPoolExecutor(6) as pool:
            counts = Counter(job for taken in pool.map(work, range(6)) for job in taken)
        assert len(counts) == 120
        assert set(counts.values()) == {1}


class TestLease:
    """`jobs.renew`, `release`, `release_worker` and `expire`."""

    def test_renewed_lease_does_not_run_out(self, store: Store, five: list[int]) -> None:
        """A lease that is renewed lasts from then on."""
        store.jobs.claim(five, owner="o", lease=BRIEF)
        assert store.jobs.renew(five, owner="o", lease=60) == set(five)
        time.sleep(2 * BRIEF)
        assert store.jobs.expire() == []

    def test_clock_that_is_set_back_by_a_day(self, store: Store, five: list[int]) -> None:
        """A lease that ends tomorrow is shortened to a minute; a worker that lives renews it before."""
        store.jobs.mark_sent(five)
        store.jobs.claim(five, owner="hung", lease=1)
        with store.database.write() as connection:  # as if it were yesterday now
            connection.execute(update(jobs).values(lease_until=from_now(86_400), sent_at=from_now(86_400)))
        assert store.jobs.expire() == []
        with store.database.read() as connection:
            assert connection.execute(select(jobs.c.id).where(jobs.c.lease_until > from_now(61))).all() == []
        store.jobs.renew(five[:1], owner="hung", lease=30)
        with store.database.write() as connection:
            connection.execute(update(jobs).values(lease_until=later(jobs.c.lease_until, -60)))
        assert store.jobs.expire() == five
        with store.database.write() as connection:
            connection.execute(update(jobs).values(sent_at=from_now(86_400)))
        assert len(store.jobs.waiting(unsent_for=10)) == 5

    def test_renew_tells_what_is_lost(self, store: Store, five: list[int]) -> None:
        """Only jobs that are still the owner's are returned."""
        store.jobs.claim(five[:2], owner="o", lease=60)
        assert store.jobs.renew(five, owner="o", lease=60) == set(five[:2])
        assert store.jobs.renew(five, owner="someone else", lease=60) == set()

    def test_expired_pack_is_split_and_not_blamed(self, store: Store, five: list[int]) -> None:
        """The jobs of a pack whose worker died wait again in smaller packs, with no attempt counted."""
        store.jobs.claim(five, owner="host:1:o", lease=BRIEF)
        time.sleep(2 * BRIEF)
        assert store.jobs.expire() == five
        assert {waiting.pack_limit for waiting in store.jobs.waiting()} == {3}
        assert {job.attempts for job in store.jobs.claim(five[:3], owner="p", lease=60)} == {1}

    def test_a_late_result_is_refused(self, store: Store, five: list[int]) -> None:
        """A worker that was believed dead cannot save what another one has taken over: the fence."""
        late = store.jobs.claim(five[:1], owner="late", lease=BRIEF)
        time.sleep(2 * BRIEF)
        taken = store.jobs.claim(five[:1], owner="new", lease=60)
        assert finish(store, late, "late") == set()
        assert store.jobs.fail(five[:1], owner="late", error="too late", traceback="") == []
        assert store.jobs.release(five[:1], owner="late") == []
        assert finish(store, taken, "new") == {five[0]}
        assert finish(store, taken, "new") == set()

    def test_late_result_is_kept_while_nobody_took_the_job(self, store: Store, five: list[int]) -> None:
        """A lease that ran out unnoticed does no harm."""
        late = store.jobs.claim(five[:1], owner="late", lease=BRIEF)
        time.sleep(2 * BRIEF)
        assert finish(store, late, "late") == {five[0]}

    def test_released_jobs_wait_as_before(self, store: Store, five: list[int]) -> None:
        """Jobs that are handed back wait again; the attempt is not counted and the pack not split."""
        store.jobs.claim(five, owner="o", lease=60)
        assert store.jobs.release(five[:2], owner="o") == five[:2]
        assert [(waiting.id, waiting.pack_limit) for waiting in store.jobs.waiting()] == [(five[0], 64), (five[1], 64)]
        assert [job.attempts for job in store.jobs.claim(five[:2], owner="p", lease=60)] == [1, 1]

    def test_dead_worker_loses_all_its_claims(self, store: Store, five: list[int]) -> None:
        """Every claim of one process is given up at once, and no one else's, whatever the name holds."""
        store.jobs.claim(five[:2], owner="h_st:1:a", lease=60)
        store.jobs.claim(five[2:3], owner="h_st:1:b", lease=60)
        store.jobs.claim(five[3:4], owner="h_st:12:c", lease=60)
        store.jobs.claim(five[4:], owner="host:1:d", lease=60)
        assert store.jobs.release_worker("h_st:1") == five[:3]
        assert store.jobs.unfinished([store.experiments.get("tune").id]) == 5
        assert [waiting.id for waiting in store.jobs.waiting()] == five[:3]

    def test_opposite_orders_do_not_block_each_other(self, store: Store, five: list[int]) -> None:
        """Renewing and saving the same jobs at once, in any order, waits but never fails."""
        jobs = store.jobs.claim(five, owner="o", lease=60)

        def renew(_: int) -> None:
            store.jobs.renew(five[::-1], owner="o", lease=60)

        def save(job: Job) -> set[int]:
            return finish(store, [job], "o")

        with ThreadPoolExecutor(4) as pool:
            renewals = pool.map(renew, range(20))
            saved = pool.map(save, jobs)
            assert set().union(*saved) == set(five)
            list(renewals)


class TestProgress:
    """`jobs.renew` with the share that is trained, and `experiments.status`."""

    def test_running_jobs_tell_how_far_they_are(self, store: Store, five: list[int]) -> None:
        """The share of a pack counts for each of its jobs, and no longer when they are done."""
        (made,) = store.experiments.list()
        assert made.trained == 0
        pack = store.jobs.claim(five[:4], owner="o", lease=60)
        assert store.experiments.status(made.id).trained == 0
        store.jobs.renew(five[:4], owner="o", lease=60, progress=0.25)
        assert store.experiments.status(made.id).trained == 1
        finish(store, pack, "o")
        assert store.experiments.status(made.id).trained == 0

    @pytest.mark.parametrize("most", [1, 3])
    def test_a_pack_that_is_given_up_starts_at_nothing(self, store: Store, five: list[int], most: int) -> None:
        """Whoever takes the jobs over has trained nothing of them yet."""
        (made,) = store.experiments.list()
        store.jobs.claim(five[:most], owner="o", lease=60)
        store.jobs.renew(five[:most], owner="o", lease=60, progress=0.5)
        store.jobs.release(five[:most], owner="o")
        store.jobs.claim(five[:most], owner="p", lease=60)
        assert store.experiments.status(made.id).trained == 0
