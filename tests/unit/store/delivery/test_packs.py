"""Packs: every waiting job in exactly one, even, and never larger than its jobs allow."""

from hypothesis import given
from hypothesis import strategies as st

from store.delivery.packs import even, largest, packs
from store.records import Waiting

waiting = st.lists(
    st.builds(
        Waiting,
        id=st.integers(1, 10_000),
        program=st.sampled_from(["p", "q"]),
        queue=st.sampled_from(["default", "gpu"]),
        pack_limit=st.integers(1, 64),
    ),
    unique_by=lambda job: job.id,
    max_size=200,
)


@given(waiting)
def test_every_job_is_in_exactly_one_pack(jobs):
    """Nothing is lost and nothing sent twice."""
    sent = [job for message in packs(jobs) for job in message.jobs]
    assert sorted(sent) == sorted(job.id for job in jobs)


@given(waiting)
def test_a_pack_has_one_program_one_queue_and_no_more_jobs_than_allowed(jobs):
    """What is trained side by side must be one program, on workers of one queue."""
    known = {job.id: job for job in jobs}
    for message in packs(jobs):
        members = [known[job] for job in message.jobs]
        assert {job.program for job in members} == {members[0].program}
        assert {job.queue for job in members} == {message.queue}
        assert len(members) <= min(job.pack_limit for job in members)


@given(st.integers(0, 5000), st.integers(1, 100))
def test_slices_are_even_and_as_few_as_possible(count, limit):
    """Lengths differ by one at the most, so that no worker trains a pack of leftovers."""
    lengths = [last - first for first, last in even(count, limit)]
    assert sum(lengths) == count
    assert len(lengths) == -(-count // limit)
    assert not lengths or max(lengths) - min(lengths) <= 1


@given(st.integers(1, 5000), st.integers(1, 100), st.integers(1, 16))
def test_a_worker_takes_its_share_and_never_more_than_the_limit(count, limit, workers):
    """A claim from the store follows the rule of the messages, with a pack for each worker."""
    assert largest(count, limit, workers=1) == max(last - first for first, last in even(count, limit))
    few = min(count, limit * workers)
    assert largest(few, limit, workers=workers) == min(limit, -(-few // workers))


def test_splitting_a_failed_pack_ends_with_each_job_alone():
    """Halving the limit again and again isolates a bad job in log2 steps."""
    limit, steps = 64, 0
    while limit > 1:
        limit, steps = -(-limit // 2), steps + 1
    assert steps == 6
    jobs = [Waiting(id=number, program="p", queue="default", pack_limit=1) for number in range(5)]
    assert [message.jobs for message in packs(jobs)] == [(0,), (1,), (2,), (3,), (4,)]
