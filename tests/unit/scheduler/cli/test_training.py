"""Training from the command line."""

from __future__ import annotations

from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

import pytest

from scheduler import load_grid
from scheduler.cli import training
from scheduler.cli.training import DRAWING, REPORTING
from scheduler.lifecycle import aggregate, baseline_cache, interrupts
from scheduler.lifecycle.submission import record
from store import Settings, open_store
from tests.baselines import EndlessBaselines
from tests.examples import run_all

BROKER = "redis://somewhere/0"


@pytest.mark.parametrize("name", [*REPORTING, *DRAWING])
def test_what_is_loaded_while_workers_train_exists(name: str) -> None:
    """A module that was moved would be missed by nobody, and the report would come later."""
    assert find_spec(name)


def test_ctrl_c_during_the_baselines_of_a_cluster_leaves_them_out(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`submit --wait` tells their progress, summarises without them, and names the command that computes them."""
    monkeypatch.setattr(aggregate, "compute_ahead", lambda *_, **__: EndlessBaselines())
    monkeypatch.setattr(baseline_cache, "baselines", None)  # would fail if it were called
    monkeypatch.setattr(training, "sweep", lambda *_: 0)
    monkeypatch.setattr(training, "err", training.err.__class__(stderr=True, width=500))
    app: Any = SimpleNamespace(conf=SimpleNamespace(broker_url=BROKER))
    with open_store(sqlite_url) as store, interrupts.interruptible():
        made = record(store, load_grid({"name": "e", "series": "shampoo", "repeats": 2})).experiment
        run_all(store)
        training.await_results(store, app, [made])
        assert interrupts.was_answered()
        assert store.experiments.with_id(made.id).summarised_at is not None
        assert not len(store.results.baselines(made.id))
    said = capsys.readouterr().err
    assert "baselines: ARIMA, 40% done; Ctrl-C leaves them out" in said
    assert f"the report leaves the baselines out; `scheduler report e --store {sqlite_url}` computes them." in said


def test_run_again_computes_the_baselines_that_were_left_out(sqlite_url: str) -> None:
    """Nothing waits to be trained then, and the report would be without them."""
    with open_store(sqlite_url) as store:
        made = record(store, load_grid({"name": "e", "series": "shampoo", "repeats": 2})).experiment
        run_all(store)
        aggregate.aggregate_finished(store, baselines=False)
        assert not len(store.results.baselines(made.id))
        training.train_here(store, Settings.from_env(store=sqlite_url), [made], None)
        assert "persistence" in set(store.results.baselines(made.id)["baseline"])
