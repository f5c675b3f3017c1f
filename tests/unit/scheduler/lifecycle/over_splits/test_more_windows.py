"""More windows of a study: what is trained is reused, and what does not fit is answered by what does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.grid.grid import Grid
from scheduler.lifecycle.over_splits.more_windows import windows_of_study, with_windows
from scheduler.lifecycle.submission import record
from scheduler.lifecycle.top_up import add
from store import Experiment, Store, UsageError, open_store
from store.errors import GridError

GRID = """
name: sales
series: {path: sales.csv, time: month, value: sales}
test: 4
windows: {count: 2, step: 4}
repeats: 2
grid: {model.units: [1, 2]}
"""


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """An empty store."""
    with open_store(sqlite_url, create=True) as opened:
        yield opened


def values(folder: Path, more: int = 0) -> None:
    """Write 40 months."""
    rows = [f"20{20 + month // 12}-{month % 12 + 1:02d},{100 + month * 7 % 13 + more}" for month in range(40)]
    (folder / "sales.csv").write_text("month,sales\n" + "\n".join(rows))


@pytest.fixture
def study(store: Store, tmp_path: Path) -> Experiment:
    """Two configurations on two windows."""
    values(tmp_path)
    (tmp_path / "grid.yaml").write_text(GRID)
    return record(store, Grid.load(tmp_path / "grid.yaml")).experiment


def test_windows_that_there_are_are_reused(store: Store, study: Experiment) -> None:
    """With repeats that were added since; the study stays as it is."""
    add(store, study, {"units=2": 3})
    made = with_windows(store, study, 4)
    assert (made.new, made.reused) == (10, 10)
    assert made.experiment.name == "sales-2"
    assert windows_of_study(store.experiments.cells(made.experiment.id)) == 4
    assert windows_of_study(store.experiments.cells(study.id)) == 2
    again = with_windows(store, study, 4)
    assert (again.experiment.id, again.new) == (made.experiment.id, 0)


def test_a_series_that_is_too_short_is_answered_by_how_many_there_can_be(store: Store, study: Experiment) -> None:
    """And that number can be followed."""
    with pytest.raises(GridError, match=r"too short for 20 windows.*use --windows \d+$") as caught:
        with_windows(store, study, 20)
    found = re.search(r"--windows (\d+)$", str(caught.value))
    assert found is not None
    assert with_windows(store, study, int(found[1])).created


def test_fewer_windows_are_refused(store: Store, study: Experiment) -> None:
    """The number is that of all."""
    with pytest.raises(UsageError, match="sales has 2 windows already; --windows takes a larger number"):
        with_windows(store, study, 2)


def test_a_file_that_has_changed_is_another_study(store: Store, study: Experiment, tmp_path: Path) -> None:
    """Its windows would be of other values."""
    values(tmp_path, more=1)
    with pytest.raises(
        UsageError, match=r"other values than sales was trained on; train the grid on them: .*windows\.count=4"
    ):
        with_windows(store, study, 4)
