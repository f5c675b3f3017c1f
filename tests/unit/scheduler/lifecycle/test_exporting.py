"""Finding the repeat that is exported, and what offers its model: one line where there is none."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from scheduler.lifecycle import exporting
from scheduler.lifecycle.exporting import GROUP, Repeat, _others, export_median, export_repeats
from scheduler.lifecycle.over_splits.exporting import folders
from store import NotFound, UsageError, open_store
from tests.examples import experiment, submit

PROJECT = Path(__file__).parents[4] / "pyproject.toml"


def test_a_repeat_without_a_result(tmp_path: Path) -> None:
    """The repeats that have one are named."""
    with open_store(f"sqlite:///{tmp_path / 'r.db'}", create=True) as store:
        one = submit(store, experiment("one", ["units=1"])).experiment
        with pytest.raises(NotFound, match=r"^units=1 of one has no result of a repeat 0$"):
            Repeat.of(store, one, None, 0)
        with pytest.raises(NotFound, match=r"^units=1 of one has no repeat that forecasts anything yet$"):
            next(export_repeats(store, one, None, None, tmp_path))
        with pytest.raises(NotFound, match=r"^units=1 of one has no repeat that forecasts anything yet$"):
            export_median(store, one, None, tmp_path)
    assert _others([1, 4]) == "; repeats to take: 1, 4"
    assert _others(list(range(9))) == "; repeats to take: 0, 1, 2, 3, 4, 5, ..."


def test_what_is_offered_is_in_the_package() -> None:
    """The names of the entry points lead to functions that are there; no module is loaded that is not asked for."""
    points = tomllib.loads(PROJECT.read_text())["project"]["entry-points"][GROUP]
    assert set(points) == {"model", "export"}
    for target in points.values():
        module, _, name = target.partition(":")
        assert callable(getattr(import_module(module), name))


def test_without_the_workers_package_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the project was updated and not installed again."""
    monkeypatch.setattr(exporting, "entry_points", lambda **_: ())
    with pytest.raises(UsageError, match="make setup"):
        exporting._offered("model")


def test_series_have_folders_that_file_systems_take() -> None:
    """Names that differ in nothing else, or in case alone, are numbered."""
    found = folders({"1": "Shop A/B", "2": "shop a b", "3": "Ö", "4": "..", "5": "shop-a-b-2"})
    assert list(found.values()) == ["Shop-A-B", "shop-a-b-2", "Ö", "series", "shop-a-b-2-2"]
