"""Two experiments as one report, split by split."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from scheduler import load_grid
from scheduler.lifecycle.submission import record
from scheduler.report.formats import verdicts
from scheduler.report.gather_both import gather_both
from scheduler.statistics.outcomes import BeyondRows
from store import Experiment, Forecasts, Result, Store, open_store
from tests.examples import PROVENANCE

BASE: dict[str, Any] = {"series": "shampoo", "repeats": 8, "training": {"epochs": 2}, "prepare": {"pad": True}}


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """An empty store."""
    with open_store(sqlite_url, create=True) as opened:
        yield opened


def finished(store: Store, name: str, tests: list[int], units: int, off: float, repeats: int = 8) -> Experiment:
    """Record a grid on several test parts and end each repeat with forecasts that are off by about the same."""
    grid = {**BASE, "name": name, "model": {"units": units}, "test": tests[0], "repeats": repeats}
    grid |= {"grid": {"test": tests}} if len(tests) > 1 else {}
    submitted = record(store, load_grid(grid)).experiment
    series = store.series.get(store.experiments.series_hashes(submitted.id)[0]).values
    while jobs := store.jobs.claim_next(owner="w", lease=60, workers=1):
        store.results.save([_result(job, series, off) for job in jobs], owner="w", provenance=PROVENANCE)
    from scheduler.lifecycle.baseline_cache import baselines

    found = baselines(store, submitted.id)
    store.results.write_baselines(submitted.id, found)
    return submitted


def _result(job: Any, series: np.ndarray[Any, Any], off: float) -> Result:
    test = json.loads(job.params).get("test", 12)
    observed = series[-test:].reshape(test, 1, 1)
    error = off * np.where(np.arange(test) % 2, 1.0, -0.9).reshape(test, 1, 1)
    return Result(
        job_id=job.id,
        train_rmse=off,
        test_rmse=off + job.seed % 97 / 97,
        diverged=False,
        seconds=0.1,
        trajectory=None,
        forecasts=Forecasts(observed=observed, forecast=observed + error),
    )


def test_splits_of_both_are_compared_each_by_itself(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the baselines of each, beyond the rows too, and what only one has is named."""
    from scheduler.statistics.baselines import makers

    monkeypatch.setattr(makers, "models", lambda _seasons: {})
    one = finished(store, "one", [12, 6, 4], 1, 5.0)
    two = finished(store, "two", [12, 6], 2, 20.0)
    found = gather_both(store, one, two)
    assert [part.split for part in found.parts] == ["shampoo, last 12 rows", "shampoo, last 6 rows"]
    for part, beyond in zip(found.parts, (BeyondRows.MORE_ACCURATE, BeyondRows.TOO_FEW_ROWS), strict=True):
        assert part.comparisons is not None
        assert part.against is not None
        assert len(part.comparisons) == 1
        best = part.against.iloc[0]
        assert (best["outcome"], best["beyond"]) == ("beats", beyond)
        assert part.answer is not None
        assert ("Beyond these rows" in part.answer) == (beyond is BeyondRows.MORE_ACCURATE)
    assert "one also has shampoo, last 4 rows" in found.notes[0]
    assert "## shampoo, last 6 rows" in verdicts.as_markdown(found)


def test_the_ensemble_of_what_both_have_is_of_the_most_repeats(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As its scores are: a configuration with the same repeats is there once."""
    from scheduler.statistics.baselines import makers

    monkeypatch.setattr(makers, "models", lambda _seasons: {})
    found = gather_both(store, finished(store, "few", [12], 1, 5.0), finished(store, "many", [12], 1, 5.0, repeats=10))
    assert found.ensembles is not None
    assert found.ensembles["repeats"].tolist() == [10, 10, 10]
    assert len(found.results) == 10
