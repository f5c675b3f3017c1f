"""Which configuration is taken where none is named: the best of the study, with its verdict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from scheduler.lifecycle.chosen import _why_none, are_together, choose
from scheduler.statistics import rounding
from scheduler.statistics.comparison import compare
from scheduler.statistics.outcomes import Standing
from store import NotFound, UsageError, open_store
from tests.examples import PROVENANCE, experiment, result, submit


def test_the_best_is_taken_with_the_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The only one need not be named either; a label is looked for."""
    monkeypatch.setattr(rounding, "with_rounding", lambda store, experiment, results: results)
    with open_store(f"sqlite:///{tmp_path / 'r.db'}", create=True) as store:
        two, one = submit(store).experiment, submit(store, experiment("one", ["units=1"])).experiment
        assert choose(store, one, None).label == "units=1"
        with pytest.raises(
            UsageError,
            match=r"^tune has 2 configurations, and none has a score that others can be compared with; "
            r"name one with --configuration: units=1; units=2$",
        ):
            choose(store, two, None)
        with pytest.raises(NotFound, match=r"^tune has no configuration 'unit=1'; did you mean units=1\?$"):
            choose(store, two, "unit=1")
        while jobs := store.jobs.claim_next(owner="host:1:a", lease=60, workers=1):
            saved = [result(job, 100.0 + job.repeat - 50 * ("units=2" in job.params)) for job in jobs]
            store.results.save(saved, owner="host:1:a", provenance=PROVENANCE)
        chosen = choose(store, two, None)
        assert chosen.label == "units=2"
        assert chosen.answer.startswith("units=2 is best: its mean is 50.0 lower than that of units=1")
        assert choose(store, two, "units=1").answer == ""


def test_splits_have_no_best() -> None:
    """They are not compared with each other."""
    rows = [
        {"configuration": label, "repeat": repeat, "seed": repeat, "state": "done", "diverged": False, "test_rmse": 1.0}
        for label in ("a", "b")
        for repeat in range(3)
    ]
    found = replace(compare(pd.DataFrame(rows)), standing=Standing.SEVERAL_SPLITS)
    assert _why_none(found) == "their splits are not compared with each other"


def test_configurations_that_are_trained_on_several_series_together() -> None:
    """An experiment is together where all of them are."""
    assert are_together(['{"panel":{}}'])
    assert not are_together(['{"panel":{}}', "{}"])
    assert not are_together([])
