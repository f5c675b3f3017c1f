"""Series that are trained together, from their grid to summaries and views, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from scheduler import load_grid
from scheduler.future.panel import each_future
from scheduler.lifecycle.aggregate import aggregate
from scheduler.lifecycle.exporting import Trained
from scheduler.lifecycle.forecasting import Wish, ask, forecast_of, write_future
from scheduler.lifecycle.over_splits.model_series import files_of
from scheduler.lifecycle.plan import plan_grid
from scheduler.lifecycle.submission import record
from scheduler.lifecycle.top_up import add
from scheduler.lifecycle.verifying.verify import verify
from store import NotFound, Store
from store.jobs.owners import new_owner
from store.preparation.panels import Together
from tests import standin
from tests.contract.saved_results import query
from tests.contract.splits.test_stored_splits import FIELDS, TABLE, WINDOWS, train, trained
from tests.examples import PROVENANCE
from worker.delivery.pack import series_of
from worker.lane import Lane

TOGETHER = {"series": {"value": ["north", "south"]}, "panel": "together", "windows": WINDOWS}


def test_a_pack_has_all_results_whoever_asks(store: Store) -> None:
    """It is not cut for more workers, and when it fails both halves are tried again."""
    record(store, load_grid(FIELDS | TOGETHER, series=TABLE))
    owner = new_owner("worker")
    jobs = store.jobs.claim_next(owner=owner, lease=60.0, workers=4)
    assert len(jobs) == 2 * 3
    assert len({job.program for job in jobs}) == 1
    store.jobs.fail([job.id for job in jobs], owner=owner, error="too large", traceback="")
    packs = []
    while more := store.jobs.claim_next(owner=owner, lease=60.0, workers=1):
        packs.append(len(more))
    assert sorted(packs) == [3, 3, 6, 6, 6]


def test_panels_are_stored_and_found(store: Store, store_url: str) -> None:
    """By their content, with the series as the grid has them; what is stored is verified."""
    grid = load_grid(FIELDS | TOGETHER, series=TABLE)
    made = trained(store, **TOGETHER)
    ((content, _),) = grid.panels.items()
    assert [one.series.targets for one in store.panels.get(content)] == [("north",), ("south",)]
    with pytest.raises(NotFound, match="No panel with the content hash 'nothing'"):
        store.panels.get("nothing")
    assert aggregate(store, made.id, baselines=False)
    found = verify(store, store.experiments.with_id(made.id), sample=0, say=lambda _: None)
    assert found.faults == []
    assert not record(store, grid).created
    named = query(store_url, "SELECT DISTINCT parameter, value FROM parameters WHERE parameter = 'panel'")
    assert named == [("panel", "together")]


def test_series_are_stored_in_one_order(store: Store) -> None:
    """Whatever that of the grid is, so that no two processes wait for each other; a repetition changes nothing."""
    series = list(load_grid(FIELDS | TOGETHER, series=TABLE).series_data())
    hashes: list[str] = []

    @event.listens_for(store.database.engine, "before_cursor_execute")
    def note(connection: object, cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("INSERT INTO series"):
            each = parameters if isinstance(parameters, list) else [parameters]
            hashes.extend((one["content_hash"] if isinstance(one, dict) else one[0]) for one in each)

    ordered = sorted(one.content_hash for one in series)
    for given in (series, series[::-1]):
        store.series.put(*given)
    assert hashes == ordered * 2
    assert set(store.series.times(ordered)) == set(ordered)


def test_repeats_are_added_and_known_ones_reused(store: Store) -> None:
    """With the packs of a larger grid."""
    made = trained(store, **TOGETHER)
    added = add(store, made, {"units=1": 5})
    assert (added.new, added.reused) == (4 * 2, 0)
    train(store)
    again = record(store, load_grid(FIELDS | TOGETHER | {"repeats": 5, "name": "more"}, series=TABLE))
    assert (again.new, again.reused) == (4 * 2, 4 * 8)


def test_the_model_of_all_series_is_found(store: Store) -> None:
    """By the name of its configuration, or of that on a series; that of the last window unless another one is named."""
    made = trained(store, series=TOGETHER["series"], windows=WINDOWS, grid={"panel": ["apart", "together"]})
    newest = ["panel=together @ north, window 2 of 2", "panel=together @ south, window 2 of 2"]
    for label in ("panel=together", newest[1]):
        found = Trained.of(store, made, label)
        assert list(found.named.items()) == [*zip(("north", "south"), newest, strict=True)]
        assert isinstance(found.series, Together)
        stored = found.repeat(1).stored
        assert {name: one.shape for name, one in stored.items()} == {"north": (4, 1, 1), "south": (4, 1, 1)}
    earlier = Trained.of(store, made, "panel=together @ north, window 1 of 2")
    assert list(earlier.named.values()) == [one.replace("window 2", "window 1") for one in newest]
    assert [*Trained.of(store, made, "panel=apart @ south, window 2 of 2").named] == ["south"]
    files = files_of(made, found.params, found.series)
    assert {name: (one["ids"], one["keep"]) for name, one in files.items()} == {
        "north": ((), None),
        "south": ((), None),
    }


def test_one_model_is_trained_for_the_forecast_of_all_series(store: Store) -> None:
    """Those that are held out stay so, and are forecast; jobs are as many as series and repeats, and reused."""
    for number, (fields, note) in enumerate((({}, "each"), ({"test_series": ["south"]}, "not on this one, which is"))):
        made = trained(store, **TOGETHER | fields | {"windows": None, "grid": {}, "name": f"shops-{number}"})
        wish = Wish(steps=3)
        asked = ask(store, made, wish)
        names = ["south"] if fields else ["north", "south"]
        assert asked.submitted.new == 2 * 3 * len(names)  # with those from the test rows, for intervals
        owner = new_owner("worker")
        while jobs := store.jobs.claim_next(owner=owner, lease=60.0, workers=1):
            assert len({job.program for job in jobs}) == 1
            together = series_of(store, jobs, [Lane.of(job) for job in jobs])
            assert isinstance(together, Together)
            assert [one.trained for one in together.members] == [True, not fields]
            assert [one.forecast for one in together.members] == [not fields, True]
            results = [standin.result(Lane.of(job)) for job in jobs]
            store.results.save(results, owner=owner, provenance=PROVENANCE)
        assert write_future(store, asked.submitted.experiment.id)
        found = forecast_of(store, asked, None)
        assert [one.series.name for one in each_future(found)] == names
        assert f"one model, trained on all rows of {len(names) if not fields else 1} series" in " ".join(found.notes)
        assert note in " ".join(found.notes)
        assert len(found.frame) == 3 * len(names)
        assert ask(store, made, wish).submitted.reused == 2 * 3 * len(names)


def test_a_plan_counts_trainings_as_packs() -> None:
    """All results of the repeats on a window are one."""
    plan = plan_grid(load_grid(FIELDS | TOGETHER, series=TABLE), "sqlite:///nothing-there.db", workers=2)
    assert (plan.jobs, plan.splits, plan.packs) == (2 * 4 * 3, 4, 2 * 2)
