"""What the commands say of repeats that failed, were cancelled or wait."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.console import Console

from scheduler.cli.commands import check_outcome
from scheduler.cli.status import show_status
from store import Experiment, Store, TrainingError, open_store
from tests.examples import experiment, run_all, submit


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """An open store."""
    with open_store(sqlite_url) as opened:
        yield opened


@pytest.fixture
def made(store: Store) -> Experiment:
    """An experiment of four waiting repeats, each with one attempt."""
    return submit(store, experiment("e", ["a"], repeats=4, max_attempts=1)).experiment


def said(store: Store, one: Experiment) -> str:
    """Return what `scheduler status` prints."""
    console = Console(width=200, highlight=False)
    with console.capture() as capture:
        show_status(store, one, console)
    return capture.get()


def fail(store: Store, job: int, error: str) -> None:
    """Use up a job's only attempt."""
    store.jobs.claim([job], owner="host:1:x", lease=60)
    store.jobs.fail([job], owner="host:1:x", error=error, traceback="")


def test_a_whole_experiment_is_a_success(store: Store, made: Experiment) -> None:
    """Nothing is raised, and no next step is asked for."""
    run_all(store)
    check_outcome(store, [made])
    assert "Next:" not in said(store, store.experiments.with_id(made.id))


def test_failures_are_told_once_a_reason_and_end_with_an_error(store: Store, made: Experiment) -> None:
    """The most frequent reason is first; the next step is to try again."""
    for job, error in ((1, "ValueError: odd"), (2, "MemoryError: large"), (3, "MemoryError: large")):
        fail(store, job, error)
    shown = said(store, made)
    assert shown.index("MemoryError: large") < shown.index("ValueError: odd")
    assert shown.count("MemoryError") == 1
    assert "repeat 1 and 1 more" in shown
    assert "scheduler retry e" in shown
    with pytest.raises(TrainingError, match="3 of 4 repeats of e failed: `scheduler status e` says why"):
        check_outcome(store, [made])


def test_cancelled_repeats_end_with_an_error_and_are_not_retried(store: Store, made: Experiment) -> None:
    """They are continued, which is another command than trying failed ones again."""
    store.experiments.cancel(made.id)
    with pytest.raises(TrainingError, match="4 of 4 repeats of e were cancelled: `scheduler resume e` continues"):
        check_outcome(store, [made])
    assert "cancelled, 0 of 4 repeats done" in said(store, store.experiments.with_id(made.id))
    assert store.experiments.retry(made.id) == []
    assert store.experiments.reopen(made.id)


def test_an_experiment_that_nobody_trains_waits(store: Store, made: Experiment) -> None:
    """As after Ctrl-C: it is not said to run, and how to go on is."""
    shown = said(store, made)
    assert "e: waiting, 0 of 4 repeats done" in shown
    assert "scheduler resume e" in shown
    store.jobs.claim([1], owner="o", lease=60)
    assert "e: running, 0 of 4 repeats done" in said(store, made)
