"""The windows of a series by which a configuration's errors are known."""

from __future__ import annotations

from scheduler.future.splits import newest_windows, splits_of, windows_by_newest
from store.experiments.cells import Cell


def cell(point: str, series: str, window: str = "") -> Cell:
    """Return a configuration on a split."""
    split = f"{series}{window}"
    label = f"{point} @ {split}"
    return Cell(label=label, point=point, split=split, all_splits="all", series_hash=series, series=series)


EARLIER, LATER, OTHER, FURTHER = (
    cell("path=x @ y", "a", ", window 1 of 2"),
    cell("path=x @ y", "a", ", window 2 of 2"),
    cell("path=x @ y", "b"),
    cell("path=x @ z", "a", ", window 2 of 2"),
)
CELLS = {one.label: one for one in (EARLIER, LATER, OTHER, FURTHER)}
ALONE = Cell(label="units=1", point="units=1", split="a", all_splits="a", series_hash="a", series="a")


def test_windows_of_the_same_series_are_found() -> None:
    """The earliest first; a series of the same values and another name is another one."""
    twin = Cell(label="w", point=LATER.point, split="c", all_splits="all", series_hash="a", series="c")
    found = windows_by_newest(CELLS | {"w": twin}, [LATER.label, OTHER.label])
    assert found == {LATER.label: [EARLIER.label, LATER.label], OTHER.label: [OTHER.label]}
    assert windows_by_newest({"units=1": ALONE}, ["units=1"]) == {"units=1": ["units=1"]}


def test_a_configuration_has_its_own_splits() -> None:
    """And not those of one whose name begins alike, whatever is in it; the last window of a series ends with it."""
    assert splits_of(CELLS, "path=x @ y") == [EARLIER, LATER, OTHER]
    assert newest_windows(splits_of(CELLS, "path=x @ y")) == [LATER.label, OTHER.label]
    assert splits_of({"units=1": ALONE}, "units=1") == []
