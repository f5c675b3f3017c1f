"""Series that are trained together, from their grid to summaries and views, on both databases."""

from __future__ import annotations

import pytest

from scheduler import load_grid
from scheduler.lifecycle.aggregate import aggregate
from scheduler.lifecycle.chosen import choose
from scheduler.lifecycle.exporting import Repeat
from scheduler.lifecycle.forecasting import Wish, ask
from scheduler.lifecycle.plan import plan_grid
from scheduler.lifecycle.submission import record
from scheduler.lifecycle.top_up import add
from scheduler.lifecycle.verifying.verify import verify
from store import NotFound, Store, UsageError
from store.jobs.owners import new_owner
from tests.contract.saved_results import query
from tests.contract.splits.test_stored_splits import FIELDS, TABLE, WINDOWS, train, trained

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


def test_repeats_are_added_and_known_ones_reused(store: Store) -> None:
    """With the packs of a larger grid."""
    made = trained(store, **TOGETHER)
    added = add(store, made, {"units=1": 5})
    assert (added.new, added.reused) == (4 * 2, 0)
    train(store)
    again = record(store, load_grid(FIELDS | TOGETHER | {"repeats": 5, "name": "more"}, series=TABLE))
    assert (again.new, again.reused) == (4 * 2, 4 * 8)


def test_no_model_is_taken_out(store: Store) -> None:
    """Exports and forecasts say what to do, also where one series alone is judged."""
    says = "has panel: together, whose model cannot be taken out of the store so far: name a configuration with"
    for number, fields in enumerate(({}, {"test_series": ["south"], "windows": None})):
        made = trained(store, **TOGETHER | fields, name=f"shops {number}".replace(" ", "-"), score="mase")
        with pytest.raises(UsageError, match=f"^shops-{number} {says}"):
            choose(store, made, None)
        with pytest.raises(UsageError, match=f"^shops-{number} {says}"):
            ask(store, made, Wish())


def test_of_a_study_of_both_only_what_is_trained_apart_is_taken_out(store: Store) -> None:
    """A configuration that is named would be trained on its own series alone, and give other numbers."""
    made = trained(store, series=TOGETHER["series"], grid={"panel": ["apart", "together"]})
    apart, together = (label for label, cell in store.experiments.cells(made.id).items() if "north" in cell.split)
    assert Repeat.of(store, made, apart, 0).label == apart
    with pytest.raises(UsageError, match="has panel: together, whose model cannot be taken out of the store so far"):
        Repeat.of(store, made, together, 0)


def test_a_plan_counts_trainings_as_packs() -> None:
    """All results of the repeats on a window are one."""
    plan = plan_grid(load_grid(FIELDS | TOGETHER, series=TABLE), "sqlite:///nothing-there.db", workers=2)
    assert (plan.jobs, plan.splits, plan.packs) == (2 * 4 * 3, 4, 2 * 2)
