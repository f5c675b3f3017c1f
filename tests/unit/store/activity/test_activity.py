"""What a watcher of a store is told, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store import ExperimentState, NotFound, Store, open_store
from tests import examples


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with an experiment of six repeats: one failed, one done, two in training."""
    with open_store(store_url) as opened:
        new = examples.experiment(max_attempts=1, max_pack=2, one_program=True)
        examples.submit(opened, new)
        opened.jobs.claim([1], owner="host:1:a", lease=60.0)
        opened.jobs.fail([1], owner="host:1:a", error="ValueError: bad lane", traceback="line 1")
        examples.finish(opened, opened.jobs.claim([2], owner="host:1:b", lease=60.0), "host:1:b")
        opened.jobs.claim([3, 4], owner="host:2:c", lease=60.0)
        opened.jobs.renew([3, 4], owner="host:2:c", lease=60.0, progress=0.5)
        yield opened


def test_heads_are_of_all_experiments(store: Store) -> None:
    """In the order they were made, and equal while nothing about them changes."""
    examples.submit(store, examples.experiment("other"))
    heads = store.activity.heads()
    assert [(one.id, one.name, one.state) for one in heads] == [
        (1, "tune", ExperimentState.RUNNING),
        (2, "other", ExperimentState.RUNNING),
    ]
    assert store.activity.heads() == heads
    store.experiments.set_note(2, "words")
    assert store.activity.heads() != heads


def test_forecasts_are_no_heads_of_their_own(store: Store) -> None:
    """They belong to their study, as in `scheduler list`, and are found by their number."""
    made = store.futures.create(examples.experiment("tune.forecast", ["units=1"]), study_id=1)
    assert [one.name for one in store.activity.heads()] == ["tune"]
    head = store.activity.head(made.experiment.id)
    assert head is not None
    assert head.name == "tune.forecast"
    assert store.activity.head(99) is None


def test_packs_in_training_have_their_worker_lease_and_configurations(store: Store) -> None:
    (pack,) = store.activity.in_training(1)
    assert (pack.worker, pack.queue, pack.jobs, pack.size) == ("host:2", "default", 2, 2)
    assert (pack.attempts, pack.max_attempts, pack.progress) == (1, 1, 0.5)
    assert 50 < pack.lease <= 60
    assert 0 <= pack.seconds < 30
    assert pack.labels == ["units=1", "units=2"]


def test_failures_are_grouped_by_their_error(store: Store) -> None:
    """The most frequent first, each with its first job; the others are counted."""
    for owner, ids, error in (("d", [5], "ValueError: bad lane"), ("e", [6], "OSError: disk full")):
        store.jobs.claim(ids, owner=owner, lease=60.0)
        store.jobs.fail(ids, owner=owner, error=error, traceback="")
    groups, errors = store.activity.failure_groups(1, most=1)
    assert errors == 2
    assert [(one.count, one.example.label, one.example.repeat, one.example.error) for one in groups] == [
        (2, "units=1", 0, "ValueError: bad lane")
    ]
    assert groups[0].example.traceback == "line 1"


def test_gauges_count_jobs_packs_and_leases(store: Store) -> None:
    found = store.activity.gauges()
    assert {(one.state, one.jobs, one.attempts) for one in found.queues} == {
        ("failed", 1, 1),
        ("done", 1, 1),
        ("running", 2, 2),
        ("queued", 2, 0),
    }
    assert (found.packs, found.expired) == ({"default": 1}, {})
    assert 0 <= found.oldest["default"] < 30
    assert (found.finished_last_minute, found.training_seconds, found.diverged) == (1, 0.25, 0)
    store.jobs.renew([3, 4], owner="host:2:c", lease=-1.0)
    assert store.activity.gauges().expired == {"default": 2}


def test_the_version_of_a_report_changes_with_its_results(store: Store) -> None:
    before = store.activity.report_version(1)
    assert store.activity.report_version(1) == before
    assert store.activity.counted_version(store.activity.heads()[0], store.experiments.status(1)) == before
    examples.finish(store, store.jobs.claim([5], owner="f", lease=60.0), "f")
    assert store.activity.report_version(1) != before
    with pytest.raises(NotFound, match="no experiment 7"):
        store.activity.report_version(7)
