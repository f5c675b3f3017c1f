"""What the commands say of repeats that failed, were cancelled or wait."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.console import Console

from scheduler.cli.outcome import check_outcome
from scheduler.cli.status import as_record, show_status
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


def said(store: Store, one: Experiment, *, every: bool = False, width: int = 200) -> str:
    """Return what `scheduler status` prints."""
    console = Console(width=width, highlight=False)
    with console.capture() as capture:
        show_status(store, one, console, every=every)
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
    with pytest.raises(TrainingError, match=r"3 of 4 repeats of e failed: `scheduler status e .*` shows why"):
        check_outcome(store, [made])


def test_only_the_first_line_of_an_error_is_shown(store: Store, made: Experiment) -> None:
    """An error of a graph has kilobytes of nodes; JSON has them all."""
    graph = "UnimplementedError: Graph execution error:\n\nOnly 32-bit seeds\n" + "\n".join(
        f"[[{{{{node {job}}}}}]]" for job in range(300)
    )
    for job in (1, 2):
        fail(store, job, f"{graph} of lane {job}")
    shown = said(store, made)
    assert "repeat 0 and 1 more" in shown
    assert shown.count("UnimplementedError: Graph execution error: Only 32-bit seeds\n") == 1
    assert "node" not in shown
    assert as_record(store, made)["errors"][0]["error"].endswith("of lane 1")


def test_a_long_line_is_cut(store: Store, made: Experiment) -> None:
    """So that a screen shows several errors."""
    fail(store, 1, "ValueError: " + "x" * 5000)
    assert max(map(len, said(store, made, width=1000).splitlines())) < 500


def test_cancelled_repeats_end_with_an_error_and_are_not_retried(store: Store, made: Experiment) -> None:
    """They are continued, which is another command than trying failed ones again."""
    store.experiments.cancel(made.id)
    with pytest.raises(TrainingError, match=r"4 of 4 repeats of e were cancelled: `scheduler resume e .*` continues"):
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


def test_long_lists_are_cut(store: Store) -> None:
    """Configurations with failures come first; how many more there are is said, and how to see them."""
    many = submit(store, experiment("many", [f"units={n}" for n in range(1, 41)], repeats=1, max_attempts=1)).experiment
    for job in range(32, 40):
        fail(store, job, f"ValueError: {job}")
    shown = said(store, many)
    rows = [line for line in shown.splitlines() if line.startswith("units=")]
    assert len(rows) == 30
    assert [row.split()[0] for row in rows[:8]] == [f"units={number}" for number in range(32, 40)]
    assert "30 of 40 configurations" in shown
    assert "and 3 more errors. `--all` or `--format json` shows all" in shown
    whole = said(store, many, every=True)
    assert sum(line.startswith("units=") for line in whole.splitlines()) == 40
    assert "more" not in whole


def test_a_record_has_everything(store: Store, made: Experiment) -> None:
    """Each configuration, and each error with its repeats."""
    fail(store, 1, "ValueError: odd")
    record = as_record(store, made)
    assert (record["name"], record["repeats"], record["failed"], record["queued"]) == ("e", 4, 1, 3)
    (row,) = record["configurations"]
    assert row == {
        "configuration": "a",
        "queued": 3,
        "running": 0,
        "done": 0,
        "failed": 1,
        "cancelled": 0,
        "diverged": 0,
    }
    (error,) = record["errors"]
    assert error["error"] == "ValueError: odd"
    assert [one["repeat"] for one in error["repeats"]] == [0]
