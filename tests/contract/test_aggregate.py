"""Aggregation while others add repeats, and of stores that older versions left outdated, on SQLite and on Postgres."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import update

from scheduler import load_grid
from scheduler.lifecycle import baseline_cache
from scheduler.lifecycle.aggregate import aggregate, aggregate_finished
from scheduler.lifecycle.baseline_cache import complete, computing_alone
from scheduler.lifecycle.submission import record
from scheduler.lifecycle.top_up import add
from scheduler.statistics import summary
from store import Experiment, Store, open_store
from store.database.tables import summary_rows
from store.errors import StoreUnreachable
from tests.examples import PROVENANCE, result, run_all

BASE = {"name": "made", "series": "shampoo", "test": 12, "repeats": 3, "training": {"epochs": 2}}


@pytest.fixture
def trained(store: Store) -> Experiment:
    """An experiment of two configurations, three repeats each, that is done and not aggregated."""
    fields = {"grid": {"training.epochs": [2, 3]}}
    experiment = record(store, load_grid(BASE | fields)).experiment
    run_all(store)
    store.experiments.close_if_done()
    return experiment


def add_repeats(store: Store, experiment: Experiment) -> None:
    """Train five repeats of each configuration, and close the experiment."""
    add(store, experiment, dict.fromkeys(store.experiments.parameters(experiment.id), 5))
    run_all(store)
    store.experiments.close_if_done()


def counts(store: Store, experiment: Experiment) -> tuple[list[int], set[int]]:
    """Return of how many repeats the stored summaries and comparisons are."""
    pairs = store.results.comparisons(experiment.id)
    return store.results.summaries(experiment.id)["count"].tolist(), {*pairs["repeats_a"], *pairs["repeats_b"]}


class TestAggregate:
    """`aggregate` and `aggregate_finished`."""

    def test_one_that_read_early_does_not_overwrite(
        self, store: Store, trained: Experiment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Repeats are added and aggregated between its reading and its writing: those summaries stay."""
        summarise, seen = summary.summarise, []

        def overtaken(results: pd.DataFrame, score: str) -> pd.DataFrame:
            seen.append(len(results))
            if len(seen) == 1:
                add_repeats(store, trained)
                assert aggregate(store, trained.id)
                assert counts(store, trained) == ([5, 5], {5})
            return summarise(results, score)

        monkeypatch.setattr(summary, "summarise", overtaken)
        assert aggregate(store, trained.id)
        assert seen == [6, 10, 10]  # the second is the other aggregator; the third is the first one's new attempt
        assert counts(store, trained) == ([5, 5], {5})
        assert store.experiments.unsummarised() == []

    def test_one_that_runs_again_is_left_to_who_finishes_it(
        self, store: Store, trained: Experiment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What was computed before repeats were added is not written, and the next sweep aggregates all of them."""
        summarise = summary.summarise

        def overtaken(results: pd.DataFrame, score: str) -> pd.DataFrame:
            add(store, trained, dict.fromkeys(store.experiments.parameters(trained.id), 5))
            return summarise(results, score)

        monkeypatch.setattr(summary, "summarise", overtaken)
        assert aggregate_finished(store) == []
        assert store.results.summaries(trained.id).empty
        assert store.results.comparisons(trained.id).empty
        monkeypatch.undo()
        run_all(store)
        assert aggregate_finished(store) == [trained.id]
        assert counts(store, trained) == ([5, 5], {5})

    def test_outdated_summaries_are_repaired(self, store: Store, trained: Experiment) -> None:
        """Summaries that count other results than there are were written too late: the sweep computes them again."""
        assert aggregate_finished(store) == [trained.id]
        assert aggregate_finished(store) == []
        with store.database.write() as connection:
            connection.execute(update(summary_rows).values(count=2))
        assert store.experiments.unsummarised() == [trained.id]
        assert aggregate_finished(store) == [trained.id]
        assert counts(store, trained) == ([3, 3], {3})
        assert aggregate_finished(store) == []

    def test_baselines_left_out_are_computed_later(self, store: Store, trained: Experiment) -> None:
        """Without them the summaries are written all the same; `complete` computes them, once."""
        assert aggregate_finished(store, baselines=False) == [trained.id]
        assert store.results.baselines(trained.id).empty
        assert not store.results.summaries(trained.id).empty
        told: list[str] = []
        complete(store, trained.id, lambda name, share: told.append(name))
        assert {"persistence", "seasonal ETS (12)"} <= set(store.results.baselines(trained.id)["baseline"])
        assert "seasonal naive (12)" in told
        told.clear()
        complete(store, trained.id, lambda name, share: told.append(name))
        assert told == []

    def test_two_at_once_compute_baselines_once(
        self, store: Store, trained: Experiment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The second one waits for the first one's, and writes its conclusions with them."""
        asked, computed = [], baseline_cache._computed

        def slowly(*given: Any) -> Iterator[tuple[str, pd.DataFrame]]:
            asked.append(list(given[1]))
            time.sleep(0.3)
            return computed(*given)

        def work() -> bool:
            with open_store(store.address) as own:
                return aggregate(own, trained.id)

        monkeypatch.setattr(baseline_cache, "_computed", slowly)
        monkeypatch.setattr(baseline_cache, "PAUSE", 0.05)
        with ThreadPoolExecutor(2) as both:
            assert [one.result() for one in [both.submit(work), both.submit(work)]] == [True, True]
        assert len(asked) == 1
        assert {"persistence", "seasonal ETS (12)"} <= set(store.results.baselines(trained.id)["baseline"])

    def test_baselines_of_a_store_that_can_only_be_read(
        self, store: Store, trained: Experiment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """They are computed for whoever asks, though nobody else gets them."""

        def refuse(*_: Any) -> None:
            raise StoreUnreachable("It is read-only.")

        monkeypatch.setattr(store.results, "write_baselines", refuse)
        assert "persistence" in set(baseline_cache.baselines(store, trained.id)["baseline"])
        with pytest.raises(StoreUnreachable):
            complete(store, trained.id, lambda name, share: None)

    def test_nobody_waits_for_one_that_is_stopped(
        self, store: Store, trained: Experiment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whoever computes the same baselines, and stores none for long, is not waited for."""
        monkeypatch.setattr(baseline_cache, "PAUSE", 0.01)
        monkeypatch.setattr(baseline_cache, "PATIENCE", 0.05)
        told: list[str] = []
        with computing_alone(store, list(baseline_cache._asked(store, trained.id)), lambda name, share: None):
            complete(store, trained.id, lambda name, share: told.append(name))
        assert told[0] == "another process computes them"
        assert "seasonal ETS (12)" in set(store.results.baselines(trained.id)["baseline"])

    def test_diverged_and_failed_repeats_are_no_reason_to_repeat_it(self, store: Store) -> None:
        """They are counted as the summaries count them."""
        experiment = record(store, load_grid(BASE | {"repeats": 4, "max_attempts": 1})).experiment
        jobs = store.jobs.claim_next(owner="o", lease=60, workers=1)
        saved = [result(jobs[0]), result(jobs[1], diverged=True)]
        store.results.save(saved, owner="o", provenance=PROVENANCE)
        store.jobs.fail([job.id for job in jobs[2:]], owner="o", error="bad", traceback="")
        while again := store.jobs.claim_next(owner="o", lease=60, workers=1):
            store.jobs.fail([job.id for job in again], owner="o", error="bad", traceback="")
        assert aggregate_finished(store) == [experiment.id]
        assert store.results.summaries(experiment.id)[["count", "diverged"]].to_numpy().tolist() == [[1, 1]]
        assert store.experiments.unsummarised() == []
