"""Experiments are closed when their last job has ended, without holding up the training."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection

import pytest

from store import StoreUnreachable
from worker.delivery import closer as module
from worker.delivery.closer import Closer


class Experiments:
    """Stands for a store with one experiment, which ends with its job 9."""

    def __init__(self) -> None:
        self.experiments = self
        self.looks: list[set[int]] = []
        self.away = False
        self.looked = threading.Event()

    def close_if_done(self, *, having_jobs: Collection[int]) -> list[int]:
        """Note which jobs were asked about."""
        if self.away:
            raise StoreUnreachable("away")
        self.looks.append(set(having_jobs))
        self.looked.set()
        return [1] if 9 in having_jobs else []


@pytest.fixture
def store() -> Experiments:
    """A store that counts the looks."""
    return Experiments()


def test_the_first_pack_is_looked_at_without_waiting_for_another(store: Experiments) -> None:
    """Whoever waits for an experiment does not wait for the closer."""
    told: list[int] = []
    with Closer(store, told.extend) as closer:  # type: ignore[arg-type]
        closer.jobs_ended([9])
        assert store.looked.wait(60)
    assert (store.looks, told) == ([{9}], [1])


def test_short_packs_share_a_look(store: Experiments, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each job is asked about once, in far fewer looks than there are packs."""
    monkeypatch.setattr(module, "PAUSE", 0.2)
    told: list[int] = []
    with Closer(store, told.extend) as closer:  # type: ignore[arg-type]
        for job in range(20):
            closer.jobs_ended([job])
            time.sleep(0.001)
    assert sorted(job for look in store.looks for job in look) == list(range(20))
    assert len(store.looks) <= 4
    assert told == [1]


def test_nothing_is_asked_about_packs_that_saved_nothing(store: Experiments) -> None:
    """A pack that was lost to another worker says nothing about its experiment."""
    with Closer(store) as closer:  # type: ignore[arg-type]
        closer.jobs_ended([])
    assert store.looks == []


def test_a_store_that_was_away_is_asked_again(store: Experiments, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs that could not be asked about are asked about with the next ones."""
    monkeypatch.setattr(module, "RETRY_PAUSE", 0.05)
    told: list[int] = []
    store.away = True
    with Closer(store, told.extend) as closer:  # type: ignore[arg-type]
        closer.jobs_ended([9])
        time.sleep(0.02)
        closer.jobs_ended([3])
        store.away = False
        assert store.looked.wait(60)
    assert (store.looks, told) == ([{3, 9}], [1])


def test_a_store_that_stays_away_does_not_hold_up_the_end(store: Experiments, caplog: pytest.LogCaptureFixture) -> None:
    """It is asked once more, and whoever else looks will see."""
    store.away = True
    with Closer(store) as closer:  # type: ignore[arg-type]
        closer.jobs_ended([3])
        began = time.monotonic()
    assert time.monotonic() - began < 10
    assert "not checked yet" in caplog.text


def test_no_error_ends_the_looking(store: Experiments, caplog: pytest.LogCaptureFixture) -> None:
    """The thread serves the worker for its whole life; what went wrong is in the log with its traceback."""

    def tell(_: object) -> None:
        raise RuntimeError("no broker")

    with Closer(store, tell) as closer:  # type: ignore[arg-type]
        closer.jobs_ended([9])
        assert store.looked.wait(60)
        closer.jobs_ended([4])
    assert store.looks == [{9}, {4}]
    assert "RuntimeError: no broker" in caplog.text
